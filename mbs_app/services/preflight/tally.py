"""Every text of a campaign counted as it goes by; nothing of it is kept but sums and a few examples."""

from __future__ import annotations

from collections import Counter

from mbs_app.domain.merge import Rendered, Template
from mbs_app.domain.names import field_label
from mbs_app.domain.segments import Measure, measure, unicode_letters
from mbs_app.domain.vocabulary import SkipReason
from mbs_app.queries.recipients import Recipient
from mbs_app.services.preflight.facts import BlankField, Letter, SampleText, SegmentLine
from mbs_app.services.preflight.histogram import Cost

LONGEST_TEXT = 1600
"""Characters that Twilio takes in one text (error 21617)."""

MOST_LETTERS = 12
TEXTS_TO_READ = 3


class Tally:
    """Counts one person after another. Sums by length and letter are bounded by what a text can hold."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.will_get = 0
        self.left_out: Counter[str] = Counter()
        self.total_segments = 0
        self.unicode_people = 0
        self.too_long = 0
        self.lengths: Counter[tuple[int, Cost]] = Counter()
        self._segments: Counter[tuple[int, bool]] = Counter()
        self._letters: Counter[str] = Counter()
        self._blanks: Counter[str] = Counter()
        self._own_letters = unicode_letters(
            "".join(part for part in template.parts if isinstance(part, str))
        )
        self._examples: dict[str, tuple[Recipient, Rendered, Measure]] = {}

    def add(self, person: Recipient) -> None:
        """Count one person; those left out only by their reason."""
        if person.skip_reason is not None:
            self.left_out[person.skip_reason] += 1
            return
        rendered = self.template.render(person.values())
        if not rendered.text.strip():
            self.left_out[SkipReason.EMPTY_TEXT.value] += 1
            return
        self.will_get += 1
        measured = measure(rendered.text)
        in_unicode = measured.encoding == "UCS-2"
        self.total_segments += measured.segments
        self._segments[measured.segments, in_unicode] += 1
        self.lengths[measured.units, _cost(measured)] += 1
        if measured.characters > LONGEST_TEXT:
            self.too_long += 1
        if in_unicode:
            self.unicode_people += 1
            self._letters.update(measured.unicode_letters)
        if rendered.blanks or rendered.fallbacks_used:
            self._blanks.update({*rendered.blanks, *rendered.fallbacks_used})
        self._remember(person, rendered, measured)

    def segment_lines(self) -> tuple[SegmentLine, ...]:
        """By number of segments, the fewest first."""
        numbers = sorted({segments for segments, _ in self._segments})
        return tuple(
            SegmentLine(
                number,
                self._segments[number, False] + self._segments[number, True],
                self._segments[number, True],
            )
            for number in numbers
        )

    def letters(self) -> tuple[Letter, ...]:
        """The letters that force Unicode, those of the message first, then by how many texts have them."""
        counted = sorted(
            self._letters.items(),
            key=lambda one: (one[0] not in self._own_letters, -one[1], one[0]),
        )
        return tuple(
            Letter(letter, people, letter in self._own_letters)
            for letter, people in counted[:MOST_LETTERS]
        )

    def blank_fields(self) -> tuple[BlankField, ...]:
        """The fields that are empty for somebody, the most frequent first."""
        fallbacks: dict[str, str | None] = {}
        for mark in self.template.marks:
            if fallbacks.get(mark.name) is None:
                fallbacks[mark.name] = mark.fallback
        return tuple(
            BlankField(name, field_label(name), fallbacks.get(name), people)
            for name, people in self._blanks.most_common()
        )

    def samples(self) -> tuple[SampleText, ...]:
        """Up to three different texts worth reading, the most telling kinds first."""
        chosen: list[SampleText] = []
        seen: set[object] = set()
        for kind in ("longest", "blank", "unicode", "shortest", "typical"):
            found = self._examples.get(kind)
            if found is None or found[0].phone in seen:
                continue
            seen.add(found[0].phone)
            chosen.append(as_sample(kind, *found))
        return tuple(chosen[:TEXTS_TO_READ])

    def _remember(self, person: Recipient, rendered: Rendered, measured: Measure) -> None:
        found = (person, rendered, measured)
        examples = self._examples
        if "longest" not in examples or _size(measured) > _size(examples["longest"][2]):
            examples["longest"] = found
        if "shortest" not in examples or _size(measured) < _size(examples["shortest"][2]):
            examples["shortest"] = found
        if "typical" not in examples and not rendered.blanks and not rendered.fallbacks_used:
            examples["typical"] = found
        oddness = _oddness(rendered)
        if oddness and ("blank" not in examples or oddness > _oddness(examples["blank"][1])):
            examples["blank"] = found
        if measured.encoding == "UCS-2" and any(
            letter not in self._own_letters for letter in measured.unicode_letters
        ):
            examples.setdefault("unicode", found)


def _oddness(rendered: Rendered) -> int:
    """How much a text with blank fields needs to be read: a gap in it most, then a missing first name."""
    if rendered.blanks:
        return 4 if "first_name" in rendered.blanks else 3
    if "first_name" in rendered.fallbacks_used:
        return 2
    return 1 if rendered.fallbacks_used else 0


def as_sample(kind: str, person: Recipient, rendered: Rendered, measured: Measure) -> SampleText:
    return SampleText(
        kind=kind,
        customer_id=person.customer_id,
        name=person.name,
        text=rendered.text,
        filled=rendered.filled,
        units=measured.units,
        segments=measured.segments,
        encoding=measured.encoding,
    )


def _cost(measured: Measure) -> Cost:
    if measured.encoding == "UCS-2":
        return "unicode"
    return "one" if measured.segments <= 1 else "more"


def _size(measured: Measure) -> tuple[int, int]:
    return measured.segments, measured.units
