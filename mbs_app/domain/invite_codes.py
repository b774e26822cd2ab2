"""Invite codes: LAKE-7QF2-M9KD. The business, then eight letters and digits drawn at random.

The alphabet is Crockford's base 32 (https://www.crockford.com/base32.html): eight of them are 40 bits. It has no
I, L, O and U; a code read out or copied by hand may have them all the same, so 0 and O are one, as are 1, I and L.
"""

from __future__ import annotations

import re
import secrets

from mbs_app.domain.names import fold

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LETTERS = 8
LONGEST_PREFIX = 4
SHORTEST_PREFIX = 2

_LOOKS_LIKE = str.maketrans("OIL", "011")
_NOT_A_LETTER = re.compile(r"[^A-Z0-9]+")


def new_code(business: str) -> str:
    """A code nobody can guess, beginning like the name of the ``business``."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LETTERS))
    return _joined(_prefix(business), drawn)


def read_code(typed: str) -> str | None:
    """The code as it is kept, however it was typed: in any case, with or without dashes. None: no code at all."""
    letters = _NOT_A_LETTER.sub("", typed.upper())
    prefix, drawn = letters[:-RANDOM_LETTERS], letters[-RANDOM_LETTERS:]
    if not SHORTEST_PREFIX <= len(prefix) <= LONGEST_PREFIX:
        return None
    return _joined(prefix, drawn.translate(_LOOKS_LIKE))


def masked(code: str) -> str:
    """A code that is over, as it is shown: "LAKE-W9TA-••••"."""
    return f"{code[:-4]}••••"


def _prefix(business: str) -> str:
    letters = _NOT_A_LETTER.sub("", fold(business).upper())
    return letters[:LONGEST_PREFIX] if len(letters) >= SHORTEST_PREFIX else "MBS"


def _joined(prefix: str, drawn: str) -> str:
    return f"{prefix}-{drawn[:4]}-{drawn[4:]}"
