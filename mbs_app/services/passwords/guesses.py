"""How many guesses a password stands, estimated by ``zxcvbn``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zxcvbn import matching, scoring
from zxcvbn.matching import RANKED_DICTIONARIES

# The estimate's time grows with the cube of the length and with each sign that may stand for a letter: of these
# characters it takes at most a tenth of a second, of all 128 and any signs it took minutes.
MEASURED = 40
_RARE_SUBSTITUTES = str.maketrans(dict.fromkeys("({[<|%+", "~"))

# The borders of zxcvbn's own score, in guesses.
_BORDERS = (10**3, 10**6, 10**8, 10**10)
FEWEST = _BORDERS[1]

_WHY = {
    "repeat": "Too easy to guess. Saying the same thing again adds little.",
    "sequence": "Too easy to guess. Runs such as abcd or 1234 are tried early.",
    "spatial": "Too easy to guess. Rows of keys are tried early.",
    "date": "Too easy to guess. Dates are tried early.",
    "regex": "Too easy to guess. Years are tried early.",
}
_WHY_ELSE = "Too easy to guess. Add a word or two that don’t belong together."


class Guess(NamedTuple):
    """``score`` is 0 to 4, as zxcvbn counts it; ``why_too_easy`` is a sentence where it isn't enough."""

    score: int
    why_too_easy: str | None


def guess(password: str, own_words: Sequence[str]) -> Guess:
    """``own_words`` are what somebody who knows the person would try first."""
    found = _guess(password[:MEASURED], own_words)
    if found.score < len(_BORDERS) and len(password) > MEASURED:
        # The whole is at least as hard to guess as any part of it.
        found = max(found, _guess(password[-MEASURED:], own_words), key=lambda one: one.score)
    return found


def _guess(part: str, own_words: Sequence[str]) -> Guess:
    if not part:
        return Guess(0, _WHY_ELSE)
    measured = part.translate(_RARE_SUBSTITUTES)
    # Not zxcvbn.zxcvbn(), which puts the words of one caller into a table that all threads share.
    words = {**RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict(list(own_words))}
    found = scoring.most_guessable_match_sequence(measured, matching.omnimatch(measured, words))
    score = sum(found["guesses"] >= border for border in _BORDERS)
    return Guess(score, _why(found["sequence"]) if found["guesses"] < FEWEST else None)


def _why(sequence: list[dict[str, str]]) -> str:
    longest = max(sequence, key=lambda match: len(match["token"]))
    return _WHY.get(longest["pattern"], _WHY_ELSE)
