"""What may be a password, and what is said of one that may not."""

from __future__ import annotations

import threading
import time

import pytest

from mbs_app.domain.errors import InvalidInput
from mbs_app.services.passwords import check_new_password, strength_of
from mbs_app.services.passwords.common import is_common

MAYA = {"name": "Maya Okafor", "email": "m.okafor@lakeline.example", "workspace": "Lakeline Plaza"}


def _refusal(password: str) -> str:
    with pytest.raises(InvalidInput) as refused:
        check_new_password(password, **MAYA)
    return refused.value.fields["password"]


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "purple ocean dig",
        "no digits and no capitals",
        "Tr0ub4dor&3xy",
        "пароль из слов и дождя",
        "一石二鳥、三日坊主、四面楚歌",
        "y" * 43 + "x7" * 30 + "lamp in the rain, quietly",
    ],
)
def test_any_mixture_of_characters_will_do(password: str) -> None:
    check_new_password(password, **MAYA)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "Use at least 12 characters: 7 more are needed."),
        ("eleven char", "Use at least 12 characters: 1 more is needed."),
        ("a b" * 43, "Use at most 128 characters."),
        ("abababababab", "Use a few more different characters."),
        ("abcdefghijklm", "Too easy to guess. Runs such as abcd or 1234 are tried early."),
        ("tuba1tuba1tuba1", "Too easy to guess. Saying the same thing again adds little."),
        ("the MAYA of spring", "Leave your name out of the password."),
        ("Ókäfòr in the rain", "Leave your name out of the password."),
        (
            "fog over lakeline",
            "Leave your email address out of the password, also the part after the @.",
        ),
        (
            "LakelinePlaza in fog",
            "Leave your email address out of the password, also the part after the @.",
        ),
    ],
)
def test_what_is_wrong_is_said(password: str, sentence: str) -> None:
    assert _refusal(password) == sentence


def test_the_name_of_the_business_is_refused_however_it_is_spaced() -> None:
    with pytest.raises(InvalidInput, match="name of your business"):
        check_new_password("open-sesame, juniper+OAK!", workspace="Juniper & Oak")


@pytest.mark.parametrize(
    "password",
    [
        "internationalization",
        "INTERNATIONALIZATION",
        "password1234",
        "Password2024!",
        "P@ssw0rd1234!",
        "passwordpassword",
        "Summer2024!!",
        "$ummertime2026",
        "monkey-monkey-1",
        "1qaz2wsx3edc",
    ],
)
def test_common_words_are_refused_plain_and_decorated(password: str) -> None:
    assert _refusal(password) == "Too common. Use a few words that don’t belong together."


@pytest.mark.parametrize(
    "password", ["83#92$71sun4467", "sun and rain and fog", "purple ocean dig"]
)
def test_a_common_word_among_other_things_is_not_common(password: str) -> None:
    assert not is_common(password)


def test_short_parts_of_a_name_do_not_count() -> None:
    check_new_password("analogue tuba library", name="Ana Li", email="al@b.example")


@pytest.mark.parametrize(
    ("password", "score", "acceptable"),
    [
        ("", 0, False),
        ("password1234", 1, False),
        ("correcthorse", 2, True),
        ("dragon password", 3, True),
        ("correct horse battery staple", 4, True),
        ("maya okafor has a very long one", 1, False),
    ],
)
def test_the_strength_shown_and_the_rule_enforced_agree(
    password: str, score: int, acceptable: bool
) -> None:
    strength = strength_of(password, **MAYA)
    assert (strength.score, strength.acceptable) == (score, acceptable)
    assert strength.sentence.endswith(".")
    if not acceptable:
        assert strength.sentence == _refusal(password)


def test_no_password_takes_long_to_measure() -> None:
    worst = "4@8({[<369!1|07$5+%2zs" * 40
    before = time.process_time()
    strength_of(worst[:128])
    strength_of(worst)
    assert time.process_time() - before < 2


def test_what_one_caller_is_called_is_no_word_of_another() -> None:
    """zxcvbn by itself keeps the words of a caller in a table of the whole process."""
    alone = strength_of("quillon drives north")
    stop = threading.Event()

    def others() -> None:
        while not stop.is_set():
            strength_of("some other password", name="quillon drives north quillondrivesnorth")

    thread = threading.Thread(target=others)
    thread.start()
    try:
        assert {strength_of("quillon drives north") for _ in range(50)} == {alone}
    finally:
        stop.set()
        thread.join()
