"""What each column of a customer file means, guessed from its heading and its values.

A guess is only ever a proposal: the user sees it, with how it came about, and can change it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from mbs_app.domain.column_words import NAME_WORDS, RANKED, heading_words
from mbs_app.domain.csv_dialect import unwrap_cell
from mbs_app.domain.names import attribute_key
from mbs_app.domain.person_names import split_city_state, split_full_name
from mbs_app.domain.phones import PhoneProblem, parse_phone
from mbs_app.domain.time_words import is_zone
from mbs_app.domain.usa import state_code

__all__ = [
    "ATTRIBUTE",
    "SKIP",
    "STANDARD_TARGETS",
    "Guess",
    "How",
    "attribute_of",
    "guess",
    "has_header",
    "split_city_state",
    "split_full_name",
]

STANDARD_TARGETS = (
    "phone",
    "first_name",
    "last_name",
    "full_name",
    "email",
    "city",
    "state",
    "city_state",
    "time_zone",
    "notes",
)
SKIP = "skip"
ATTRIBUTE = "attribute:"

_EMAIL = re.compile(r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}$")
_DATE = re.compile(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}.*)?$")
_WORDS_ONLY = re.compile(r"^[^\W\d_][^\d@/\\:;]*$")
_PLACEHOLDER = re.compile(r"^(?:column|col|field|spalte|unnamed)? ?[\d ]*$")
_SAMPLE_CELLS = 200


class How(StrEnum):
    HEADING = "heading"
    VALUES = "values"
    NEW_FIELD = "new_field"
    LEFT_OUT = "left_out"


class Guess(NamedTuple):
    """``target`` is one of STANDARD_TARGETS, "attribute:<key>" or "skip"."""

    target: str
    how: How


def guess(
    headings: Sequence[str], sample_rows: Sequence[Sequence[str]], region: str = "US"
) -> list[Guess]:
    """One guess for each heading. No standard target is given twice; of two columns that want one,
    the better heading gets it and the other becomes a field of its own.

    ``region`` (ISO 3166) says how to read phone numbers without a country code.
    """
    columns = [
        _Column(index, heading, _cells(sample_rows, index), region)
        for index, heading in enumerate(headings)
    ]
    taken: dict[str, tuple[int, How]] = {}
    _claim_by_heading(columns, taken)
    _claim_name_words(columns, taken)
    _claim_by_values(columns, taken)
    _claim_names_without_heading(columns, taken)
    by_index = {index: Guess(target, how) for target, (index, how) in taken.items()}
    keys = set(STANDARD_TARGETS)
    return [by_index.get(column.index) or _own_field(column, keys) for column in columns]


def has_header(rows: Sequence[Sequence[str]], region: str = "US") -> bool:
    """Whether the first row names the columns. It doesn't when it holds a phone number or an email
    address, or when nothing in it is a known heading and its cells look like those below."""
    if not rows:
        return False
    first = [unwrap_cell(cell) for cell in rows[0]]
    filled = [cell for cell in first if cell]
    if not filled or any(_EMAIL.match(cell) or _is_phone(cell, region) for cell in filled):
        return False
    if any(heading_words(cell) in RANKED or heading_words(cell) in NAME_WORDS for cell in filled):
        return True
    if any(cell[0].isdigit() for cell in filled):
        return False
    # Words over a column of numbers or addresses are a heading in a language we don't know.
    return any(
        index < len(row)
        and (_EMAIL.match(unwrap_cell(row[index])) or _is_phone(row[index], region))
        for row in rows[1:20]
        for index, cell in enumerate(first)
        if cell
    )


def attribute_of(target: str) -> str | None:
    """The key of a target such as "attribute:points", or None for any other target."""
    return target.removeprefix(ATTRIBUTE) if target.startswith(ATTRIBUTE) else None


class _Column:
    def __init__(self, index: int, heading: str, cells: list[str], region: str) -> None:
        self.index = index
        self.heading = unwrap_cell(heading)
        self.words = heading_words(self.heading)
        self.cells = cells
        self.region = region

    @property
    def has_no_heading(self) -> bool:
        return bool(_PLACEHOLDER.match(self.words))

    def share(self, test: Callable[[str], object]) -> float:
        """The share of the filled cells that pass ``test``; 0 when none is filled."""
        if not self.cells:
            return 0.0
        return sum(1 for cell in self.cells if test(cell)) / len(self.cells)

    def looks_like(self, target: str) -> bool:
        if target == "phone":
            return self.share(lambda cell: _is_phone(cell, self.region)) >= 0.6
        if target == "city_state":
            return self.share(lambda cell: split_city_state(cell)[1]) >= 0.7
        tests: dict[str, Callable[[str], object]] = {
            "email": _EMAIL.match,
            "state": state_code,
            "time_zone": is_zone,
        }
        return self.share(tests[target]) >= 0.8

    def contradicts(self, target: str) -> bool:
        """Whether the values rule out the heading: a "State" of "active" and "inactive"."""
        if not self.cells:
            return False
        if target == "phone":
            return self.share(lambda cell: sum(map(str.isdigit, cell)) >= 5) < 0.3
        if target == "email":
            return self.share(lambda cell: "@" in cell) < 0.3
        if target in ("first_name", "last_name", "full_name", "city"):
            return self.share(lambda cell: cell[0].isdigit() or "@" in cell) > 0.5
        if target == "city_state":
            return self.share(lambda cell: split_city_state(cell)[1]) < 0.3
        if target == "state":
            return self.share(lambda cell: _is_status_word(cell) or cell[0].isdigit()) > 0.5
        if target == "time_zone":
            return self.share(is_zone) < 0.3
        return False


def _claim_by_heading(columns: list[_Column], taken: dict[str, tuple[int, How]]) -> None:
    wanted: dict[str, list[tuple[int, int]]] = {}
    for column in columns:
        target, rank = RANKED.get(column.words, ("", 0))
        if target and not column.contradicts(target):
            # A column with no values at all yields to one that has some.
            wanted.setdefault(target, []).append(
                (rank + (0 if column.cells else 1000), column.index)
            )
    for target, claims in wanted.items():
        taken[target] = (min(claims)[1], How.HEADING)
    if "city" in taken and "state" in taken:
        taken.pop("city_state", None)


def _claim_name_words(columns: list[_Column], taken: dict[str, tuple[int, How]]) -> None:
    """Beside "Vorname" a "Name" is a last name, beside "Apellidos" a first, else the whole."""
    for column in columns:
        if column.words not in NAME_WORDS or column.contradicts("full_name"):
            continue
        if "last_name" in taken and "first_name" not in taken:
            target = "first_name"
        elif "first_name" in taken and "last_name" not in taken:
            target = "full_name" if _is_whole_name(column) else "last_name"
        else:
            target = "full_name"
        if target not in taken:
            taken[target] = (column.index, How.HEADING)


def _claim_by_values(columns: list[_Column], taken: dict[str, tuple[int, How]]) -> None:
    for target in ("email", "phone", "state", "city_state", "time_zone"):
        if target in taken or (target == "city_state" and {"city", "state"} & set(taken)):
            continue
        claimed = {index for index, _ in taken.values()}
        for column in columns:
            known, _ = RANKED.get(column.words, ("", 0))
            if column.index in claimed:
                continue
            if known and known != target and not column.contradicts(known):
                continue
            if column.looks_like(target):
                taken[target] = (column.index, How.VALUES)
                break


def _claim_names_without_heading(columns: list[_Column], taken: dict[str, tuple[int, How]]) -> None:
    """In a file without headings the first columns of words are names."""
    if {"first_name", "last_name", "full_name"} & set(taken):
        return
    claimed = {index for index, _ in taken.values()}
    worded = [
        column
        for column in columns
        if column.has_no_heading
        and column.index not in claimed
        and column.share(_WORDS_ONLY.match) >= 0.8
    ]
    if worded and _is_whole_name(worded[0]):
        taken["full_name"] = (worded[0].index, How.VALUES)
    elif worded:
        for target, column in zip(("first_name", "last_name"), worded, strict=False):
            taken[target] = (column.index, How.VALUES)


def _own_field(column: _Column, keys: set[str]) -> Guess:
    if column.has_no_heading:
        return Guess(SKIP, How.LEFT_OUT)
    key = attribute_key(column.heading)
    if not key:
        return Guess(SKIP, How.LEFT_OUT)
    unique, number = key, 1
    while unique in keys:
        number += 1
        unique = f"{key}_{number}"
    keys.add(unique)
    return Guess(ATTRIBUTE + unique, How.NEW_FIELD)


def _cells(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    cells = (unwrap_cell(row[index]) for row in rows[:_SAMPLE_CELLS] if index < len(row))
    return [cell for cell in cells if cell]


def _is_phone(cell: str, region: str) -> bool:
    digits = sum(map(str.isdigit, cell))
    if not 7 <= digits <= 17 or _DATE.match(cell):
        return False
    # A short bare number is more often a balance or an id than a phone number.
    if digits < 9 and cell.isdigit():
        return False
    try:
        parse_phone(cell, region, any_line=True)
    except PhoneProblem:
        return False
    return True


def _is_whole_name(column: _Column) -> bool:
    return column.share(lambda cell: len(cell.split()) > 1) >= 0.5


def _is_status_word(cell: str) -> bool:
    return heading_words(cell) in {
        "active", "inactive", "activo", "inactivo", "activa", "inactiva", "ativo", "inativo",
        "aktiv", "inaktiv", "attivo", "inattivo", "actif", "inactif", "enabled", "disabled", "yes",
        "no", "open", "closed", "new", "pending", "subscribed", "unsubscribed", "opted in",
        "opted out",
    }  # fmt: skip
