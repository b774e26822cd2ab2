"""Customers as a CSV file, written piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import STATE_WORDS
from mbs_app.domain.csv_dialect import csv_text, guard_text
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


@dataclass(frozen=True, slots=True)
class Export:
    """What was asked for. ``attributes`` are the columns of custom fields; customers that were added after
    ``until`` are in no piece."""

    selection: Selection
    until: UUID
    attributes: tuple[str, ...]


def begin_export(session: Session, actor: Actor, selection: Selection) -> Export:
    """Look through the selected customers for their custom fields: the headings come before the first row."""
    until = new_id()
    return Export(selection, until, tuple(_attribute_columns(session, actor, selection, until)))


def export_piece(
    session: Session, actor: Actor, export: Export, *, after: UUID | None
) -> tuple[str, UUID | None]:
    """The next thousand customers as CSV lines, in the order in which they were added, and where to go on;
    None when that was all.

    Custom fields are columns of their own after the standard ones. The file can be imported again. A cell
    that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    owner = owner_of(actor)
    lines: list[Sequence[str]] = [(*_COLUMNS, *export.attributes)] if after is None else []
    ids = next_chunk(session, actor, export.selection, after=after, until=export.until)
    customers = list(
        session.exec(select(Customer).where(any_of(Customer.id, ids)).order_by(Customer.id))
    )
    groups = customer_marks.groups_of(session, owner, ids)
    consent = customer_marks.consent_of(session, owner, [one.phone for one in customers])
    lines += [
        [
            *_standard_cells(
                one,
                "; ".join(group.name for group in groups.get(one.id, ())),
                STATE_WORDS[consent[one.phone]],
            ),
            *(_cell(one.attributes.get(key)) for key in export.attributes),
        ]
        for one in customers
    ]
    return csv_text(lines), ids[-1] if ids else None


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
        *map(guard_text, text),
        str(customer.status),
        guard_text(groups),
        consent,
        customer.time_zone or "",
        guard_text(customer.notes),
        customer.created_at.isoformat(timespec="seconds"),
    ]


def _cell(value: Any) -> str:
    return guard_text(value) if isinstance(value, str) else "" if value is None else str(value)
