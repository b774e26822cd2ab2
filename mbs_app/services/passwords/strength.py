"""The strength of a password in four parts and a sentence, for while it is typed."""

from __future__ import annotations

from typing import NamedTuple

from mbs_app.domain.errors import InvalidInput
from mbs_app.services.passwords.guesses import guess
from mbs_app.services.passwords.rules import check_new_password, own_words

_MOST_WHEN_REFUSED = 1
_SENTENCES = {
    2: "It will do. One more word makes it strong.",
    3: "Good.",
    4: "Strong.",
}


class Strength(NamedTuple):
    """``score`` is 0 to 4; ``sentence`` says what to change where the password isn't ``acceptable``."""

    score: int
    acceptable: bool
    sentence: str


def strength_of(password: str, *, name: str = "", email: str = "", workspace: str = "") -> Strength:
    """By the same rules that :func:`check_new_password` enforces."""
    score = guess(password, own_words(name, email, workspace)).score
    try:
        check_new_password(password, name=name, email=email, workspace=workspace)
    except InvalidInput as refused:
        return Strength(min(score, _MOST_WHEN_REFUSED), False, refused.fields["password"])
    return Strength(score, True, _SENTENCES[score])
