"""The list of customers, page by page, and selections too large to hold in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import ConsentState
from mbs_app.models import Customer
from mbs_app.queries import customer_marks
from mbs_app.queries import customers as queries
from mbs_app.queries.bulk import any_of
from mbs_app.queries.customer_marks import GroupMark, LastText
from mbs_app.queries.customers import CustomerFilter, Sort
from mbs_app.services.customers.fields import home_region
from mbs_app.services.lookup import owner_of

MAX_PAGE = 50
CHUNK = 1000


@dataclass(frozen=True, slots=True)
class CustomerRow:
    customer: Customer
    groups: tuple[GroupMark, ...]
    consent: ConsentState
    last_text: LastText | None


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """``matching`` and ``everyone`` count people; ``page`` runs from 1 to ``pages``."""

    rows: tuple[CustomerRow, ...]
    matching: int
    everyone: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        """The place of the first row among those that match, from 1; 0 when there is none."""
        return (self.page - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0

    size: int = MAX_PAGE


@dataclass(frozen=True, slots=True)
class Selection:
    """Customers ticked one by one (``ids``), or all that match a filter."""

    ids: tuple[UUID, ...] = ()
    matching: CustomerFilter | None = None


def list_customers(
    session: Session,
    actor: Actor,
    chosen: CustomerFilter | None = None,
    *,
    sort: Sort = Sort.NAME,
    descending: bool = False,
    page: int = 1,
    size: int = MAX_PAGE,
) -> CustomerPage:
    """One page of the customers that match, at most 50; a page past the end gives the last one.

    The number of statements doesn't grow with the rows.
    """
    chosen, size = chosen or CustomerFilter(), max(1, min(size, MAX_PAGE))
    owner, conditions = _conditions(session, actor, chosen)
    look = queries.page_of_found if chosen.search.strip() else queries.page_of_ids
    found = look(
        session,
        owner,
        conditions,
        sort=Sort(sort),
        descending=descending,
        page=page,
        size=size,
    )
    everyone = found.total if chosen.is_empty else count_everyone(session, actor)
    rows = _rows(session, owner, found.ids)
    return CustomerPage(rows, found.total, everyone, found.page, found.pages, size)


def customers_after(
    session: Session,
    actor: Actor,
    chosen: CustomerFilter | None = None,
    *,
    after: UUID | None = None,
    limit: int = MAX_PAGE,
) -> list[CustomerRow]:
    """The next rows after the customer ``after``, in the order in which they were added: for cursors."""
    owner, conditions = _conditions(session, actor, chosen or CustomerFilter())
    ids = queries.ids_after(session, conditions, after=after, until=None, limit=limit)
    return list(_rows(session, owner, ids))


def count_everyone(session: Session, actor: Actor) -> int:
    return queries.count(session, [Customer.user_id == owner_of(actor)])


def list_states(session: Session, actor: Actor) -> list[tuple[str, int]]:
    """(state, people) for each state the actor's customers live in."""
    return queries.states_in_use(session, owner_of(actor))


def count_selected(session: Session, actor: Actor, selection: Selection) -> int:
    return queries.count(session, _selected(session, actor, selection))


def next_chunk(
    session: Session,
    actor: Actor,
    selection: Selection,
    *,
    after: UUID | None = None,
    until: UUID | None = None,
    limit: int = CHUNK,
) -> list[UUID]:
    """The next ids of a selection, for work in chunks with a transaction each.

    Pass the last id of a chunk as ``after``; an empty list ends it. ``until`` (a ``new_id()`` made when
    the work begins) leaves out whoever is added meanwhile.
    """
    return queries.ids_after(
        session, _selected(session, actor, selection), after=after, until=until, limit=limit
    )


def _selected(session: Session, actor: Actor, selection: Selection) -> list[Any]:
    if selection.matching is not None:
        return _conditions(session, actor, selection.matching)[1]
    return [Customer.user_id == owner_of(actor), any_of(Customer.id, selection.ids)]


def _conditions(session: Session, actor: Actor, chosen: CustomerFilter) -> tuple[UUID, list[Any]]:
    owner = owner_of(actor)
    if chosen.search.strip():
        chosen = replace(chosen, region=home_region(session, actor))
    return owner, queries.matching(session, owner, chosen)


def _rows(session: Session, owner: UUID, ids: Sequence[UUID]) -> tuple[CustomerRow, ...]:
    """The customers with these ids, in this order, with what the list shows beside each."""
    if not ids:
        return ()
    found = {
        customer.id: customer
        for customer in session.exec(select(Customer).where(col(Customer.id).in_(ids)))
    }
    groups = customer_marks.groups_of(session, owner, ids)
    consent = customer_marks.consent_of(session, owner, [one.phone for one in found.values()])
    texts = customer_marks.last_texts(session, owner, ids)
    return tuple(
        CustomerRow(
            customer=found[key],
            groups=groups.get(key, ()),
            consent=consent[found[key].phone],
            last_text=texts.get(key),
        )
        for key in ids
        if key in found
    )
