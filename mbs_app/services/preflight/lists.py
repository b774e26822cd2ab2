"""The lists behind the check's numbers, a page at a time and as a file.

They go through the people in the order in which texts leave and stop when a page is full; a page begins
behind the last person of the one before. Whatever is counted by filling texts in is found by filling them
in again, so a list never disagrees with its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.csv_dialect import csv_text, guard_text
from mbs_app.domain.reasons import skip_words
from mbs_app.domain.segments import Measure, measure
from mbs_app.domain.vocabulary import SkipReason
from mbs_app.models import Campaign
from mbs_app.queries import recipients
from mbs_app.queries.recipients import Recipient
from mbs_app.services.campaigns.drafts import get_campaign
from mbs_app.services.preflight.facts import SampleText
from mbs_app.services.preflight.tally import as_sample

MAX_PAGE = 50

_PIECE = 1_000
_HEADINGS = ("phone", "first_name", "last_name", "email", "city", "state", "left_out")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """``phone`` is E.164."""

    customer_id: UUID | None
    name: str
    phone: str
    city: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """``next_after`` is where the next page begins; None on the last one."""

    rows: tuple[PersonLine, ...]
    next_after: UUID | None


@dataclass(frozen=True, slots=True)
class TextFilter:
    """Which texts; every part that is set must hold. ``blank`` names a field that is empty."""

    segments: int | None = None
    unicode: bool = False
    blank: str = ""


@dataclass(frozen=True, slots=True)
class TextLine:
    phone: str
    sample: SampleText


@dataclass(frozen=True, slots=True)
class TextPage:
    rows: tuple[TextLine, ...]
    next_after: UUID | None


def left_out_page(
    session: Session,
    actor: Actor,
    campaign_id: UUID,
    reason: str | None = None,
    *,
    after: UUID | None = None,
    limit: int = MAX_PAGE,
) -> PeoplePage:
    """People left out for ``reason``, or for any where it is None. Raises NotFound."""
    draft = get_campaign(session, actor, campaign_id)
    found = _left_out(session, draft, reason, after)
    limit = min(max(1, limit), MAX_PAGE)
    people = [person for person, _ in zip(found, range(limit + 1), strict=False)]
    rows = tuple(_line(person) for person in people[:limit])
    return PeoplePage(rows, rows[-1].customer_id if len(people) > limit else None)


def texts_page(
    session: Session,
    actor: Actor,
    campaign_id: UUID,
    wanted: TextFilter | None = None,
    *,
    after: UUID | None = None,
    limit: int = MAX_PAGE,
) -> TextPage:
    """Texts as they would leave, those that ``wanted`` means. Raises NotFound."""
    wanted = wanted or TextFilter()
    draft = get_campaign(session, actor, campaign_id)
    template = merge.parse(draft.message_body)
    limit = min(max(1, limit), MAX_PAGE)
    rows: list[TextLine] = []
    more = False
    for person in recipients.read(
        session, draft.user_id, draft.audience, fields=template.fields, reason=None, after=after
    ):
        rendered = template.render(person.values())
        measured = measure(rendered.text)
        if not rendered.text.strip() or not _is_wanted(wanted, rendered, measured):
            continue
        if len(rows) == limit:
            more = True
            break
        rows.append(TextLine(person.phone, as_sample("text", person, rendered, measured)))
    return TextPage(tuple(rows), rows[-1].sample.customer_id if more else None)


def left_out_piece(
    session: Session, draft: Campaign, *, after: UUID | None, reason: str | None = None
) -> tuple[str, UUID | None]:
    """The next thousand people that ``draft``, as it was read, leaves out: CSV lines, and where to go on; None
    when that was all."""
    found = list(islice(_left_out(session, draft, reason, after), _PIECE))
    lines: list[Sequence[str]] = [_HEADINGS] if after is None else []
    for person in found:
        told = (person.first_name, person.last_name, person.email, person.city, person.state)
        lines.append((person.phone, *map(guard_text, told), skip_words(person.skip_reason)))
    return csv_text(lines), found[-1].customer_id if len(found) == _PIECE else None


def _left_out(
    session: Session, draft: Campaign, reason: str | None, after: UUID | None
) -> Iterator[Recipient]:
    """In the order of the audience. Who is left with an empty text is found by filling it in."""
    empties = SkipReason.EMPTY_TEXT.value
    template = merge.parse(draft.message_body)
    may_be_empty = reason in (None, empties) and not any(
        isinstance(part, str) and part.strip() for part in template.parts
    )
    wanted = recipients.ANYBODY if reason is None else None if reason == empties else reason
    if reason == empties and not may_be_empty:
        return
    for person in recipients.read(
        session,
        draft.user_id,
        draft.audience,
        fields=template.fields if may_be_empty else (),
        reason=wanted,
        after=after,
    ):
        if person.skip_reason is not None:
            yield person
        elif may_be_empty and not template.render(person.values()).text.strip():
            yield person._replace(skip_reason=empties)


def _is_wanted(wanted: TextFilter, rendered: merge.Rendered, measured: Measure) -> bool:
    if wanted.segments is not None and measured.segments != wanted.segments:
        return False
    if wanted.unicode and measured.encoding != "UCS-2":
        return False
    return not wanted.blank or wanted.blank in (*rendered.blanks, *rendered.fallbacks_used)


def _line(person: Recipient) -> PersonLine:
    return PersonLine(
        person.customer_id,
        person.name,
        person.phone,
        person.city,
        person.state,
        skip_words(person.skip_reason),
    )
