"""Letters that would make a text cost more, and what could stand in their place.

One curly quote turns a text of 160 characters a segment into one of 70. Word processors and phones
put such letters in unasked. Typographic ones have an exact equal in GSM-7; accents that GSM-7 lacks
can be dropped, but only when the user says so: a name is spelled as its owner spells it.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from mbs_app.domain.segments import GSM7, unicode_letters

_TYPOGRAPHIC = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´＇", "'"),
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("‹", "<"),
        **dict.fromkeys("›", ">"),
        **dict.fromkeys("‐‑‒–—―−⁃", "-"),
        **dict.fromkeys("•·‣∙", "-"),
        **dict.fromkeys("\xa0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "),
        **dict.fromkeys("\u2028\u2029", "\n"),
        **dict.fromkeys("\u200b\u2060\ufeff\xad", ""),
        "…": "...",
        "⁄": "/",
        "×": "x",
    }
)
_NO_ACCENT = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "œ": "oe", "Œ": "OE", "ı": "i"})


class PlainText(NamedTuple):
    """``text`` with letters replaced; ``replaced`` lists which, ``remaining`` those that still need
    Unicode. Both are distinct letters in the order in which they appear."""

    text: str
    replaced: tuple[str, ...]
    remaining: tuple[str, ...]


def to_gsm7(text: str) -> str:
    """``text`` with typographic letters replaced by their equals: curly quotes, dashes, ellipses,
    hard spaces. Everything else stays, accents and emoji included."""
    if GSM7.issuperset(text):
        return text
    return unicodedata.normalize("NFC", text).translate(_TYPOGRAPHIC)


def without_accents(text: str) -> str:
    """:func:`to_gsm7`, and letters that GSM-7 lacks reduced to their base: "Zoë" gives "Zoe".
    Accents it has, as in "Café", stay."""
    return "".join(letter if letter in GSM7 else _base_of(letter) for letter in to_gsm7(text))


def suggest(text: str) -> PlainText | None:
    """What :func:`to_gsm7` would change, or None when that is nothing."""
    plain = to_gsm7(text)
    if plain == text:
        return None
    remaining = unicode_letters(plain)
    replaced = tuple(letter for letter in unicode_letters(text) if letter not in remaining)
    return PlainText(plain, replaced, remaining)


def _base_of(letter: str) -> str:
    spelled = letter.translate(_NO_ACCENT)
    base = "".join(
        part for part in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(part)
    )
    return base if base and GSM7.issuperset(base) else letter
