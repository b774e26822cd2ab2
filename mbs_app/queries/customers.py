"""Which customers a search, filters and a sort mean, and one page of them.

Statements name ``user_id`` themselves: the indexes begin with it, and it holds inside INSERT … SELECT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from mbs_app.domain.consent_state import OPT_OUT_REASONS, ConsentState
from mbs_app.domain.names import fold
from mbs_app.domain.phones import PhoneProblem, parse_phone
from mbs_app.domain.vocabulary import Channel, ConsentKind, SuppressionReason
from mbs_app.models import (
    CampaignMessage,
    ConsentEvent,
    Customer,
    GroupMembership,
    Suppression,
)
from mbs_app.queries.fold_search import contains, words_of

SHORTEST_NUMBER = 3  # digits; fewer are looked for in names and emails only
SHORTEST_WHOLE = 7
ATTRIBUTE_SAMPLE = 500


class Sort(StrEnum):
    NAME = "name"
    CITY = "city"
    ADDED = "added"
    LAST_TEXT = "last_text"


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """Every part that is set must hold; ``states`` and ``group_ids`` each mean any of those listed.

    ``region`` says how to read a number without a country code.
    """

    search: str = ""
    status: str | None = None
    states: tuple[str, ...] = ()
    group_ids: tuple[UUID, ...] = ()
    consent: ConsentState | None = None
    region: str = "US"

    @property
    def is_empty(self) -> bool:
        return not (
            self.search.strip() or self.status or self.states or self.group_ids or self.consent
        )


def matching(session: Session, user_id: UUID, chosen: CustomerFilter) -> list[Any]:
    """The conditions on Customer that ``chosen`` stands for, the owner's among them."""
    conditions: list[Any] = [Customer.user_id == user_id]
    if chosen.status:
        conditions.append(Customer.status == chosen.status)
    if chosen.states:
        conditions.append(col(Customer.state).in_(chosen.states))
    if chosen.group_ids:
        conditions.append(col(Customer.id).in_(_members_of(user_id, chosen.group_ids)))
    if chosen.consent:
        conditions.append(_has_state(user_id, chosen.consent))
    conditions.extend(_search(session, chosen.search, chosen.region))
    return conditions


def count(session: Session, conditions: Sequence[Any]) -> int:
    return session.exec(
        sa.select(sa.func.count()).select_from(Customer).where(*conditions)
    ).scalar_one()


@dataclass(frozen=True, slots=True)
class PageOfIds:
    """``ids`` in order; ``total`` that match; ``page`` runs from 1 to ``pages``."""

    ids: tuple[UUID, ...]
    total: int
    page: int
    pages: int


def page_of_ids(
    session: Session,
    user_id: UUID,
    conditions: Sequence[Any],
    *,
    sort: Sort,
    descending: bool,
    page: int,
    size: int,
) -> PageOfIds:
    """The ids on one page of those that match; a page past the end gives the last one.

    A page beyond the middle is read from the other end, so that the last page is as fast as the first.
    """
    total = count(session, conditions)
    pages = max(1, -(-total // size))
    page = max(1, min(page, pages))
    offset = (page - 1) * size
    take = min(size, total - offset)
    if take <= 0:
        return PageOfIds((), total, page, pages)
    from_the_end = offset > total // 2
    order = _order(user_id, sort, descending != from_the_end, blanks_first=from_the_end)
    skip = total - offset - take if from_the_end else offset
    query = sa.select(Customer.id).where(*conditions).order_by(*order).offset(skip).limit(take)
    ids = tuple(session.exec(query).scalars())
    return PageOfIds(ids[::-1] if from_the_end else ids, total, page, pages)


def page_of_found(
    session: Session,
    user_id: UUID,
    conditions: Sequence[Any],
    *,
    sort: Sort,
    descending: bool,
    page: int,
    size: int,
) -> PageOfIds:
    """As :func:`page_of_ids` for a search, which has to look at everybody: it looks once, not twice."""
    order = _order(user_id, sort, descending, blanks_first=False)
    query = sa.select(Customer.id, sa.func.count().over()).where(*conditions).order_by(*order)
    offset = (max(1, page) - 1) * size
    rows = session.exec(query.offset(offset).limit(size)).all()
    if not rows and offset:
        return page_of_ids(
            session, user_id, conditions, sort=sort, descending=descending, page=page, size=size
        )
    total = rows[0][1] if rows else 0
    return PageOfIds(tuple(row[0] for row in rows), total, max(1, page), max(1, -(-total // size)))


def ids_after(
    session: Session,
    conditions: Sequence[Any],
    *,
    after: UUID | None,
    until: UUID | None,
    limit: int,
) -> list[UUID]:
    """The next ids in their own order (that of being added), for work in chunks.

    ``until`` leaves out customers added after the work began: ids rise with time.
    """
    query = sa.select(Customer.id).where(*conditions)
    if after is not None:
        query = query.where(col(Customer.id) > after)
    if until is not None:
        query = query.where(col(Customer.id) <= until)
    return list(session.exec(query.order_by(col(Customer.id)).limit(limit)).scalars())


def states_in_use(session: Session, user_id: UUID) -> list[tuple[str, int]]:
    """(state, people) for each state that customers have, by name; those without one are left out."""
    found = session.exec(
        sa.select(Customer.state, sa.func.count())
        .where(Customer.user_id == user_id, Customer.state != "")
        .group_by(Customer.state)
        .order_by(Customer.state)
    )
    return [(state, people) for state, people in found]


def attribute_keys(session: Session, user_id: UUID) -> list[str]:
    """The custom attributes that customers have, sorted.

    Looked up among the first and the last few hundred customers: files bring their columns in bulk.
    """
    keys: set[str] = set()
    for direction in (sa.asc, sa.desc):
        rows = session.exec(
            sa.select(Customer.attributes)
            .where(Customer.user_id == user_id)
            .order_by(direction(col(Customer.created_at)), direction(col(Customer.id)))
            .limit(ATTRIBUTE_SAMPLE)
        ).scalars()
        keys.update(*rows)
    return sorted(keys)


def somebody_has_attribute(session: Session, user_id: UUID, key: str) -> bool:
    """Whether any customer has the attribute ``key``; for one that the sample didn't show."""
    if session.get_bind().dialect.name == "sqlite":
        has: Any = sa.func.json_type(Customer.attributes, f'$."{key}"').is_not(None)
    else:
        has = sa.func.jsonb_exists(Customer.attributes, key)
    query = sa.select(sa.literal(1)).where(Customer.user_id == user_id, has).limit(1)
    return session.exec(query).first() is not None


# Parts of a filter -------------------------------------------------------------------------------


def _members_of(user_id: UUID, group_ids: Sequence[UUID]) -> Any:
    return sa.select(GroupMembership.customer_id).where(
        col(GroupMembership.group_id).in_(group_ids), GroupMembership.user_id == user_id
    )


def suppressed(user_id: UUID, reasons: Sequence[SuppressionReason]) -> Any:
    """The numbers that this owner may not text for one of ``reasons``."""
    return sa.select(Suppression.address).where(
        Suppression.channel == Channel.SMS,
        col(Suppression.reason).in_(reasons),
        sa.or_(col(Suppression.user_id).is_(None), Suppression.user_id == user_id),
    )


def opted_in(user_id: UUID) -> Any:
    """The numbers whose owner said yes at some time."""
    return sa.select(ConsentEvent.address).where(
        ConsentEvent.kind == ConsentKind.OPTED_IN,
        ConsentEvent.channel == Channel.SMS,
        sa.or_(col(ConsentEvent.user_id).is_(None), ConsentEvent.user_id == user_id),
    )


def _has_state(user_id: UUID, state: ConsentState) -> Any:
    """The same rule as :func:`mbs_app.domain.consent_state.state_of`."""
    phone = col(Customer.phone)
    out = phone.in_(suppressed(user_id, OPT_OUT_REASONS))
    if state == ConsentState.OPTED_OUT:
        return out
    if state == ConsentState.CANNOT_RECEIVE:
        cannot = phone.in_(suppressed(user_id, (SuppressionReason.CANNOT_RECEIVE,)))
        return sa.and_(cannot, sa.not_(out))
    free = phone.not_in(suppressed(user_id, (*OPT_OUT_REASONS, SuppressionReason.CANNOT_RECEIVE)))
    said_yes = phone.in_(opted_in(user_id))
    return sa.and_(free, said_yes if state == ConsentState.OPTED_IN else sa.not_(said_yes))


def _search(session: Session, text: str, region: str) -> list[Any]:
    words = words_of(text)
    text = " ".join(words)
    if not text:
        return []
    digits = _digits(text)
    if whole := _whole_number(text, digits, region):
        exact = Customer.phone == whole
        # Digits that are whole at home may be the end of a number abroad.
        return [exact if _is_certain(text, whole) else sa.or_(exact, _has_digits(digits))]
    if digits and not any(letter.isalpha() for letter in text):
        return [_has_digits(digits)]
    return [_word(session, word) for word in words]


def _whole_number(text: str, digits: str, region: str) -> str | None:
    if len(digits) < SHORTEST_WHOLE:
        return None
    try:
        return parse_phone(text, region, any_line=True)
    except PhoneProblem:
        return None


def _is_certain(text: str, whole: str) -> bool:
    return "+" in text or (whole.startswith("+1") and len(whole) == 12)


def _has_digits(digits: str) -> Any:
    """Leading zeros of a whole number are dialled, not stored: 0151 … is +49 151 … at home."""
    stored = digits.lstrip("0") if len(digits) >= SHORTEST_WHOLE else digits
    return col(Customer.phone).contains(stored or digits, autoescape=True)


def _word(session: Session, word: str) -> Any:
    """One look at all that is written about a person costs a third of three looks."""
    written = Customer.first_name + " " + Customer.last_name + " " + Customer.email
    if word.isdigit() and len(word) >= SHORTEST_NUMBER:
        written = written + " " + Customer.phone
    return contains(session, written, word)


def _digits(text: str) -> str:
    found = "".join(letter for letter in fold(text) if letter.isdecimal() and letter.isascii())
    return found if len(found) >= SHORTEST_NUMBER else ""


# Sorting -----------------------------------------------------------------------------------------


def _order(user_id: UUID, sort: Sort, descending: bool, *, blanks_first: bool) -> list[Any]:
    """Ends with the id, so that pages neither repeat nor miss a row."""
    direction = sa.desc if descending else sa.asc
    if sort == Sort.LAST_TEXT:
        newest = direction(last_text_id(user_id))
        placed = newest.nulls_first() if blanks_first else newest.nulls_last()
        return [placed, direction(col(Customer.id))]
    columns: dict[Sort, tuple[Any, ...]] = {
        Sort.NAME: (Customer.last_name, Customer.first_name, Customer.id),
        Sort.CITY: (Customer.city, Customer.id),
        Sort.ADDED: (Customer.created_at, Customer.id),
    }
    return [direction(column) for column in columns[sort]]


def last_text_id(user_id: UUID) -> Any:
    """The id of the newest text to a customer's number, for a query on Customer."""
    message = sa.orm.aliased(CampaignMessage)
    return (
        sa.select(message.id)
        .where(message.user_id == user_id, message.phone_number == Customer.phone)
        .order_by(message.id.desc())
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )
