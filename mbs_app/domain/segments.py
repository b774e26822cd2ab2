"""How many segments a text takes on the air.

A carrier sends a text as one or more segments of 140 bytes. In GSM-7 that is 160 characters of
seven bits (3GPP TS 23.038, section 6.2.1); one letter outside that alphabet turns the whole text
into UCS-2, 70 units of 16 bits. A text of several segments loses six bytes of each to the header
that joins them (3GPP TS 23.040, section 9.2.3.24.1), which leaves 153 and 67.

Two things never straddle a border between segments: the escape pair of an extension character, such
as ``€`` or ``{``, and the two halves of a surrogate pair, such as most emoji.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
GSM7 = GSM7_BASIC | GSM7_EXTENSION

GSM7_SINGLE, GSM7_JOINED = 160, 153
UCS2_SINGLE, UCS2_JOINED = 70, 67

Encoding = Literal["GSM-7", "UCS-2"]


class Measure(NamedTuple):
    """What a text costs.

    ``units`` counts septets (GSM-7) or 16-bit units (UCS-2). ``per_segment`` is the room in each
    segment of this text: 160 or 70 when there is one, 153 or 67 when there are more. ``characters``
    counts Unicode code points. ``unicode_letters`` are the distinct letters that forced UCS-2, in
    the order in which they appear. An empty text has no segment.
    """

    encoding: Encoding
    units: int
    segments: int
    per_segment: int
    characters: int
    unicode_letters: tuple[str, ...]

    @property
    def room(self) -> int:
        """Units that fit into this number of segments (one at least): the "160" of "158 of 160"."""
        return max(self.segments, 1) * self.per_segment


def measure(text: str) -> Measure:
    """Count the segments of ``text`` as it stands, with no letter replaced on the way."""
    if GSM7_BASIC.issuperset(text):
        return _gsm7(text, extensions=0)
    if GSM7.issuperset(text):
        return _gsm7(text, extensions=sum(map(text.count, GSM7_EXTENSION)))
    return _ucs2(text)


def unicode_letters(text: str) -> tuple[str, ...]:
    """The distinct letters of ``text`` that GSM-7 lacks, in the order in which they appear."""
    return tuple(dict.fromkeys(letter for letter in text if letter not in GSM7))


def _gsm7(text: str, extensions: int) -> Measure:
    characters = len(text)
    units = characters + extensions
    if units <= GSM7_SINGLE:
        return Measure("GSM-7", units, 1 if units else 0, GSM7_SINGLE, characters, ())
    if extensions:
        segments = _pack((2 if letter in GSM7_EXTENSION else 1 for letter in text), GSM7_JOINED)
    else:
        segments = -(-units // GSM7_JOINED)
    return Measure("GSM-7", units, segments, GSM7_JOINED, characters, ())


def _ucs2(text: str) -> Measure:
    characters = len(text)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    letters = unicode_letters(text)
    if units <= UCS2_SINGLE:
        return Measure("UCS-2", units, 1, UCS2_SINGLE, characters, letters)
    if units != characters:
        segments = _pack((2 if letter > "\uffff" else 1 for letter in text), UCS2_JOINED)
    else:
        segments = -(-units // UCS2_JOINED)
    return Measure("UCS-2", units, segments, UCS2_JOINED, characters, letters)


def _pack(widths: Iterable[int], room: int) -> int:
    """Segments that hold characters of these widths, none of them cut in two."""
    segments, used = 1, 0
    for width in widths:
        used += width
        if used > room:
            segments, used = segments + 1, width
    return segments
