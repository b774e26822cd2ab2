"""Drafts: made, saved while somebody types, copied, deleted.

A draft is saved by one conditional UPDATE: it must still be a draft, and of the version the writer saw.
So two tabs never overwrite each other, and nobody changes a text that is on its way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from mbs_app.domain import names, plain_text
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.copy_names import free_name
from mbs_app.domain.errors import Conflict, InvalidInput
from mbs_app.domain.time_words import is_zone
from mbs_app.domain.vocabulary import CampaignKind, CampaignStatus
from mbs_app.models import Campaign, CampaignMessage, Sender
from mbs_app.services import audit, templates
from mbs_app.services.audiences import EVERYONE, clean_audience
from mbs_app.services.lookup import must_get, owner_of

LONGEST_NAME = 120
LONGEST_DRAFT = 4000
UNTITLED = "Untitled campaign"

_ALREADY_LEFT = "This campaign is no longer a draft, so it can’t be changed. Duplicate it instead."
_CHANGED = "This draft was changed somewhere else. Reload the page to see it as it is now."


class _Keep(Enum):
    KEEP = "keep"


KEEP: Final = _Keep.KEEP
"""The default of each value of :func:`save_draft`: leave it as it is."""
Kept = Literal[_Keep.KEEP]


def create_draft(
    session: Session,
    actor: Actor,
    *,
    name: str | None = None,
    message_body: str | None = None,
    template_id: UUID | None = None,
    audience: Mapping[str, Any] | None = None,
) -> Campaign:
    """A new draft, for everyone active unless ``audience`` says otherwise.

    Text and name come from the template where they aren't given. Raises NotFound (the template),
    InvalidInput.
    """
    template = templates.get_template(session, actor, template_id) if template_id else None
    if name is None:
        name = template.name if template else UNTITLED
    if message_body is None:
        message_body = template.message_body if template else ""
    draft = Campaign(
        user_id=owner_of(actor),
        name=clean_name(name),
        message_body=clean_text(message_body),
        audience=clean_audience(session, actor, EVERYONE if audience is None else audience),
    )
    session.add(draft)
    session.flush()
    audit.record(session, actor, "campaign.create", "campaign", draft.id, name=draft.name)
    return draft


def save_draft(
    session: Session,
    actor: Actor,
    campaign_id: UUID,
    *,
    expected_version: int | None = None,
    name: str | Kept = KEEP,
    message_body: str | Kept = KEEP,
    audience: Mapping[str, Any] | Kept = KEEP,
    scheduled_at: datetime | Kept | None = KEEP,
    schedule_time_zone: str | Kept | None = KEEP,
    sender_id: UUID | Kept | None = KEEP,
) -> Campaign:
    """Change what is given. A draft may be unfinished: what keeps it from being sent is the check's to say.

    ``expected_version`` is the version the writer saw; None overwrites whatever is there. Saving what
    stands there already changes nothing, the version included.

    Raises:
        NotFound: no such campaign.
        InvalidInput: a value can't be kept (name, message_body, audience, scheduled_at, time_zone, sender_id).
        Conflict: it is no draft any more, or somebody saved it since.
    """
    draft = get_campaign(session, actor, campaign_id)
    given = {
        "name": clean_name(name) if name is not KEEP else KEEP,
        "message_body": clean_text(message_body) if message_body is not KEEP else KEEP,
        "audience": clean_audience(session, actor, audience) if audience is not KEEP else KEEP,
        "scheduled_at": _clean_time(scheduled_at) if scheduled_at is not KEEP else KEEP,
        "schedule_time_zone": (
            _clean_zone(schedule_time_zone) if schedule_time_zone is not KEEP else KEEP
        ),
        "sender_id": _clean_sender(session, sender_id) if sender_id is not KEEP else KEEP,
    }
    changes = {
        key: value
        for key, value in given.items()
        if value is not KEEP and value != getattr(draft, key)
    }
    _refuse_unless_open(draft, expected_version)
    if not changes:
        return draft
    changed = session.execute(
        sa.update(Campaign)
        .where(
            col(Campaign.id) == draft.id,
            col(Campaign.status) == CampaignStatus.DRAFT,
            col(Campaign.version) == draft.version,
        )
        .values(**changes, version=Campaign.version + 1, updated_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    session.refresh(draft)
    if changed.rowcount != 1:
        raise Conflict(_CHANGED if draft.status == CampaignStatus.DRAFT else _ALREADY_LEFT)
    return draft


def get_campaign(session: Session, actor: Actor, campaign_id: UUID) -> Campaign:
    """One of the actor's campaigns, of any kind and state. Raises NotFound."""
    return must_get(session, Campaign, campaign_id, "campaign")


def duplicate_campaign(session: Session, actor: Actor, campaign_id: UUID) -> Campaign:
    """A draft with the same text, audience and sender, under a free name: "Fall sale (copy)".

    The time isn't copied: it has passed, or is taken by the first. Raises NotFound.
    """
    source = get_campaign(session, actor, campaign_id)
    taken = session.exec(
        select(Campaign.name).where(
            Campaign.user_id == source.user_id,
            Campaign.kind == CampaignKind.CAMPAIGN,
            col(Campaign.name).startswith(source.name[:80], autoescape=True),
        )
    ).all()
    copy = Campaign(
        user_id=source.user_id,
        name=free_name(source.name, taken, LONGEST_NAME),
        message_body=source.message_body,
        audience=dict(source.audience if source.kind == CampaignKind.CAMPAIGN else EVERYONE),
        sender_id=source.sender_id,
    )
    session.add(copy)
    session.flush()
    audit.record(session, actor, "campaign.duplicate", "campaign", copy.id, source=str(source.id))
    return copy


def delete_campaign(session: Session, actor: Actor, campaign_id: UUID) -> str:
    """Delete a draft, or a campaign cancelled before its first text; its name is returned.

    A campaign with texts on record stays: it says who got what, and why somebody didn't, which the law
    and the customers' histories need. Raises NotFound, and Conflict for such a one.
    """
    campaign = get_campaign(session, actor, campaign_id)
    has_books = session.exec(
        select(CampaignMessage.id).where(CampaignMessage.campaign_id == campaign.id).limit(1)
    ).first()
    if campaign.status == CampaignStatus.SCHEDULED:
        raise Conflict("This campaign is scheduled. Cancel it first, then delete it.")
    if campaign.status not in (CampaignStatus.DRAFT, CampaignStatus.CANCELLED) or has_books:
        raise Conflict("Campaigns that were sent are kept: their texts are part of your records.")
    deleted = session.execute(
        sa.delete(Campaign)
        .where(
            col(Campaign.id) == campaign.id,
            col(Campaign.status) == campaign.status,
            col(Campaign.version) == campaign.version,
        )
        .execution_options(synchronize_session=False)
    )
    if deleted.rowcount != 1:
        raise Conflict(_CHANGED)
    session.expunge(campaign)
    audit.record(session, actor, "campaign.delete", "campaign", campaign_id, name=campaign.name)
    return campaign.name


def require_checked(session: Session, actor: Actor, campaign_id: UUID, version: int) -> Campaign:
    """The draft, held for this transaction, if it is still the one that was checked.

    For the moment before launching: what was checked must be what is sent. A campaign that is on its way
    already passes, so that a second click stays harmless. Raises NotFound, Conflict.
    """
    found = must_get(session, Campaign, campaign_id, "campaign", lock=True)
    if found.status == CampaignStatus.DRAFT and found.version != version:
        raise Conflict("This draft was changed after the check. Check it once more before sending.")
    return found


def clean_name(name: str) -> str:
    ask = "Give the campaign a name. Only your team sees it."
    return names.clean_name(name, longest=LONGEST_NAME, when_empty=ask)


def clean_text(text: str) -> str:
    """The text as it is kept. Raises InvalidInput where it is too long even for a draft."""
    text = plain_text.clean_text(text)
    if len(text) > LONGEST_DRAFT:
        raise InvalidInput(
            message_body=f"Shorten the text to {LONGEST_DRAFT:,} characters; it has {len(text):,}."
        )
    return text


def _refuse_unless_open(draft: Campaign, expected_version: int | None) -> None:
    if draft.status != CampaignStatus.DRAFT or draft.kind != CampaignKind.CAMPAIGN:
        raise Conflict(_ALREADY_LEFT)
    if expected_version is not None and draft.version != expected_version:
        raise Conflict(_CHANGED)


def _clean_time(at: datetime | None) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise InvalidInput(scheduled_at="Give the time with its zone.")
    return at


def _clean_zone(zone: str | None) -> str | None:
    if zone is not None and not is_zone(zone):
        raise InvalidInput(time_zone="Pick a time zone from the list.")
    return zone


def _clean_sender(session: Session, sender_id: UUID | None) -> UUID | None:
    if sender_id is None:
        return None
    known = session.exec(
        select(Sender.id).where(Sender.id == sender_id, col(Sender.is_active).is_(True))
    ).first()
    if known is None:
        raise InvalidInput(sender_id="This number can’t send any more. Choose another.")
    return sender_id
