"""What the composer shows of a text: filled in for one person, measured, and compared over a sample.

Pure functions of the text and a few hundred people, cheap enough to run while somebody types.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mbs_app.domain import merge, plain_letters
from mbs_app.domain.merge import Rendered
from mbs_app.domain.names import field_label
from mbs_app.domain.opt_out_line import says_how_to_opt_out
from mbs_app.domain.segments import (
    GSM7_JOINED,
    GSM7_SINGLE,
    UCS2_JOINED,
    UCS2_SINGLE,
    Measure,
    measure,
    unicode_letters,
)
from mbs_app.queries.recipients import Recipient
from mbs_app.services.templates import SAMPLE_VALUES
from mbs_app.ui.components.phone import TextPart, parts_of
from mbs_app.ui.components.segment_meter import MeterShape, meter_shape

KINDS = ("typical", "shortest", "longest", "no_name", "person")
# A fallback that reads well without knowing the business; for the others the writer knows better.
FALLBACKS: Mapping[str, str] = {"first_name": "there", "full_name": "there"}
MADE_UP_NAME, MADE_UP_PLACE = "Rosa Delgado", "made-up values"


@dataclass(frozen=True, slots=True)
class Hint:
    """A line under the editor. ``kind`` says which button it has: opt_out, plain, fallback or none."""

    kind: str
    words: str
    field: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything about the text that changes with a key press."""

    person_id: str
    person_name: str
    person_place: str
    parts: list[TextPart]
    meter: MeterShape
    units_words: str
    room_words: str
    segments_words: str
    share_words: str
    encoding_words: str
    needs_unicode: bool
    error: str
    hints: list[Hint]
    has_no_name: bool
    segments: int
    mean_segments: float
    fewest_segments: int
    most_segments: int


class _Text(NamedTuple):
    person: Recipient | None
    rendered: Rendered
    measured: Measure


def draw(
    body: str,
    people: Sequence[Recipient],
    *,
    known: Sequence[str],
    kind: str = "typical",
    person_id: str = "",
) -> Drawing:
    """The text ``body`` over ``people``; a made-up person stands in where there is nobody.

    ``kind`` and ``person_id`` say for whom it is filled in: see ``KINDS``.
    """
    template = merge.parse(body)
    texts = [_text(template, person) for person in people]
    by_length = sorted(texts or [_made_up(template)], key=_length)
    nameless = [text for text in by_length if text.person and not text.person.first_name.strip()]
    shown = _choose(by_length, nameless, kind, person_id)
    alike = [text for text in by_length if text.measured.encoding == shown.measured.encoding]
    segments = Counter(text.measured.segments for text in by_length)
    in_unicode = shown.measured.encoding == "UCS-2"
    problems = template.problems(known) if body.strip() else []
    return Drawing(
        person_id=str(shown.person.customer_id) if shown.person else "",
        person_name=shown.person.name if shown.person else MADE_UP_NAME,
        person_place=_place(shown.person),
        parts=parts_of(shown.rendered.text, shown.rendered.filled),
        meter=meter_shape(
            shown.measured.units,
            shortest=alike[0].measured.units,
            longest=alike[-1].measured.units,
            single=UCS2_SINGLE if in_unicode else GSM7_SINGLE,
            joined=UCS2_JOINED if in_unicode else GSM7_JOINED,
        ),
        units_words=f"{shown.measured.units:,}",
        room_words=f" of {shown.measured.room:,} characters for {_first_name(shown)}",
        segments_words=_counted(shown.measured.segments, "segment"),
        share_words=_shares(segments, exact=bool(texts)),
        encoding_words="Unicode, UCS-2" if in_unicode else "Plain text, GSM-7",
        needs_unicode=in_unicode,
        error=problems[0] if problems else "",
        hints=_hints(body, template, texts, known) if body.strip() else [],
        has_no_name=bool(nameless),
        segments=shown.measured.segments,
        mean_segments=sum(n * count for n, count in segments.items()) / segments.total(),
        fewest_segments=min(segments),
        most_segments=max(segments),
    )


def with_fallback(body: str, field: str) -> str:
    """``body`` with a fallback at every ``{field}`` that has none, where we know a good word."""
    word = FALLBACKS.get(field)
    if word is None:
        return body
    template = merge.parse(body)
    written = template.source
    for mark in reversed(template.marks):
        if mark.name == field and mark.fallback is None:
            inside = written[mark.start + 1 : mark.end - 1]
            written = f"{written[: mark.start]}{{{inside}|{word}}}{written[mark.end :]}"
    return written


def _text(template: merge.Template, person: Recipient) -> _Text:
    rendered = template.render(person.values())
    return _Text(person, rendered, measure(rendered.text))


def _made_up(template: merge.Template) -> _Text:
    rendered = template.render(SAMPLE_VALUES)
    return _Text(None, rendered, measure(rendered.text))


def _length(text: _Text) -> tuple[int, int]:
    return text.measured.segments, text.measured.units


def _choose(
    by_length: Sequence[_Text], nameless: Sequence[_Text], kind: str, person_id: str
) -> _Text:
    if kind == "person":
        for text in by_length:
            if text.person and str(text.person.customer_id) == person_id:
                return text
    if kind == "no_name" and nameless:
        return nameless[0]
    if kind == "shortest":
        return by_length[0]
    if kind == "longest":
        return by_length[-1]
    # Somebody whose fields are filled in: a gap is not what is typical.
    whole = [one for one in by_length if not one.rendered.blanks]
    named = [one for one in whole if one.person is None or one.person.first_name.strip()]
    middle = named or whole or by_length
    return middle[len(middle) // 2]


def _first_name(text: _Text) -> str:
    if text.person is None:
        return MADE_UP_NAME.split()[0]
    return text.person.first_name.strip() or text.person.name


def _place(person: Recipient | None) -> str:
    if person is None:
        return MADE_UP_PLACE
    return ", ".join(part for part in (person.city, person.state) if part)


def _shares(segments: Counter[int], *, exact: bool) -> str:
    """ "87% of people get 1 segment, 13% get 2 or 3"."""
    if not exact:
        return ""
    total = segments.total()
    first, *rest = sorted(segments)
    if not rest:
        return f"Everyone gets {_counted(first, 'segment')}" if first else ""
    share = min(99, max(1, round(segments[first] * 100 / total)))
    others = f"{rest[0]}" if len(rest) == 1 else f"{rest[0]} to {rest[-1]}"
    if len(rest) == 2:
        others = f"{rest[0]} or {rest[1]}"
    return f"{share}% of people get {_counted(first, 'segment')}, {100 - share}% get {others}"


def _hints(
    body: str, template: merge.Template, texts: Sequence[_Text], known: Sequence[str]
) -> list[Hint]:
    hints = [Hint("", words) for words in template.warnings(known)]
    own = "".join(part for part in template.parts if isinstance(part, str))
    if letters := unicode_letters(own):
        needs = "need" if len(letters) > 1 else "needs"
        plain = plain_letters.suggest(body)
        mends = plain is not None and bool(plain.replaced)
        hints.append(
            Hint(
                "plain" if mends else "",
                f"“{' '.join(letters[:4])}” in your text {needs} Unicode, which leaves 70 "
                "characters a segment.",
                action="Use plain letters" if mends else "",
            )
        )
    blanks = Counter(name for text in texts for name in text.rendered.blanks if name in known)
    for name, count in blanks.most_common(2):
        share = max(1, round(count * 100 / len(texts)))
        word = FALLBACKS.get(name)
        mend = "" if word else f" Write {{{name}|your words}} to say something else."
        hints.append(
            Hint(
                "fallback" if word else "",
                f"{field_label(name)} is blank for about {share}% of people.{mend}",
                field=name,
                action=f"Say “{word}” then" if word else "",
            )
        )
    if not says_how_to_opt_out(body):
        hints.append(
            Hint(
                "opt_out",
                "Marketing texts must say how to opt out.",
                action="Add “Reply STOP to opt out”",
            )
        )
    return hints


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
