"""Invite codes: how they read, and how they may be typed."""

from __future__ import annotations

import re

import pytest

from mbs_app.domain.invite_codes import ALPHABET, masked, new_code, read_code


@pytest.mark.parametrize(
    ("business", "prefix"),
    [
        ("Lakeline Plaza", "LAKE"),
        ("Élan & Co", "ELAN"),
        ("Q", "MBS"),
        ("", "MBS"),
        ("東京", "MBS"),
        ("A1", "A1"),
    ],
)
def test_a_code_begins_like_the_business(business: str, prefix: str) -> None:
    code = new_code(business)
    assert re.fullmatch(rf"{prefix}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert read_code(code) == code


def test_the_drawn_part_has_forty_bits_and_no_letters_that_are_mixed_up() -> None:
    assert len(set(ALPHABET)) ** 8 >= 2**40
    assert not set("ILOU") & set(ALPHABET)
    assert len({new_code("Lakeline") for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "typed",
    [
        "LAKE-7QF0-M1KD",
        "lake7qf0m1kd",
        " Lake 7qfo mlkd ",
        "LAKE–7QFO–MIKD",
        "lake-7qf0-m1kd.",
    ],
)
def test_a_code_may_be_typed_in_any_case_and_without_dashes(typed: str) -> None:
    assert read_code(typed) == "LAKE-7QF0-M1KD"


@pytest.mark.parametrize(
    "typed", ["", "7QF0M1KD", "L7QF0M1KD", "LAKELINE7QF0M1KD", "東京", "-" * 40]
)
def test_what_is_no_code_is_told_from_one(typed: str) -> None:
    assert read_code(typed) is None


def test_a_code_that_is_over_shows_half_of_what_was_drawn() -> None:
    assert masked("LAKE-7QF2-M9KD") == "LAKE-7QF2-••••"
