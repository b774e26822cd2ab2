"""A row of a file beside the customer who has its number: what is new, and what the two make together.

An import fills in and corrects; it never empties. So only what the file says counts, and custom fields
that it doesn't mention stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mbs_app.domain.column_guess import ATTRIBUTE
from mbs_app.domain.vocabulary import RowOutcome
from mbs_app.queries.imports import PERSON_FIELDS, Known


def changed_fields(known: Known, values: Mapping[str, Any]) -> list[str]:
    """The fields in which ``values`` differ, custom ones as "attribute:points"."""
    changed = [
        field
        for field, value in values.items()
        if field != "attributes" and known.fields[field] != value
    ]
    for key, value in values.get("attributes", {}).items():
        # A number may have come in another way; "940" and 940 are the same to a reader.
        if key not in known.attributes or str(known.attributes[key]) != value:
            changed.append(ATTRIBUTE + key)
    return changed


def outcome_of(known: Known | None, values: Mapping[str, Any]) -> RowOutcome:
    if known is None:
        return RowOutcome.ADD
    return RowOutcome.UPDATE if changed_fields(known, values) else RowOutcome.UNCHANGED


def merged(known: Known, values: Mapping[str, Any]) -> dict[str, Any]:
    """The PERSON_FIELDS and attributes of a customer once ``values`` are filled in."""
    return {
        **known.fields,
        **values,
        "attributes": {**known.attributes, **values.get("attributes", {})},
    }


def fresh(values: Mapping[str, Any]) -> dict[str, Any]:
    """The PERSON_FIELDS and attributes of a customer who wasn't known."""
    blank: dict[str, Any] = dict.fromkeys(PERSON_FIELDS, "")
    return {**blank, "time_zone": None, "attributes": {}, **values}
