"""Campaigns over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from mbs_app import db
from mbs_app.api.actors import Reading, Sending, Writing
from mbs_app.api.downloads import csv_answer
from mbs_app.api.paging import ListPage, Page
from mbs_app.delivery import launch
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.models import Campaign
from mbs_app.services import audit, campaigns, messages, preflight

router = APIRouter(prefix="/api/campaigns", tags=["Campaigns"])

Name = Annotated[str, Field(max_length=200, examples=["Double points weekend"])]
Body = Annotated[
    str, Field(max_length=4000, examples=["Hi {first_name|there}, points count twice."])
]
Audience = Annotated[
    dict[str, Any],
    Field(
        description='{"mode": "all"}, {"mode": "rules", "group_ids": […], "states": […]} or '
        '{"mode": "selection", "customer_ids": […]}.',
        examples=[{"mode": "rules", "group_ids": [], "states": ["TX"]}],
    ),
]


class CampaignIn(BaseModel):
    name: Name | None = None
    message_body: Body = ""
    audience: Audience | None = None
    sender_id: UUID | None = None


class CampaignChange(BaseModel):
    """What is left out stays as it is. Only drafts can be changed."""

    name: Name = ""
    message_body: Body = ""
    audience: Audience = {}
    sender_id: UUID | None = None


class SendingTime(BaseModel):
    """At once when ``at`` is left out."""

    at: AwareDatetime | None = None
    time_zone: Annotated[str | None, Field(max_length=64, examples=["America/Chicago"])] = None


class Counts(BaseModel):
    """Disjoint; they add up to ``total_recipients``."""

    pending: int
    sending: int
    sent: int
    delivered: int
    failed: int
    skipped: int
    unknown: int


class CampaignOut(BaseModel):
    id: UUID
    name: str
    message_body: str
    status: CampaignStatus
    audience: dict[str, Any]
    sender_id: UUID | None
    total_recipients: int
    counts: Counts
    segments_sent: int
    scheduled_at: datetime | None
    launched_at: datetime | None
    sent_at: datetime | None
    pause_reason: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, campaign: Campaign) -> CampaignOut:
        counts = {name: getattr(campaign, f"{name}_count") for name in Counts.model_fields}
        own = campaign.model_dump(include=set(cls.model_fields) - {"counts"})
        return cls(**own, counts=Counts(**counts))


@router.get("", summary="List campaigns")
def list_campaigns(
    actor: Reading,
    paging: Page,
    status: Annotated[CampaignStatus | None, Query(description="Only these.")] = None,
) -> ListPage[CampaignOut]:
    """The newest first."""
    with db.transaction(actor, read_only=True) as session:
        found = campaigns.list_campaigns_after(
            session, actor, after=paging.after, status=status, limit=paging.limit
        )
    return paging.page(found, CampaignOut.of, lambda campaign: campaign.id)


@router.post("", status_code=201, summary="Create a draft")
def create_campaign(form: CampaignIn, actor: Writing) -> CampaignOut:
    with db.transaction(actor) as session:
        draft = campaigns.create_draft(
            session,
            actor,
            name=form.name,
            message_body=form.message_body,
            audience=form.audience,
        )
        if form.sender_id is not None:
            draft = campaigns.save_draft(session, actor, draft.id, sender_id=form.sender_id)
        return CampaignOut.of(draft)


@router.get("/{campaign_id}", summary="Read a campaign and its counts")
def read_campaign(campaign_id: UUID, actor: Reading) -> CampaignOut:
    with db.transaction(actor, read_only=True) as session:
        return CampaignOut.of(campaigns.get_campaign(session, actor, campaign_id))


@router.put("/{campaign_id}", summary="Change a draft")
def change_campaign(campaign_id: UUID, form: CampaignChange, actor: Writing) -> CampaignOut:
    with db.transaction(actor) as session:
        changed = campaigns.save_draft(
            session, actor, campaign_id, **form.model_dump(exclude_unset=True)
        )
        return CampaignOut.of(changed)


@router.delete("/{campaign_id}", status_code=204, summary="Delete a draft")
def delete_campaign(campaign_id: UUID, actor: Writing) -> None:
    """Campaigns that were sent stay: they are the books."""
    with db.transaction(actor) as session:
        campaigns.delete_campaign(session, actor, campaign_id)


@router.post("/{campaign_id}/send", summary="Send a campaign, now or at a time")
def send_campaign(
    campaign_id: UUID, actor: Sending, form: SendingTime | None = None
) -> CampaignOut:
    """Calling it twice sends once."""
    form = form or SendingTime()
    with db.transaction(actor) as session:
        launched = launch.launch(session, actor, campaign_id, at=form.at, time_zone=form.time_zone)
        return CampaignOut.of(launched)


@router.post("/{campaign_id}/pause", summary="Pause a campaign")
def pause_campaign(campaign_id: UUID, actor: Sending) -> CampaignOut:
    with db.transaction(actor) as session:
        return CampaignOut.of(launch.pause(session, actor, campaign_id))


@router.post("/{campaign_id}/resume", summary="Resume a paused campaign")
def resume_campaign(campaign_id: UUID, actor: Sending) -> CampaignOut:
    with db.transaction(actor) as session:
        return CampaignOut.of(launch.resume(session, actor, campaign_id))


@router.post("/{campaign_id}/cancel", summary="Cancel what has not left yet")
def cancel_campaign(campaign_id: UUID, actor: Sending) -> CampaignOut:
    with db.transaction(actor) as session:
        return CampaignOut.of(launch.cancel(session, actor, campaign_id))


@router.get("/{campaign_id}/failures.csv", summary="Texts that failed, with reasons, as CSV")
def failures(campaign_id: UUID, actor: Reading) -> StreamingResponse:
    _note_export(actor, campaign_id, "failed texts")
    return csv_answer(
        actor,
        lambda session, actor, after: messages.failures_piece(
            session, actor, campaign_id, after=after
        ),
        "failed-texts.csv",
    )


@router.get("/{campaign_id}/left-out.csv", summary="Who a draft leaves out, with reasons, as CSV")
def left_out(campaign_id: UUID, actor: Reading) -> StreamingResponse:
    draft = _note_export(actor, campaign_id, "people left out")
    return csv_answer(
        actor,
        lambda session, _, after: preflight.left_out_piece(session, draft, after=after),
        "left-out.csv",
    )


def _note_export(actor: Actor, campaign_id: UUID, what: str) -> Campaign:
    """Put on record that names and numbers leave the program. Raises NotFound."""
    with db.transaction(actor) as session:
        campaign = campaigns.get_campaign(session, actor, campaign_id)
        audit.record(
            session,
            actor,
            "campaign.export",
            "campaign",
            campaign_id,
            name=campaign.name,
            what=what,
        )
        return campaign
