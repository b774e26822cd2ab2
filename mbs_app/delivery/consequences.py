"""What a failed text means beyond itself: for the person, for its campaign, for the sender."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.carrier_codes import NO_DETAIL, CodeAction, CodeMeaning, explain
from mbs_app.domain.vocabulary import MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Sender
from mbs_app.queries import campaigns, suppressed
from mbs_app.queries.settle import Row
from mbs_app.services import audit

_campaigns: Any = Campaign.__table__
_messages: Any = CampaignMessage.__table__
_senders: Any = Sender.__table__

_SYSTEM = Actor.system("sender")

SLOW_FOR = 10.0
LONGEST_SLOW = 60.0
"""Seconds for which a sender is slowed down after the provider asked for it."""


class Consequences:
    """Gathered while the rows of one transaction are settled, then carried out once.

    Everywhere a sender is locked before a campaign, as the claim does: hence the two steps around the
    writing of the rows.
    """

    def __init__(self) -> None:
        self._opted_out: dict[str, str] = {}
        self._dead: dict[tuple[UUID, str], str] = {}
        self._troubles: set[tuple[UUID, int]] = set()
        self._refused: dict[UUID, str] = {}
        self._slowed: dict[UUID, float] = {}

    def of_failure(self, row: Row) -> None:
        """``row`` has failed with its error code, by the provider's answer or by a receipt."""
        meaning = explain(row.error_code)
        if meaning.action is CodeAction.SUPPRESS_OPT_OUT:
            self._opted_out[row.phone_number] = meaning.words
        elif meaning.action is CodeAction.SUPPRESS_NUMBER:
            self._dead[row.user_id, row.phone_number] = meaning.words
        elif meaning.action is CodeAction.PAUSE_CAMPAIGN and row.error_code is not None:
            self._troubles.add((row.campaign_id, row.error_code))
        elif meaning.action is CodeAction.SLOW_DOWN:
            self.slow_down(row.campaign_id, None)

    def refuse(self, campaign_id: UUID, words: str) -> None:
        """The provider takes nothing from this campaign's sender: pause it and say why."""
        self._refused[campaign_id] = words

    def slow_down(self, campaign_id: UUID, seconds: float | None) -> None:
        wanted = min(seconds or SLOW_FOR, LONGEST_SLOW)
        self._slowed[campaign_id] = max(wanted, self._slowed.get(campaign_id, 0.0))

    def before_saving(self, session: Session, now: datetime) -> None:
        if self._slowed:
            _slow(session, self._slowed, now)

    def after_saving(self, session: Session, now: datetime) -> None:
        if self._opted_out:
            suppressed.opted_out_at_the_carrier(session, self._opted_out, now)
        if self._dead:
            suppressed.cannot_receive(session, self._dead, now)
        for campaign_id, code in sorted(self._troubles):
            meaning = explain(code)
            if _failures_since_resumed(session, campaign_id, code) >= meaning.pause_after:
                self._refused.setdefault(campaign_id, f"{meaning.words}. {meaning.advice}")
        for campaign_id, words in sorted(self._refused.items()):
            pause(session, campaign_id, words, now)


def pause(session: Session, campaign_id: UUID, reason: str, now: datetime) -> None:
    """Pause a campaign that is sending, for a reason its owner is shown."""
    paused = campaigns.pause(session, _campaigns.c.id == campaign_id, reason, now)
    for _, name in paused:
        audit.record(
            session, _SYSTEM, "campaign.pause", "campaign", campaign_id, name=name, reason=reason
        )


def words_for(meaning: CodeMeaning, fallback: str) -> str:
    """The short reason of a code, or what the provider said where the code tells nothing."""
    return (fallback if meaning.words == NO_DETAIL and fallback else meaning.words)[:300]


def _failures_since_resumed(session: Session, campaign_id: UUID, code: int) -> int:
    """Failures of texts handed over since the owner last resumed: older ones they know about."""
    since = sa.select(_campaigns.c.resumed_at).where(_campaigns.c.id == campaign_id)
    resumed = since.scalar_subquery()
    found: int = (
        session.connection().scalar(
            sa.select(sa.func.count()).where(
                _messages.c.campaign_id == campaign_id,
                _messages.c.status == MessageStatus.FAILED,
                _messages.c.error_code == code,
                sa.or_(
                    resumed.is_(None),
                    sa.func.coalesce(_messages.c.attempting_at, _messages.c.sent_at) >= resumed,
                ),
            )
        )
        or 0
    )
    return found


def _slow(session: Session, slowed: dict[UUID, float], now: datetime) -> None:
    ids: Collection[UUID] = sorted(slowed)
    until = now + timedelta(seconds=max(slowed.values()))
    senders = sa.select(_campaigns.c.sender_id).where(_campaigns.c.id.in_(ids))
    session.connection().execute(
        sa.update(_senders)
        .where(
            _senders.c.id.in_(senders),
            sa.or_(_senders.c.slowed_until.is_(None), _senders.c.slowed_until < until),
        )
        .values(slowed_until=until)
    )
