"""Passwords that are tried first: words of the frequency lists that come with ``zxcvbn``, plain or decorated.

The lists hold 30,000 passwords people had, 30,000 English words, names, and words of films and television.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zxcvbn.matching import RANKED_DICTIONARIES

LISTS = (
    "passwords",
    "english_wikipedia",
    "female_names",
    "male_names",
    "surnames",
    "us_tv_and_film",
)
SHORTEST_WORD = 3

_LETTERS = re.compile(r"[^\W\d_]+")
# What people put for letters: "P@ssw0rd". One sign may stand for two letters.
_SUBSTITUTES = (
    str.maketrans("@4031!$57+8", "aaoeiissttb"),
    str.maketrans("@4031!$57+8", "aaoellssttb"),
)
_TRIMMINGS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
# Also without the signs at the ends that could stand for letters: "$ummer2024".
_TRIMMINGS_BUT_SIGNS = re.compile(r"^[^\w@$]+|[\W\d_]+$")


def is_common(password: str) -> bool:
    """Whether the whole is a word of the lists: as it is, with digits and signs around it, with signs for
    letters, or said several times over."""
    return any(_is_one_word(reading) for reading in _readings(password.casefold()))


def _readings(lowered: str) -> Iterator[str]:
    yield lowered
    for trimmed in (_TRIMMINGS.sub("", lowered), _TRIMMINGS_BUT_SIGNS.sub("", lowered)):
        yield trimmed
        for substitutes in _SUBSTITUTES:
            yield trimmed.translate(substitutes)


def _is_one_word(text: str) -> bool:
    if _is_listed(text):
        return True
    written = _LETTERS.findall(text)
    words = {_said_once(word) for word in written}
    if len(words) != 1 or 2 * sum(map(len, written)) < len(text):
        return False  # several words, or so much around one that it isn't mere decoration
    return all(len(word) >= SHORTEST_WORD and _is_listed(word) for word in words)


def _is_listed(word: str) -> bool:
    return any(word in RANKED_DICTIONARIES[name] for name in LISTS)


def _said_once(text: str) -> str:
    """ "monkeymonkey" gives "monkey"."""
    again = (text + text).find(text, 1)
    return text[:again] if 0 < again < len(text) else text
