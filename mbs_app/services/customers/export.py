"""Customers as a CSV file, written piece by piece."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import STATE_WORDS
from mbs_app.models import Customer, new_id
from mbs_app.queries import customer_marks
from mbs_app.queries.bulk import any_of
from mbs_app.services import audit
from mbs_app.services.customers.listing import Selection, count_selected, next_chunk
from mbs_app.services.lookup import owner_of

_COLUMNS = (
    "phone", "first_name", "last_name", "email", "city", "state", "status", "groups", "consent",
    "time_zone", "notes", "added",
)  # fmt: skip
_BYTE_ORDER_MARK = "\ufeff"  # tells Excel that the file is UTF-8
# A spreadsheet reads a cell that begins like this as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_csv(session: Session, actor: Actor, selection: Selection) -> Iterator[str]:
    """The selected customers, in the order in which they were added, a thousand at a time.

    Custom fields are columns of their own after the standard ones. The file can be imported again. A cell
    that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    owner, until = owner_of(actor), new_id()
    attributes = _attribute_columns(session, actor, selection, until)
    yield _BYTE_ORDER_MARK + _lines([(*_COLUMNS, *attributes)])
    for ids in _chunks(session, actor, selection, until):
        customers = list(
            session.exec(select(Customer).where(any_of(Customer.id, ids)).order_by(Customer.id))  # type: ignore[arg-type]
        )
        groups = customer_marks.groups_of(session, owner, ids)
        consent = customer_marks.consent_of(session, owner, [one.phone for one in customers])
        yield _lines(
            [
                *_standard_cells(
                    one,
                    "; ".join(group.name for group in groups.get(one.id, ())),
                    STATE_WORDS[consent[one.phone]],
                ),
                *(_safe(one.attributes.get(key)) for key in attributes),
            ]
            for one in customers
        )
        for one in customers:
            session.expunge(one)


def note_export(session: Session, actor: Actor, selection: Selection) -> None:
    """Put on record that these customers are taken out of the program."""
    people = count_selected(session, actor, selection)
    audit.record(session, actor, "customers.export", "customer", people=people)


def _chunks(
    session: Session, actor: Actor, selection: Selection, until: UUID
) -> Iterator[list[UUID]]:
    after = None
    while ids := next_chunk(session, actor, selection, after=after, until=until):
        yield ids
        after = ids[-1]


def _attribute_columns(
    session: Session, actor: Actor, selection: Selection, until: UUID
) -> list[str]:
    """Every custom field that one of them has: the heading comes before the first row."""
    keys: set[str] = set()
    for ids in _chunks(session, actor, selection, until):
        found = session.execute(sa.select(Customer.attributes).where(any_of(Customer.id, ids)))
        for attributes in found.scalars():
            keys.update(attributes)
    return sorted(keys)


def _standard_cells(customer: Customer, groups: str, consent: str) -> list[str]:
    text = (customer.first_name, customer.last_name, customer.email, customer.city, customer.state)
    return [
        customer.phone,
        *map(_safe, text),
        str(customer.status),
        _safe(groups),
        consent,
        customer.time_zone or "",
        _safe(customer.notes),
        customer.created_at.isoformat(timespec="seconds"),
    ]


def _safe(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else str(value)


def _lines(rows: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()
