"""The people of an audience with the values their texts are filled with, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain import merge
from mbs_app.domain.phones import display_phone
from mbs_app.models import Customer
from mbs_app.queries import audience as audiences

CHUNK = 2000
"""Rows in memory at a time."""

ANYBODY = "anybody"

_HEX_DIGITS = 4


class Recipient(NamedTuple):
    """One person. ``skip_reason`` is None for those who will get the text; ``attributes`` is empty when it
    wasn't asked for."""

    customer_id: UUID | None
    phone: str
    skip_reason: str | None
    first_name: str
    last_name: str
    email: str
    city: str
    state: str
    attributes: Mapping[str, Any]

    @property
    def name(self) -> str:
        """As on screen: the number stands in for a missing name."""
        return f"{self.first_name} {self.last_name}".strip() or display_phone(self.phone)

    def values(self) -> dict[str, str]:
        """By field name, as the sender fills them in."""
        return merge.values_of(self)


def statement(
    user_id: UUID, audience: Mapping[str, Any], *, with_attributes: bool = True
) -> sa.Select[Any]:
    """The audience with its people's values, in no order yet. Names ``user_id`` itself."""
    chosen = audiences.members(user_id, audience).add_columns(
        Customer.first_name, Customer.last_name, Customer.email, Customer.city, Customer.state
    )
    return chosen.add_columns(Customer.attributes) if with_attributes else chosen


def needs_attributes(fields: tuple[str, ...]) -> bool:
    """Whether a text with these fields reads custom attributes, which cost a JSON parse a person."""
    return any(name not in merge.STANDARD_FIELDS for name in fields)


def read(
    session: Session,
    user_id: UUID,
    audience: Mapping[str, Any],
    *,
    fields: tuple[str, ...] = (),
    reason: str | None = ANYBODY,
    after: UUID | None = None,
) -> Iterator[Recipient]:
    """The people of the audience in the order in which texts leave, read as the caller goes along.

    ``fields`` are those the text needs. ``reason`` keeps to those left out for it, None to those who will
    get the text. ``after`` begins behind that customer.
    """
    with_attributes = needs_attributes(fields)
    query = statement(user_id, audience, with_attributes=with_attributes)
    if reason != ANYBODY:
        skip_reason = query.selected_columns.skip_reason
        query = query.where(skip_reason.is_(None) if reason is None else skip_reason == reason)
    if after is not None:
        query = query.where(Customer.id > after)
    rows = session.execute(query.order_by(Customer.id).execution_options(yield_per=CHUNK))
    for row in rows:
        yield _recipient(row, with_attributes)


def sample(
    session: Session,
    user_id: UUID,
    audience: Mapping[str, Any],
    *,
    fields: tuple[str, ...],
    of: int,
    wanted: int,
) -> list[Recipient]:
    """About ``wanted`` of the ``of`` people who will get the text, the same ones each time.

    Drawn by the random tail of their ids, and joined by those with the longest and the shortest values of
    the fields, so that the longest and the shortest text are among them or near.
    """
    chosen = _will_get(user_id, audience)
    if of > wanted:
        share = max(1, round(wanted / of * 16**_HEX_DIGITS))
        tail = _tail_of_id(session)
        spread = chosen.where(tail < f"{min(share, 16**_HEX_DIGITS - 1):0{_HEX_DIGITS}x}")
    else:
        spread = chosen
    found = {
        row.customer_id: _recipient(row, True)
        for row in session.execute(spread.order_by(Customer.id).limit(wanted * 2))
    }
    if of > wanted:
        for order in _extremes(session, fields):
            for row in session.execute(chosen.order_by(*order, Customer.id).limit(3)):
                found.setdefault(row.customer_id, _recipient(row, True))
    return list(found.values())


def _will_get(user_id: UUID, audience: Mapping[str, Any]) -> sa.Select[Any]:
    query = statement(user_id, audience)
    return query.where(query.selected_columns.skip_reason.is_(None))


def _extremes(session: Session, fields: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Orders that bring people with the shortest, then with the longest values to the front."""
    lengths = []
    for field in fields:
        if field == "full_name":
            lengths.append(sa.func.length(Customer.first_name) + sa.func.length(Customer.last_name))
        elif field in merge.STANDARD_FIELDS:
            lengths.append(sa.func.length(getattr(Customer, field)))
        else:
            lengths.append(sa.func.coalesce(sa.func.length(_attribute(session, field)), 0))
    if not lengths:
        return []
    together: Any = sum(lengths[1:], lengths[0])
    return [(together.desc(),), (together.asc(),)]


def _attribute(session: Session, key: str) -> Any:
    """A custom attribute as text; NULL where it is missing."""
    column = Customer.__table__.c.attributes
    if session.get_bind().dialect.name == "sqlite":
        return sa.cast(sa.func.json_extract(column, f'$."{key}"'), sa.Text)
    return column.op("->>", return_type=sa.Text)(key)


def _tail_of_id(session: Session) -> Any:
    words = sa.cast(Customer.id, sa.Text)
    if session.get_bind().dialect.name == "sqlite":
        return sa.func.substr(words, -_HEX_DIGITS)
    return sa.func.right(words, _HEX_DIGITS)


def _recipient(row: Any, with_attributes: bool) -> Recipient:
    return Recipient(
        row.customer_id,
        row.phone,
        row.skip_reason,
        row.first_name or "",
        row.last_name or "",
        row.email or "",
        row.city or "",
        row.state or "",
        (row.attributes or {}) if with_attributes else {},
    )
