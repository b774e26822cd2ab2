"""Customers in the words and shapes the list shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mbs_app.domain.carrier_codes import explain
from mbs_app.domain.clock import utc_now
from mbs_app.domain.consent_state import STATE_WORDS
from mbs_app.domain.phones import display_phone
from mbs_app.domain.reasons import skip_words
from mbs_app.domain.time_words import day_words
from mbs_app.domain.vocabulary import CustomerStatus, MessageStatus
from mbs_app.models import Customer
from mbs_app.queries.customer_marks import GroupMark, LastText
from mbs_app.services.customers import CustomerRow

MOST_CHIPS = 2
NAMELESS = "No name"


@dataclass(frozen=True, slots=True)
class Chip:
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """One row. ``text_status`` is empty for somebody who never got a text; ``more_groups`` names those
    the row has no room for."""

    id: str
    name: str
    phone: str
    place: str
    is_inactive: bool
    chips: list[Chip]
    more_groups: int
    more_names: str
    consent: str
    consent_words: str
    can_opt_out: bool
    text_status: str
    text_day: str
    text_words: str
    text_title: str
    added: str


def line_of(row: CustomerRow, zone: str, region: str, now: datetime | None = None) -> CustomerLine:
    now = now or utc_now()
    customer = row.customer
    rest = row.groups[MOST_CHIPS:]
    status, day, words, title = _last_text(row.last_text, now, zone)
    return CustomerLine(
        id=str(customer.id),
        name=name_of(customer),
        phone=display_phone(customer.phone, region),
        place=place_of(customer),
        is_inactive=customer.status == CustomerStatus.INACTIVE,
        chips=chips_of(row.groups[:MOST_CHIPS]),
        more_groups=len(rest),
        more_names=", ".join(group.name for group in rest),
        consent=row.consent.value,
        consent_words=STATE_WORDS[row.consent],
        can_opt_out=row.consent != "opted_out",
        text_status=status,
        text_day=day,
        text_words=words,
        text_title=title,
        added=day_words(customer.created_at, now, zone),
    )


def name_of(customer: Customer) -> str:
    return f"{customer.first_name} {customer.last_name}".strip() or NAMELESS


def place_of(customer: Customer) -> str:
    """ "Austin, TX"."""
    return ", ".join(part for part in (customer.city, customer.state) if part)


def chips_of(groups: Sequence[GroupMark]) -> list[Chip]:
    return [Chip(group.name, group.color) for group in groups]


def reason_words(status: str, skip_reason: str | None, error_code: int | None) -> str:
    """Why a text did not arrive, in plain words; "" where it did, or may yet."""
    if status == MessageStatus.FAILED:
        return explain(error_code).words
    if status == MessageStatus.SKIPPED:
        return skip_words(skip_reason)
    return ""


def listed(words: Sequence[str], joint: str = "or") -> str:
    """ "TX", "TX or OK", "TX, OK or NM", and "TX, OK and 3 more" for many."""
    if len(words) > 3:
        return f"{', '.join(words[:2])} and {len(words) - 2} more"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def _last_text(text: LastText | None, now: datetime, zone: str) -> tuple[str, str, str, str]:
    """Status, day ("Oct 14"), words for a card ("Delivered Oct 14"), and the reason on hover."""
    if text is None:
        return "", "", "", ""
    day = day_words(text.at, now, zone)
    lower = day.lower() if day in ("Today", "Yesterday", "Tomorrow") else day
    word = str(text.status).capitalize()
    return (
        text.status,
        day,
        f"{word} {lower}",
        reason_words(text.status, text.skip_reason, text.error_code),
    )
