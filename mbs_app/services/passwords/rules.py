"""What may be a password.

OWASP ASVS 5.0: 6.2.1 asks for 8 characters and recommends 15; no composition rules (6.2.5); not one of the common
ones (6.2.4), nor made of what belongs to the person or the place (6.2.11).
"""

from __future__ import annotations

import re

from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.names import fold
from mbs_app.services.passwords.common import is_common
from mbs_app.services.passwords.guesses import guess

SHORTEST = 12
LONGEST = 128
FEWEST_DIFFERENT = 5
SHORTEST_PART = 4  # of a name or an address: shorter ones turn up by chance

_TOO_COMMON = "Too common. Use a few words that don’t belong together."
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def check_new_password(
    password: str, *, name: str = "", email: str = "", workspace: str = ""
) -> None:
    """Refuse a password that is too short, too long, easily guessed, or made of a name or an address.

    Raises:
        InvalidInput: with the sentence for the field ``password``.
    """
    sentence = _length_problem(password) or _own_words_problem(password, name, email, workspace)
    if sentence is None and is_common(password):
        sentence = _TOO_COMMON
    if sentence is None:
        sentence = guess(password, own_words(name, email, workspace)).why_too_easy
    if sentence is not None:
        raise InvalidInput(password=sentence)


def own_words(name: str, email: str, workspace: str) -> list[str]:
    """The words that somebody who knows the person would try."""
    words = [*_parts(name), *_parts(email.rpartition("@")[0]), *_domain_parts(email)]
    return [*words, *_parts(workspace)]


def _length_problem(password: str) -> str | None:
    if len(password) < SHORTEST:
        missing = SHORTEST - len(password)
        verb = "is" if missing == 1 else "are"
        return f"Use at least {SHORTEST} characters: {missing} more {verb} needed."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if len(set(password)) < FEWEST_DIFFERENT:
        return "Use a few more different characters."
    return None


def _own_words_problem(password: str, name: str, email: str, workspace: str) -> str | None:
    written = fold(password)
    squeezed = _BETWEEN_WORDS.sub("", written)

    def holds(words: list[str], whole: str = "") -> bool:
        joined = "".join(_parts(whole))
        return any(len(word) >= SHORTEST_PART and word in written for word in words) or (
            len(joined) >= SHORTEST_PART and joined in squeezed
        )

    local = email.rpartition("@")[0]
    if holds(_parts(name), name):
        return "Leave your name out of the password."
    if holds([*_parts(local), *_domain_parts(email)], local):
        return "Leave your email address out of the password, also the part after the @."
    if holds([], workspace):
        return "Leave the name of your business out of the password."
    return None


def _parts(text: str) -> list[str]:
    return [part for part in _BETWEEN_WORDS.split(fold(text)) if part]


def _domain_parts(email: str) -> list[str]:
    """The labels of the domain but the last: "lakeline" of "maya@lakeline.example"."""
    return _parts(email.rpartition("@")[2].rpartition(".")[0])
