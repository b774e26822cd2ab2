"""People's names and home towns, taken apart as far as one cell allows."""

from __future__ import annotations

import re

from mbs_app.domain.usa import state_code

_TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "herr",
        "frau",
        "sr",
        "sra",
        "srta",
        "mme",
        "sig",
    }
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "md", "phd", "esq", "dds"})
_PARTICLES = frozenset(
    {
        "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "do", "du",
        "la", "le", "ter", "ten", "zu", "zum", "zur", "bin", "ibn", "al", "el", "st", "st.",
        "van't", "'t",
    }
)  # fmt: skip
_POSTCODE = re.compile(r",?\s*(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)$")
_COUNTRY = re.compile(r",?\s*(?:USA|U\.S\.A\.|US|United States)$", re.IGNORECASE)


def split_full_name(name: str) -> tuple[str, str]:
    """(first name, last name) of "Rosa Delgado", "Delgado, Rosa" or "Dr. Ludwig van Beethoven".

    Titles are left out, since a greeting is what the first name is for; particles and suffixes go
    with the last name. A single word is a first name. Where two family names are usual this guesses
    wrong, and the user can import them in columns of their own.
    """
    words = name.split()
    if "," in name:
        last, _, first = name.partition(",")
        if _bare(first) not in _SUFFIXES:
            return " ".join(_without_titles(first.split())), " ".join(last.split())
        words = name.replace(",", " ").split()
    words = _without_titles(words)
    if len(words) < 2:
        return " ".join(words), ""
    cut = len(words) - 1
    while cut > 1 and _bare(words[cut]) in _SUFFIXES:
        cut -= 1
    while cut > 1 and words[cut - 1].lower() in _PARTICLES:
        cut -= 1
    return " ".join(words[:cut]), " ".join(words[cut:])


def split_city_state(place: str) -> tuple[str, str]:
    """(city, state code) of "Austin TX", "Austin, Texas" or "Austin, TX 78704, USA".

    A place whose end is no state of the United States or Canada is all city, as in
    ("Berlin, Germany", "").
    """
    text = " ".join(place.split())
    shorter = _POSTCODE.sub("", _COUNTRY.sub("", text)).strip(" ,")
    if "," in shorter:
        city, _, last = shorter.rpartition(",")
        if code := state_code(last.strip()):
            return city.strip(" ,"), code
        return text, ""
    words = shorter.split(" ")
    # The longest ending that names a state wins: "Charleston West Virginia" is not in Virginia.
    # Without a comma a one-word place stays a city, and so does New York.
    for count in (3, 2, 1):
        ending = " ".join(words[-count:])
        if len(words) > count and (code := state_code(ending)):
            if count == 1 and len(ending) == 2 and not ending.isupper() and not shorter.islower():
                continue
            return " ".join(words[:-count]), code
    return text, ""


def _without_titles(words: list[str]) -> list[str]:
    start = 0
    while start < len(words) - 1 and _bare(words[start]) in _TITLES:
        start += 1
    return words[start:]


def _bare(word: str) -> str:
    return word.strip(" .,").lower()
