"""Merge fields: the text a marketer writes, and the text one person gets.

``{first_name}`` is filled with the person's value; ``{first_name|there}`` falls back to "there"
when the value is empty. A brace that should be seen is written twice: ``{{`` and ``}}``. A value is
data and is never read as a template: a customer named ``{phone}`` gets a text with ``{phone}`` in
it.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

from mbs_app.domain.names import attribute_key
from mbs_app.domain.phones import display_phone

STANDARD_FIELDS = ("first_name", "last_name", "full_name", "email", "phone", "city", "state")

# One look at the source finds, in this order: a doubled brace, a whole field, or a stray brace.
_TOKEN = re.compile(r"(?P<double>\{\{|\}\})|\{(?P<field>[^{}]*)\}|(?P<stray>[{}])")
_DOUBLED_FIELD = re.compile(r"\{\{([^{}|]+)(?:\|[^{}]*)?\}\}")
_SPACES = re.compile(r"\s+")
_BIDI_CONTROLS = frozenset(
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


class Field(NamedTuple):
    """One merge field of a template. ``start`` and ``end`` are where it stands in the source."""

    name: str
    fallback: str | None
    start: int
    end: int


class Rendered(NamedTuple):
    """One person's text.

    ``blanks`` are fields that were empty and had no fallback, ``fallbacks_used`` those whose
    fallback stepped in. ``filled`` are the (start, end) places in ``text`` that came from a value
    or a fallback.
    """

    text: str
    blanks: tuple[str, ...]
    filled: tuple[tuple[int, int], ...]
    fallbacks_used: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """A parsed message. ``parts`` alternate freely between plain text and fields."""

    source: str
    parts: tuple[str | Field, ...]
    syntax_problems: tuple[str, ...] = ()

    @cached_property
    def marks(self) -> tuple[Field, ...]:
        """Every field in the order in which it stands in the source, repeats included."""
        return tuple(part for part in self.parts if isinstance(part, Field))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The distinct names of the fields, in the order in which they first appear."""
        return tuple(dict.fromkeys(mark.name for mark in self.marks))

    def problems(self, known_fields: Collection[str] = STANDARD_FIELDS) -> list[str]:
        """What keeps this template from being sent, each as a sentence that says how to mend it."""
        found = list(self.syntax_problems)
        known = {*known_fields, *STANDARD_FIELDS}
        for mark in self.marks:
            if mark.name not in known:
                sentence = _unknown_field(self.source[mark.start : mark.end], mark.name, known)
                if sentence not in found:
                    found.append(sentence)
        return found

    def warnings(self, known_fields: Collection[str] = STANDARD_FIELDS) -> list[str]:
        """What is allowed but seldom meant, such as other programs' ``{{first_name}}``."""
        known = {*known_fields, *STANDARD_FIELDS}
        return [
            f"{match[0]} is sent as {match[0][1:-1]}, not filled in. To fill it in, "
            f"write single braces: {match[0][1:-1]}."
            for match in _DOUBLED_FIELD.finditer(self.source)
            if attribute_key(match[1]) in known
        ]

    def render(self, values: Mapping[str, str]) -> Rendered:
        """Fill the fields from ``values``; a name that is missing there counts as empty."""
        pieces: list[str] = []
        blanks: list[str] = []
        filled: list[tuple[int, int]] = []
        fallbacks: list[str] = []
        length = 0
        for part in self.parts:
            if isinstance(part, str):
                piece = part
            else:
                piece = clean_value(values.get(part.name, ""))
                if not piece and part.fallback:
                    piece = part.fallback
                    fallbacks.append(part.name)
                elif not piece and part.fallback is None:
                    blanks.append(part.name)
                if piece:
                    filled.append((length, length + len(piece)))
            pieces.append(piece)
            length += len(piece)
        return Rendered(
            "".join(pieces),
            tuple(dict.fromkeys(blanks)),
            tuple(filled),
            tuple(dict.fromkeys(fallbacks)),
        )


@lru_cache(maxsize=1024)
def parse(template: str) -> Template:
    """Read a message. Never raises: what is wrong is in :meth:`Template.problems`, and a brace that
    opens or closes nothing stays in the text as it was written."""
    source = template.replace("\r\n", "\n").replace("\r", "\n")
    parts: list[str | Field] = []
    problems: list[str] = []
    plain: list[str] = []
    position = 0
    for token in _TOKEN.finditer(source):
        plain.append(source[position : token.start()])
        position = token.end()
        if token["double"]:
            plain.append(token["double"][0])
        elif token["field"] is not None and (field := _field(token)):
            _flush(plain, parts)
            parts.append(field)
        else:
            plain.append(token[0])
            problems.append(_brace_problem(source, token))
    plain.append(source[position:])
    _flush(plain, parts)
    return Template(source, tuple(parts), tuple(dict.fromkeys(problems)))


def clean_value(value: str) -> str:
    """A customer's value made fit for one line: control characters gone, runs of line breaks and
    tabs turned into one space, the ends trimmed."""
    if value.isprintable():
        return value.strip()
    kept = "".join(
        " " if letter in "\r\n\t\v\f\x85\u2028\u2029" else letter
        for letter in value
        if letter in "\r\n\t\v\f\x85" or _is_visible(letter)
    )
    return _SPACES.sub(" ", kept).strip()


def field_values(
    *,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    phone: str = "",
    city: str = "",
    state: str = "",
    attributes: Mapping[str, object] | None = None,
) -> dict[str, str]:
    """The values of one customer by field name, ready for :meth:`Template.render`.

    ``phone`` should come as people write it. An attribute can't take a standard field's place.
    """
    values = {key: _as_text(value) for key, value in (attributes or {}).items()}
    values.update(
        first_name=first_name or "",
        last_name=last_name or "",
        full_name=f"{first_name or ''} {last_name or ''}".strip(),
        email=email or "",
        phone=phone or "",
        city=city or "",
        state=state or "",
    )
    return values


class Person(Protocol):
    """Who has what the standard fields and the attributes are filled with; ``phone`` is E.164."""

    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def attributes(self) -> Mapping[str, object]: ...


def values_of(person: Person) -> dict[str, str]:
    """As :func:`field_values`, of somebody."""
    return field_values(
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        phone=display_phone(person.phone),
        city=person.city,
        state=person.state,
        attributes=person.attributes,
    )


def _field(token: re.Match[str]) -> Field | None:
    name, bar, fallback = token["field"].partition("|")
    key = attribute_key(name)
    if not key:
        return None
    return Field(key, clean_value(fallback) if bar else None, token.start(), token.end())


def _flush(plain: list[str], parts: list[str | Field]) -> None:
    if text := "".join(plain):
        parts.append(text)
    plain.clear()


def _brace_problem(source: str, token: re.Match[str]) -> str:
    if token["field"] is not None:
        return (
            f"{token[0]} names no field. Put a field such as {{first_name}} there, "
            "or write braces twice to show them: {{ and }}."
        )
    if token[0] == "{":
        after = source[token.start() : token.start() + 20].split("\n")[0]
        return (
            f"The brace in “{after}” is never closed. Add a }} after the field’s name, "
            "or write {{ to show a brace."
        )
    before = source[max(0, token.start() - 19) : token.end()].split("\n")[-1]
    return f"The brace in “{before}” has no {{ before it. Remove it, or write }}}} to show a brace."


def _unknown_field(written: str, name: str, known: Collection[str]) -> str:
    shown = "{" + written[1:-1].partition("|")[0].strip() + "}"
    sentence = f"{shown} is not a field of your customers."
    if near := difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6):
        return f"{sentence} Did you mean {{{near[0]}}}?"
    return f"{sentence} Pick one from the list of fields, or write braces twice to show them."


def _is_visible(letter: str) -> bool:
    if letter in _BIDI_CONTROLS:
        return False
    # Cf stays: it holds the joiners that emoji and some scripts are built with.
    return unicodedata.category(letter) not in ("Cc", "Cs", "Co", "Cn")


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    return ""
