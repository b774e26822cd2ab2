"""Words found in any case of letters and with any accents, on both databases alike.

Neither database folds accents by itself, so a word becomes a pattern with a class of letters for each of
its own: "lucia" gives ``[lL]…[iIíÍ…][aAáÁ…]``, which SQLite reads as GLOB and PostgreSQL as a regular
expression.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain.names import fold
from mbs_app.domain.plain_text import clean_text

LONGEST_SEARCH = 100

# Latin letters with accents, as names in Europe and the Americas have them (Latin-1 to Extended-B).
_ACCENTED = range(0x00C0, 0x0220)


def words_of(search: str) -> list[str]:
    """The words to search for, without what no database stores."""
    return " ".join(clean_text(search).split())[:LONGEST_SEARCH].split()


def every_word(session: Session, search: str, *columns: Any) -> list[sa.ColumnElement[bool]]:
    """The conditions for each word of ``search`` to be in one of ``columns``."""
    return [
        sa.or_(*(contains(session, column, word) for column in columns))
        for word in words_of(search)
    ]


def contains(session: Session, column: Any, word: str) -> sa.ColumnElement[bool]:
    """True for rows whose ``column`` has ``word`` in it."""
    classes = [_class_of(letter) for letter in unicodedata.normalize("NFC", word)]
    if session.get_bind().dialect.name == "sqlite":
        return column.op("GLOB", is_comparison=True)(f"*{''.join(map(_as_glob, classes))}*")
    return column.op("~", is_comparison=True)("".join(map(_as_regex, classes)))


@lru_cache(maxsize=1)
def _relatives() -> dict[str, str]:
    """Every accented letter by the plain one it is folded to."""
    found: dict[str, str] = defaultdict(str)
    for code in _ACCENTED:
        base = fold(chr(code))
        if len(base) == 1:
            found[base] += chr(code)
    return dict(found)


@lru_cache(maxsize=1024)
def _class_of(letter: str) -> str:
    base = fold(letter)
    if len(base) != 1:
        base = letter.lower()[:1]
    letters = base + base.upper() + letter + letter.upper() + _relatives().get(base, "")
    return "".join(dict.fromkeys(one for one in letters))


def _as_glob(letters: str) -> str:
    if len(letters) > 1:
        return f"[{letters}]"
    return f"[{letters}]" if letters in "*?[" else letters


def _as_regex(letters: str) -> str:
    return f"[{letters}]" if len(letters) > 1 else re.escape(letters)
