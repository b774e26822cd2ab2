"""Counting segments against the standard, by table and by property."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.segments import (
    GSM7,
    GSM7_BASIC,
    GSM7_EXTENSION,
    Measure,
    measure,
    unicode_letters,
)

EMOJI = "\N{FACE WITH TEARS OF JOY}"
gsm_text = st.text(alphabet=sorted(GSM7), max_size=700)


def test_the_alphabet_is_the_standards() -> None:
    # 128 code points of TS 23.038 less the escape itself, and ten extension characters.
    assert len(GSM7_BASIC) == 127
    assert len(GSM7_EXTENSION) == 10
    assert not GSM7_BASIC & GSM7_EXTENSION


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments", "per_segment"),
    [
        ("", "GSM-7", 0, 0, 160),
        ("a", "GSM-7", 1, 1, 160),
        ("a" * 160, "GSM-7", 160, 1, 160),
        ("a" * 161, "GSM-7", 161, 2, 153),
        ("a" * 306, "GSM-7", 306, 2, 153),
        ("a" * 307, "GSM-7", 307, 3, 153),
        ("€" * 80, "GSM-7", 160, 1, 160),
        ("€" * 81, "GSM-7", 162, 2, 153),
        # 153 septets have room for 76 pairs only: the 77th pair starts the next segment.
        ("€" * 152, "GSM-7", 304, 2, 153),
        ("€" * 153, "GSM-7", 306, 3, 153),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3, 153),
        ("a" * 151 + "€" + "a" * 153, "GSM-7", 306, 2, 153),
        ("ë", "UCS-2", 1, 1, 70),
        ("ë" * 70, "UCS-2", 70, 1, 70),
        ("ë" * 71, "UCS-2", 71, 2, 67),
        ("ë" * 134, "UCS-2", 134, 2, 67),
        ("ë" * 135, "UCS-2", 135, 3, 67),
        (EMOJI * 35, "UCS-2", 70, 1, 70),
        (EMOJI * 36, "UCS-2", 72, 2, 67),
        # 67 units have room for 33 pairs only.
        (EMOJI * 66, "UCS-2", 132, 2, 67),
        (EMOJI * 67, "UCS-2", 134, 3, 67),
        ("a" * 66 + EMOJI + "a" * 66, "UCS-2", 134, 3, 67),
        ("Hi Zoë" + "x" * 150, "UCS-2", 156, 3, 67),
    ],
)
def test_counts_as_the_standard_does(
    text: str, encoding: str, units: int, segments: int, per_segment: int
) -> None:
    assert measure(text)[:4] == (encoding, units, segments, per_segment)


@pytest.mark.parametrize("letter", list("àéÇñÑØåßÆ¿¡§¤ΔΩ\n\r\f^{}[]~|\\€@$_"))
def test_letters_that_do_not_need_unicode(letter: str) -> None:
    assert measure(letter).encoding == "GSM-7"


@pytest.mark.parametrize("letter", list("ëçáíóúâêÁ`’“”–…•™\t\xa0ığł漢я"))
def test_letters_that_need_unicode(letter: str) -> None:
    assert measure(letter).encoding == "UCS-2"


def test_names_the_letters_that_forced_unicode_once_each_in_order() -> None:
    assert measure("Zoë’s “ë” café").unicode_letters == ("ë", "’", "“", "”")
    assert unicode_letters("plain") == ()


def test_a_lone_surrogate_counts_one_unit_instead_of_failing() -> None:
    assert measure("\ud83d").units == 1


def test_room_is_what_fits_into_this_many_segments() -> None:
    assert measure("").room == 160
    assert measure("a" * 158).room == 160
    assert measure("a" * 200).room == 306
    assert measure("ë" * 71).room == 134


@given(gsm_text)
def test_gsm7_packing_agrees_with_a_slow_one(text: str) -> None:
    result = measure(text)
    assert result.encoding == "GSM-7"
    assert result.units == sum(2 if letter in GSM7_EXTENSION else 1 for letter in text)
    assert result.segments == _slow_segments(
        [2 if c in GSM7_EXTENSION else 1 for c in text], 160, 153
    )


@given(st.text(alphabet="aë漢\U0001f600\U0001f1e9", max_size=300).map(lambda text: "漢" + text))
def test_ucs2_packing_agrees_with_a_slow_one(text: str) -> None:
    result = measure(text)
    assert result.encoding == "UCS-2"
    assert result.units == len(text.encode("utf-16-le")) // 2
    assert result.segments == _slow_segments([2 if c > "\uffff" else 1 for c in text], 70, 67)


@given(st.text(max_size=400))
def test_every_text_fits_its_segments_and_needs_them(text: str) -> None:
    result = measure(text)
    assert isinstance(result, Measure)
    assert result.characters == len(text)
    assert result.units <= result.room
    # A pair that didn't fit wastes one unit of a segment, never more.
    assert result.segments <= math.ceil(result.units / (result.per_segment - 1))
    assert bool(result.unicode_letters) == (result.encoding == "UCS-2")


@given(st.text(max_size=200), st.text(max_size=20))
def test_a_longer_text_never_costs_fewer_segments(text: str, more: str) -> None:
    assert measure(text + more).segments >= measure(text).segments


def _slow_segments(widths: list[int], single: int, joined: int) -> int:
    if sum(widths) <= single:
        return 1 if widths else 0
    segments = [0]
    for width in widths:
        if segments[-1] + width > joined:
            segments.append(0)
        segments[-1] += width
    return len(segments)
