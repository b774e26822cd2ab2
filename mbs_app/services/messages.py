"""A campaign's texts, one by one: pages filtered by outcome, why some failed, why some were left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.carrier_codes import explain
from mbs_app.domain.csv_dialect import csv_text, guard_text
from mbs_app.domain.reasons import skip_words
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Customer
from mbs_app.models.base import UtcDateTime
from mbs_app.queries.bulk import any_of
from mbs_app.services.lookup import must_get

PAGE = 50
PIECE = 1_000
"""Rows of a download that are read at once."""
_FAILURE_HEADINGS = ("Name", "Number", "Reason", "Code", "Time (UTC)")
MOST_NEWER = 1_000
"""Newer texts are counted up to here: beyond, nobody wants to know exactly."""


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One text in a list."""

    id: UUID
    customer_id: UUID | None
    name: str
    phone: str
    place: str
    status: str
    last: str
    segments: int
    at: datetime


class Spot(NamedTuple):
    """Where a text stands in the list, which has the last touched first."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class MessagePage:
    """``total`` counts all that match, on every page."""

    lines: list[MessageLine]
    total: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why texts failed, or were left out, and how many. ``code`` is the carrier's, where there is one."""

    words: str
    count: int
    code: int | None = None


def page_of_messages(
    session: Session,
    actor: Actor,
    campaign_id: UUID,
    *,
    status: str | None = None,
    search: str = "",
    after: Spot | None = None,
) -> MessagePage:
    """Fifty texts, the last touched first, from below ``after``.

    Pages hang on spots and not on numbers: while texts are touched, and so move to the top, the pages
    below neither repeat nor skip anybody. Raises NotFound.
    """
    campaign = must_get(session, Campaign, campaign_id, "campaign")
    wanted = _wanted(campaign_id, status, search)
    statement = _lines(select(CampaignMessage, Customer)).where(*wanted)
    if after is not None:
        statement = statement.where(_spot() < _at(after))
    rows = session.exec(
        statement.order_by(
            col(CampaignMessage.updated_at).desc(), col(CampaignMessage.id).desc()
        ).limit(PAGE + 1)
    ).all()
    return MessagePage(
        [_line(message, customer) for message, customer in rows[:PAGE]],
        _total(session, campaign, wanted, status, search),
        len(rows) > PAGE,
    )


def count_matching(
    session: Session,
    actor: Actor,
    campaign_id: UUID,
    *,
    status: str | None = None,
    search: str = "",
) -> int:
    """As ``MessagePage.total``. Raises NotFound."""
    campaign = must_get(session, Campaign, campaign_id, "campaign")
    return _total(session, campaign, _wanted(campaign_id, status, search), status, search)


def count_newer(
    session: Session,
    actor: Actor,
    campaign_id: UUID,
    *,
    above: Spot | None,
    shown: Collection[UUID],
    status: str | None = None,
    search: str = "",
) -> int:
    """Texts touched since the list was read, other than those it shows; at most ``MOST_NEWER``."""
    wanted = _wanted(campaign_id, status, search)
    if above is not None:
        wanted.append(_spot() > _at(above))
    if shown:
        wanted.append(col(CampaignMessage.id).not_in(list(shown)))
    some = select(CampaignMessage.id).where(*wanted).limit(MOST_NEWER)
    if search.strip():
        some = _lines(some)
    return session.exec(select(func.count()).select_from(some.subquery())).one()


def lines_of(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, MessageLine]:
    """The texts with these ids, as they are now."""
    if not ids:
        return {}
    rows = session.exec(
        _lines(select(CampaignMessage, Customer)).where(any_of(CampaignMessage.id, ids))
    )
    return {message.id: _line(message, customer) for message, customer in rows}


def failures(session: Session, actor: Actor, campaign_id: UUID) -> list[Reason]:
    """Why texts of a campaign failed, the most frequent reason first; codes that mean the same are one."""
    rows = session.exec(
        select(CampaignMessage.error_code, func.count())
        .where(
            CampaignMessage.campaign_id == campaign_id,
            CampaignMessage.status == MessageStatus.FAILED,
        )
        .group_by(col(CampaignMessage.error_code))
    ).all()
    return merged(Reason(explain(code).words, count, code) for code, count in rows)


def left_out(session: Session, actor: Actor, campaign_id: UUID) -> list[Reason]:
    """Why people of a campaign were skipped, the most frequent reason first."""
    rows = session.exec(
        select(CampaignMessage.skip_reason, func.count())
        .where(
            CampaignMessage.campaign_id == campaign_id,
            CampaignMessage.status == MessageStatus.SKIPPED,
        )
        .group_by(col(CampaignMessage.skip_reason))
    ).all()
    return merged(Reason(skip_words(reason or ""), count) for reason, count in rows)


def merged(reasons: Iterator[Reason]) -> list[Reason]:
    """Reasons with the same words added up, the most frequent first."""
    by_words: dict[str, Reason] = {}
    for reason in reasons:
        earlier = by_words.get(reason.words)
        count = reason.count + (earlier.count if earlier else 0)
        by_words[reason.words] = Reason(reason.words, count, reason.code)
    return sorted(by_words.values(), key=lambda reason: (-reason.count, reason.words))


def failures_piece(
    session: Session, actor: Actor, campaign_id: UUID, *, after: Spot | None
) -> tuple[str, Spot | None]:
    """The next thousand texts that failed, as CSV lines with a reason in plain words, and where to go on; None
    when that was all. Raises NotFound."""
    must_get(session, Campaign, campaign_id, "campaign")
    wanted = _lines(select(CampaignMessage, Customer)).where(
        *_wanted(campaign_id, MessageStatus.FAILED, "")
    )
    if after is not None:
        wanted = wanted.where(_spot() > _at(after))
    order = (col(CampaignMessage.updated_at), col(CampaignMessage.id))
    rows = session.exec(wanted.order_by(*order).limit(PIECE)).all()
    lines: list[Sequence[str]] = [_FAILURE_HEADINGS] if after is None else []
    lines += [
        (
            guard_text(_name(customer)),
            message.phone_number,
            explain(message.error_code).words,
            str(message.error_code or ""),
            message.updated_at.isoformat(timespec="seconds"),
        )
        for message, customer in rows
    ]
    ends_at = Spot(rows[-1][0].updated_at, rows[-1][0].id) if len(rows) == PIECE else None
    return csv_text(lines), ends_at


def _lines(statement: Any) -> Any:
    """The statement with the customer each text went to, where there still is one."""
    return statement.outerjoin(Customer, col(Customer.id) == CampaignMessage.customer_id)


def _wanted(campaign_id: UUID, status: str | None, search: str) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [col(CampaignMessage.campaign_id) == campaign_id]
    if status:
        wanted.append(col(CampaignMessage.status) == status)
    if search.strip():
        wanted.append(_matches(search.strip()))
    return wanted


def _total(
    session: Session,
    campaign: Campaign,
    wanted: Sequence[ColumnElement[bool]],
    status: str | None,
    search: str,
) -> int:
    """From the books; only a search has to be counted."""
    if search.strip():
        matching = _lines(select(func.count()).select_from(CampaignMessage)).where(*wanted)
        return int(session.exec(matching).one())
    if status in {one.value for one in MessageStatus}:
        return int(getattr(campaign, f"{status}_count"))
    return campaign.total_recipients


def _spot() -> Any:
    return sa.tuple_(col(CampaignMessage.updated_at), col(CampaignMessage.id))


def _at(spot: Spot) -> Any:
    return sa.tuple_(sa.literal(spot.at, UtcDateTime()), sa.literal(spot.id, sa.Uuid()))


def _matches(search: str) -> ColumnElement[bool]:
    digits = "".join(letter for letter in search if letter.isdigit())
    names = or_(
        col(Customer.first_name).icontains(search, autoescape=True),
        col(Customer.last_name).icontains(search, autoescape=True),
        (col(Customer.first_name) + " " + col(Customer.last_name)).icontains(
            search, autoescape=True
        ),
    )
    is_number = len(digits) >= 3 and not any(letter.isalpha() for letter in search)
    if is_number:
        return or_(names, col(CampaignMessage.phone_number).contains(digits))
    return names


def _line(message: CampaignMessage, customer: Customer | None) -> MessageLine:
    return MessageLine(
        id=message.id,
        customer_id=message.customer_id,
        name=_name(customer),
        phone=message.phone_number,
        place=", ".join(part for part in (customer.city, customer.state) if part)
        if customer
        else "",
        status=message.status,
        last=_what_happened_last(message),
        segments=message.segments,
        at=message.updated_at,
    )


def _name(customer: Customer | None) -> str:
    if customer is None:
        return ""
    return f"{customer.first_name} {customer.last_name}".strip()


def _what_happened_last(message: CampaignMessage) -> str:
    match message.status:
        case MessageStatus.PENDING if message.attempts:
            return "Set aside, will be tried again"
        case MessageStatus.PENDING:
            return f"Queued at place {message.position:,}"
        case MessageStatus.SENDING:
            return "Being handed to the carrier"
        case MessageStatus.SENT:
            return "Carrier has it, no receipt yet"
        case MessageStatus.DELIVERED:
            return "Phone confirmed receipt"
        case MessageStatus.SKIPPED:
            return skip_words(message.skip_reason or "")
        case MessageStatus.UNKNOWN:
            return "Carrier never said" + ("; we keep asking" if message.next_look_at else "")
        case _:
            return explain(message.error_code).words
