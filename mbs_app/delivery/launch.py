"""Step 1: from a draft to a campaign that runs, and what its owner may do with it on the way.

Every change of status is one conditional UPDATE: one row changed, or somebody else was faster and nothing
happens. That is what makes a second click harmless. The audience is taken a moment later, by a worker
(:mod:`mbs_app.delivery.launcher`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.delivery import checks, signals
from mbs_app.delivery.checks import get_campaign
from mbs_app.delivery.direct import schedule_message, send_test
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput
from mbs_app.domain.lifecycle import FINAL_CAMPAIGNS, sources_of
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.models import Campaign
from mbs_app.queries import clock
from mbs_app.services import audit

__all__ = [
    "cancel",
    "confirm_late",
    "get_campaign",
    "launch",
    "pause",
    "resume",
    "schedule_message",
    "send_test",
    "unschedule",
]

_S = CampaignStatus


def launch(
    session: Session,
    actor: Actor,
    campaign_id: UUID,
    *,
    at: datetime | None = None,
    time_zone: str | None = None,
) -> Campaign:
    """Send a draft now, or at ``at`` (aware), shown in ``time_zone`` (IANA).

    The sender and the price of a segment are frozen here. A campaign that is on its way already comes
    back as it is. Raises NotFound; InvalidInput with the field to mend (message_body, audience, sender_id,
    scheduled_at); Conflict for one that was cancelled or failed.
    """
    campaign = get_campaign(session, campaign_id, lock=True)
    if campaign.status in (_S.CANCELLED, _S.FAILED):
        raise Conflict("This campaign was stopped for good. Duplicate it to send it again.")
    if campaign.status != _S.DRAFT:
        return campaign
    now = clock.db_now(session)
    if at is not None and at <= now:
        raise InvalidInput(scheduled_at="This time has passed. Pick a later one.")
    if time_zone is not None:
        _check_zone(time_zone)
    checks.check_text(session, campaign.user_id, campaign.message_body)
    checks.check_audience(session, campaign.user_id, campaign.audience)
    sender = checks.pick_sender(session, campaign.sender_id)
    _move(
        session,
        actor,
        "campaign.launch" if at is None else "campaign.schedule",
        campaign,
        [_S.DRAFT],
        _S.SENDING if at is None else _S.SCHEDULED,
        sender_id=sender.id,
        price_per_segment_micros=sender.price_per_segment_micros,
        scheduled_at=at,
        schedule_time_zone=time_zone if at is not None else None,
        late_since=None,
        pause_reason="",
    )
    return campaign


def unschedule(session: Session, actor: Actor, campaign_id: UUID) -> Campaign:
    """Back to a draft, so that it can be edited. Raises NotFound, and Conflict once it has begun."""
    campaign = get_campaign(session, campaign_id)
    moved = _move(
        session,
        actor,
        "campaign.unschedule",
        campaign,
        [_S.SCHEDULED],
        _S.DRAFT,
        scheduled_at=None,
        schedule_time_zone=None,
        late_since=None,
    )
    if not moved and campaign.status != _S.DRAFT:
        raise Conflict("This campaign has begun already. Pause or cancel it instead.")
    return campaign


def confirm_late(session: Session, actor: Actor, campaign_id: UUID, *, send: bool) -> Campaign:
    """The owner's answer to a schedule that fell due while the program was down: send it now, or make it
    a draft again. Answered twice, the first answer holds. Raises NotFound."""
    campaign = get_campaign(session, campaign_id)
    late = Campaign.late_since.is_not(None)
    if send:
        _move(
            session,
            actor,
            "campaign.send_late",
            campaign,
            [_S.SCHEDULED],
            _S.SENDING,
            late,
            late_since=None,
        )
    else:
        _move(
            session,
            actor,
            "campaign.unschedule",
            campaign,
            [_S.SCHEDULED],
            _S.DRAFT,
            late,
            late_since=None,
            scheduled_at=None,
            schedule_time_zone=None,
        )
    return campaign


def pause(session: Session, actor: Actor, campaign_id: UUID, *, reason: str = "") -> Campaign:
    """Hand nothing further over; what is on its way finishes. ``reason`` is shown to the owner.

    Pausing what is paused changes nothing. Raises NotFound, and Conflict where nothing is being sent.
    """
    campaign = get_campaign(session, campaign_id)
    moved = _move(
        session,
        actor,
        "campaign.pause",
        campaign,
        [_S.SENDING],
        _S.PAUSED,
        pause_reason=reason[:300],
    )
    if not moved and campaign.status not in (_S.PAUSED, _S.SENT):
        raise Conflict("Nothing is being sent, so there is nothing to pause.")
    return campaign


def resume(session: Session, actor: Actor, campaign_id: UUID) -> Campaign:
    """Go on after a pause. Raises NotFound, and Conflict where the campaign isn't paused."""
    campaign = get_campaign(session, campaign_id)
    moved = _move(
        session,
        actor,
        "campaign.resume",
        campaign,
        [_S.PAUSED],
        _S.SENDING,
        pause_reason="",
        resumed_at=clock.db_now(session),
    )
    if not moved and campaign.status not in (_S.SENDING, _S.SENT):
        raise Conflict("This campaign isn’t paused.")
    return campaign


def cancel(session: Session, actor: Actor, campaign_id: UUID) -> Campaign:
    """Stop for good. Texts not yet handed over are skipped, by a worker, in batches; what is on its way
    finishes. Raises NotFound, and Conflict for a draft or one that ended otherwise."""
    campaign = get_campaign(session, campaign_id)
    moved = _move(
        session,
        actor,
        "campaign.cancel",
        campaign,
        sources_of(_S.CANCELLED),
        _S.CANCELLED,
        late_since=None,
        pause_reason="",
    )
    if not moved and campaign.status == _S.DRAFT:
        raise Conflict("A draft isn’t sent by itself. Delete it if you don’t need it.")
    if not moved and campaign.status in FINAL_CAMPAIGNS - {_S.CANCELLED}:
        raise Conflict("This campaign has ended already.")
    return campaign


def _move(
    session: Session,
    actor: Actor,
    action: str,
    campaign: Campaign,
    sources: Sequence[CampaignStatus] | frozenset[CampaignStatus],
    to: CampaignStatus,
    *also: Any,
    **values: Any,
) -> bool:
    """Move the campaign if it is still in one of ``sources``; it is read again either way.

    ``action`` is what the audit log then says of it.
    """
    session.flush()
    changed = session.execute(
        sa.update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.status.in_(sorted(sources)), *also)
        .values(status=to, version=Campaign.version + 1, updated_at=utc_now(), **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(campaign)
    if not changed.rowcount:
        return False
    audit.record(
        session,
        actor,
        action,
        "campaign",
        campaign.id,
        name=campaign.name,
        scheduled_at=campaign.scheduled_at.isoformat() if campaign.scheduled_at else None,
        reason=campaign.pause_reason,
    )
    signals.work.ring_after_commit(session, campaign.id)
    signals.changes.ring_after_commit(session, campaign.id)
    return True


def _check_zone(time_zone: str) -> None:
    try:
        ZoneInfo(time_zone)
    except (KeyError, ValueError, OSError):
        raise InvalidInput(time_zone="Pick a time zone from the list.") from None
