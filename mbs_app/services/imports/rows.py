"""What one row of a file says of a person, and why a row can't be taken.

Only the phone number decides whether a row is taken: it is what a text is sent to. A value in another
column that can't be used, such as an email address without an @, is left out and said so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from mbs_app.domain.column_guess import SKIP, attribute_of, split_city_state, split_full_name
from mbs_app.domain.csv_dialect import unwrap_cell
from mbs_app.domain.names import field_label
from mbs_app.domain.phones import PhoneFault, PhoneProblem, parse_phone
from mbs_app.domain.time_words import is_zone
from mbs_app.domain.usa import normalise_state
from mbs_app.services.imports.reading import CELL_TOO_LONG, OPEN_QUOTE, FileRow
from mbs_app.services.imports.targets import SPLIT


class Refusal(StrEnum):
    """Why rows are refused, as far as they are told apart on the page."""

    NOT_A_NUMBER = "not_a_number"
    NO_NUMBER = "no_number"
    TWICE = "twice"
    LANDLINE = "landline"
    SERVICE = "service"
    TWO_NUMBERS = "two_numbers"
    BROKEN_ROW = "broken_row"


REFUSAL_WORDS = {
    Refusal.NOT_A_NUMBER: "Not a phone number",
    Refusal.NO_NUMBER: "No number",
    Refusal.TWICE: "Twice in this file",
    Refusal.LANDLINE: "Landline",
    Refusal.SERVICE: "Toll-free or service number",
    Refusal.TWO_NUMBERS: "Two numbers",
    Refusal.BROKEN_ROW: "Row out of shape",
}

VALUE_LEFT_OUT = "value_left_out"  # the reason of a row that is taken without one of its values

TEXT_LIMITS = {"first_name": 100, "last_name": 100, "city": 100, "state": 60, "notes": 5000}
EMAIL_LIMIT = 254
ATTRIBUTE_LIMIT = 1000

_REFUSAL_OF = {
    PhoneFault.EMPTY: Refusal.NO_NUMBER,
    PhoneFault.LANDLINE: Refusal.LANDLINE,
    PhoneFault.SERVICE: Refusal.SERVICE,
    PhoneFault.TWO_NUMBERS: Refusal.TWO_NUMBERS,
}
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
_NOTHING = frozenset(
    ("-", "--", "—", "?", ".", "n/a", "#n/a", "#ref!", "#value!", "#name?", "(null)", "(empty)")
)
# Words that mean nothing in these columns, and may be somebody's name in others.
_NOTHING_BUT_A_NAME = frozenset(
    ("null", "none", "nil", "na", "unknown", "no", "no email", "no phone")
)
_NO_PHONE = _NOTHING | _NOTHING_BUT_A_NAME


class Person(NamedTuple):
    """A row that can be taken. ``values`` holds the fields that the file fills; custom ones are in
    ``values["attributes"]``. ``left_out`` is a sentence about values that can't be used, or ""."""

    number: int
    phone: str
    values: dict[str, Any]
    left_out: str


class Refused(NamedTuple):
    """A row that can't. ``name`` and ``value`` show whose it is and what stood for the number."""

    number: int
    reason: str
    detail: str
    mend: str
    name: str
    value: str
    raw: list[str]


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows by one mapping. ``targets`` has a column's index, what it goes to, and the key if that is a
    custom field."""

    width: int
    region: str
    phone_at: int
    targets: tuple[tuple[int, str, str | None], ...]
    names_at: tuple[int, ...]

    @classmethod
    def of(cls, mapping: Sequence[Mapping[str, Any]], region: str) -> RowReader:
        """Raises ValueError when no column holds the phone number."""
        targets = [str(column["target"]) for column in mapping]
        filled = [
            (index, target, attribute_of(target))
            for index, target in enumerate(targets)
            if target not in (SKIP, "phone")
        ]
        # A whole name, or a town with its state, only fills what columns of their own leave open.
        filled.sort(key=lambda one: one[1] not in SPLIT)
        names = [targets.index(t) for t in ("first_name", "last_name") if t in targets]
        if not names and "full_name" in targets:
            names = [targets.index("full_name")]
        return cls(len(targets), region, targets.index("phone"), tuple(filled), tuple(names))

    def read(self, row: FileRow) -> Person | Refused:
        number, cells, fault = row
        if fault:
            return self._refused(row, Refusal.BROKEN_ROW, *_FAULTS[fault])
        if len(cells) > self.width and any(map(unwrap_cell, cells[self.width :])):
            return self._refused(
                row,
                Refusal.BROKEN_ROW,
                f"{len(cells)} cells, but the file has {_columns(self.width)}",
                "Put text that holds a comma in quotes and import the row again",
            )
        raw_phone = cells[self.phone_at] if self.phone_at < len(cells) else ""
        if raw_phone.strip().lower() in _NO_PHONE:
            raw_phone = ""
        try:
            phone = parse_phone(raw_phone, self.region)
        except PhoneProblem as problem:
            reason = _REFUSAL_OF.get(problem.reason, Refusal.NOT_A_NUMBER)
            return self._refused(row, reason, problem.message, _and_again(problem.mend))
        values, left_out = self._values(cells)
        return Person(number, phone, values, left_out)

    def twice(self, row: FileRow, first: int) -> Refused:
        """``row`` refused because row ``first`` has the same number."""
        return self._refused(
            row,
            Refusal.TWICE,
            f"Twice in this file: row {first:,} has the same number",
            "Keep one of the two rows",
        )

    def _values(self, cells: list[str]) -> tuple[dict[str, Any], str]:
        values: dict[str, Any] = {}
        attributes: dict[str, str] = {}
        left_out = ""
        for index, target, key in self.targets:
            if index >= len(cells) or not (text := unwrap_cell(cells[index])):
                continue
            if len(text) < 10 and text.lower() in _NOTHING:
                continue
            if key is not None:
                if len(text) > ATTRIBUTE_LIMIT:
                    left_out = _add(left_out, _too_long(field_label(key), ATTRIBUTE_LIMIT))
                else:
                    attributes[key] = text
                continue
            problem = _CLEANERS[target](text, values)
            if problem:
                left_out = _add(left_out, problem)
        if attributes:
            values["attributes"] = attributes
        return values, left_out

    def _refused(self, row: FileRow, reason: Refusal, detail: str, mend: str) -> Refused:
        def cell(index: int) -> str:
            return unwrap_cell(row.cells[index]) if index < len(row.cells) else ""

        broken = reason == Refusal.BROKEN_ROW
        name = "" if broken else " ".join(filter(None, map(cell, self.names_at)))
        value = cell(0) if broken else cell(self.phone_at)
        return Refused(
            row.number, reason, detail[:200], mend[:200], name[:200], value[:200], row.cells
        )


_FAULTS = {
    OPEN_QUOTE: (
        "A quote is opened in this row and never closed",
        "Close or remove the quote and import the row again",
    ),
    CELL_TOO_LONG: (
        "A cell is longer than a spreadsheet allows",
        "Shorten it and import the row again",
    ),
}


def _and_again(mend: str) -> str:
    one_row = mend.startswith(("Add the missing", "Fix", "Remove", "Start"))
    return f"{mend} and import the row again" if one_row else mend


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _add(sentences: str, another: str) -> str:
    return f"{sentences}; {another[0].lower()}{another[1:]}" if sentences else another


def _too_long(label: str, limit: int) -> str:
    return f"{label} left out: over {limit:,} characters"


# A file has many people of few towns.
_split_place = lru_cache(maxsize=4096)(split_city_state)


# Cleaners: each puts its value where it belongs, or says why it is left out. ------------------------


def _take_text(field: str) -> Callable[[str, dict[str, Any]], str]:
    limit = TEXT_LIMITS[field]

    def take(text: str, values: dict[str, Any]) -> str:
        tidy = text if field == "notes" else " ".join(text.split())
        if len(tidy) > limit:
            return _too_long(field_label(field), limit)
        values[field] = tidy
        return ""

    return take


def _take_state(text: str, values: dict[str, Any]) -> str:
    if text.lower() in _NOTHING_BUT_A_NAME:
        return ""
    state = normalise_state(" ".join(text.split()))
    if len(state) > TEXT_LIMITS["state"]:
        return _too_long("State", TEXT_LIMITS["state"])
    values["state"] = state
    return ""


def _take_email(text: str, values: dict[str, Any]) -> str:
    email = text.removeprefix("mailto:").strip("<> ").lower()
    if email in _NOTHING_BUT_A_NAME:
        return ""
    if len(email) > EMAIL_LIMIT or not _EMAIL.fullmatch(email):
        return "Email left out: not an address"
    values["email"] = email
    return ""


def _take_time_zone(text: str, values: dict[str, Any]) -> str:
    if text.lower() in _NOTHING_BUT_A_NAME:
        return ""
    if not is_zone(text):
        return "Time zone left out: not a zone such as America/Chicago"
    values["time_zone"] = text
    return ""


def _take_full_name(text: str, values: dict[str, Any]) -> str:
    first, last = split_full_name(text)
    if max(len(first), len(last)) > TEXT_LIMITS["first_name"]:
        return _too_long("Name", TEXT_LIMITS["first_name"])
    values.update({key: part for key, part in (("first_name", first), ("last_name", last)) if part})
    return ""


def _take_city_state(text: str, values: dict[str, Any]) -> str:
    city, state = _split_place(text)
    if len(city) > TEXT_LIMITS["city"]:
        return _too_long("City", TEXT_LIMITS["city"])
    values.update({key: part for key, part in (("city", city), ("state", state)) if part})
    return ""


_CLEANERS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    **{field: _take_text(field) for field in ("first_name", "last_name", "city", "notes")},
    "state": _take_state,
    "email": _take_email,
    "time_zone": _take_time_zone,
    "full_name": _take_full_name,
    "city_state": _take_city_state,
}
