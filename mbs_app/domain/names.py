"""Names: as people give them to things, and as programs use them (attribute keys)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mbs_app.domain.errors import InvalidInput

MAX_KEY_LENGTH = 40

_SPELLED_OUT = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
_CAMEL_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_KEY = re.compile(r"[^a-z0-9]+")

# Control characters, and the marks that begin and end writing in the other direction (Unicode, UAX #9).
_UNSEEN = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def on_one_line(given: str) -> str:
    """``given`` with single spaces, and without what isn't seen but turns the words around it: a name that did would
    change how every sentence with it reads.
    """
    return " ".join(" ".join(given.split()).translate(_UNSEEN).split())


def clean_name(given: str, *, longest: int, when_empty: str, field: str = "name") -> str:
    """A name on one line, with single spaces, of at most ``longest`` characters.

    Raises InvalidInput at ``field``, which says ``when_empty`` where nothing is left.
    """
    name = on_one_line(given)
    if not name:
        raise InvalidInput(**{field: when_empty})
    if len(name) > longest:
        raise InvalidInput(**{field: f"Use at most {longest} characters."})
    return name


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
