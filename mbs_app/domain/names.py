"""Names that programs use for what people named: attribute keys."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_KEY_LENGTH = 40

_SPELLED_OUT = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
_CAMEL_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_KEY = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """``text`` in lower case, without accents: "Prénom" gives "prenom". Other scripts are kept."""
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_SPELLED_OUT)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=4096)
def attribute_key(heading: str) -> str:
    """The key under which a column or field is stored, and by which a message names it.

    Lower-case ASCII letters, digits and underscores, at most 40, starting with a letter:
    "Pts Balance" gives "pts_balance", "lastVisit" gives "last_visit". A heading with no usable
    letter or digit gives "".
    """
    words = _NOT_KEY.sub("_", fold(_CAMEL_BORDER.sub(" ", heading))).strip("_")
    if words and not words[0].isalpha():
        words = f"field_{words}"
    return words[:MAX_KEY_LENGTH].rstrip("_")


def field_label(key: str) -> str:
    """A key as people read it: "pts_balance" gives "Pts balance"."""
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
