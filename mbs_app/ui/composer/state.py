"""What the composer does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.domain.phones import display_phone
from mbs_app.domain.time_words import clock_time, day_words
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.models import Campaign
from mbs_app.services import accounts, audiences, campaigns
from mbs_app.services.audiences import CustomerChoice, GroupChoice, StateChoice
from mbs_app.services.campaigns import MergeField, SenderChoice
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.browser import focus
from mbs_app.ui.composer import samples
from mbs_app.ui.composer.choosing import Choosing, picked_ids
from mbs_app.ui.composer.dialogs import Dialogs
from mbs_app.ui.composer.saving import Saving
from mbs_app.ui.composer.timing import UNFINISHED, Timing
from mbs_app.ui.composer.writing import Writing
from mbs_app.ui.session import BaseState


class ComposerState(Writing, Choosing, Timing, Saving, Dialogs, BaseState, rx.State):
    """One draft. Its parts are mixins: the text, the audience, the time and number, saving, dialogs."""

    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_loaded: bool = False
    is_missing: bool = False

    @rx.event
    async def load(self) -> Any:
        """Open the draft that the address names; a campaign on its way has a page of its own."""
        wanted = self._route_value("campaign_id")
        if wanted != self._draft_id:
            self.is_loaded = False
        self.is_missing, self.dialog, self.problem, self.field_problems = False, "", "", {}
        self._rest()
        try:
            opened = await self._read(_open, wanted)
        except NotFound:
            self.is_missing = True
            return None
        if opened.draft.status != CampaignStatus.DRAFT:
            return rx.redirect(f"/campaigns/{opened.draft.id}", replace=True)
        await self._show(opened)
        return None

    @rx.event
    async def check(self) -> Any:
        """Go to the check once everything is saved."""
        _, problem = self._moment()
        if problem:
            self.when_problem = problem
            return focus("send-date")
        return self._leave_when_saved(f"/campaigns/{self._draft_id}/check")

    async def _show(self, opened: Opened) -> None:
        draft = opened.draft
        self._draft_id, self._version = str(draft.id), draft.version
        self.name, self.body = draft.name, draft.message_body
        self._own_zone, self._region = opened.zone, opened.region
        self.save_problem = ""
        self.saved_words = f"Saved {_lately(draft.updated_at, utc_now(), opened.zone)}"
        self.own_phone = opened.phone
        self.shown_kind, self._shown_id = "typical", ""
        self._offer_fields(opened.fields)
        self._offer_senders(opened.senders, draft.sender_id)
        self._show_audience(draft.audience, opened.groups, opened.states, opened.picked)
        self._show_moment(draft.scheduled_at, draft.schedule_time_zone)
        key = samples.key_of(draft.user_id, self._audience(), self._fields())
        await self._take_crowd(opened.crowd, key)
        self.is_loaded = True

    def _to_save(self) -> dict[str, Any]:
        """The page as :func:`mbs_app.services.campaigns.save_draft` takes it."""
        at, problem = self._moment()
        return {
            "name": self.name,
            "message_body": self.body,
            "audience": self._audience(),
            "scheduled_at": None if problem == UNFINISHED else at,
            "schedule_time_zone": self.zone if self.when == "later" else None,
            "sender_id": UUID(self.sender_id) if self.sender_id else None,
        }


@dataclass(frozen=True, slots=True)
class Opened:
    """Everything the page needs, read in one transaction."""

    draft: Campaign
    fields: list[MergeField]
    groups: list[GroupChoice]
    states: list[StateChoice]
    picked: list[CustomerChoice]
    senders: list[SenderChoice]
    crowd: samples.Crowd
    zone: str
    region: str
    phone: str


def _lately(moment: datetime, now: datetime, zone: str) -> str:
    """The time alone for today, the day for longer ago."""
    day = day_words(moment, now, zone)
    return clock_time(moment, zone) if day == "Today" else day


def _open(session: Session, actor: Actor, wanted: str) -> Opened:
    draft = campaigns.get_campaign(session, actor, as_id(wanted, "campaign"))
    profile = accounts.my_profile(session, actor)
    picked = picked_ids(draft.audience)
    return Opened(
        draft=draft,
        fields=campaigns.merge_fields(session, actor),
        groups=audiences.groups_to_choose(session, actor),
        states=audiences.states_to_choose(session, actor),
        picked=audiences.selected_customers(session, actor, picked) if picked else [],
        senders=campaigns.senders_to_choose(session, actor),
        crowd=samples.read(session, actor, draft.audience, merge.parse(draft.message_body).fields),
        zone=profile.time_zone,
        region=profile.default_region,
        phone=display_phone(profile.phone, profile.default_region) if profile.phone else "",
    )
