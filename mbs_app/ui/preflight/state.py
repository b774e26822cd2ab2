"""What the check page does: checks in the background, opens the lists, sends."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app import db
from mbs_app.delivery import launch
from mbs_app.domain import plain_letters
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, MbsError, NotFound
from mbs_app.domain.opt_out_line import with_opt_out_line
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.models import Campaign
from mbs_app.services import accounts, campaigns, preflight
from mbs_app.services.preflight import Preflight
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.toast import notify
from mbs_app.ui.preflight import view
from mbs_app.ui.preflight.lists import Lists
from mbs_app.ui.preflight.view import CheckView
from mbs_app.ui.session import BaseState, current_actor

LOOK_EVERY = 0.25
"""Seconds between two updates of the progress bar."""


class PreflightState(Lists, BaseState, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN

    draft_id: str = ""
    name: str = ""
    is_missing: bool = False
    is_checking: bool = False
    is_checked: bool = False
    is_stopping: bool = False
    is_sending: bool = False
    done: int = 0
    total: int = 0
    check: CheckView = CheckView()

    _version: int = -1
    _zone: str = "UTC"
    _run_number: int = 0

    @rx.event
    async def load(self) -> Any:
        """Open the draft of the address, and check it."""
        wanted = self._route_value("campaign_id")
        if wanted != self.draft_id:
            self.is_checked, self.check = False, CheckView()
        self.is_missing, self.is_sending, self.problem = False, False, ""
        self._close_list()
        try:
            draft, self._zone = await self._read(_open, wanted)
        except NotFound:
            self.is_missing = True
            return None
        if draft.status != CampaignStatus.DRAFT:
            return rx.redirect(f"/campaigns/{draft.id}", replace=True)
        self.draft_id, self.name = str(draft.id), draft.name
        return PreflightState.run

    @rx.event(background=True)
    async def run(self) -> None:
        """Fill in every text in a thread, and show how far it is."""
        actor = await current_actor()
        async with self:
            self._run_number += 1
            number, draft_id = self._run_number, self._own_id()
            self.is_checking, self.is_stopping, self.problem = True, False, ""
            self.done = self.total = 0
        job = _Job()
        task = asyncio.create_task(asyncio.to_thread(job.run, actor, draft_id))
        try:
            while not task.done():
                await asyncio.wait([task], timeout=LOOK_EVERY)
                async with self:
                    if self._run_number != number or self.is_stopping:
                        job.stop.set()
                    elif not task.done():
                        self.done, self.total = job.done, job.total
            found, problem = await task
        finally:
            job.stop.set()
        async with self:
            if self._run_number != number:
                return
            self.is_checking = self.is_stopping = False
            self.problem = problem
            if found is not None:
                self._version = found.version
                self.check = view.build(found, utc_now(), self._zone)
                self.is_checked = True

    @rx.event
    async def stop(self) -> None:
        self.is_stopping = True

    @rx.event
    async def check_again(self) -> Any:
        return PreflightState.run

    @rx.event
    async def use_plain_letters(self) -> Any:
        """Put plain letters in place of those of the message that need Unicode, and check again."""
        return await self._change_text(plain_letters.to_gsm7)

    @rx.event
    async def add_opt_out_line(self) -> Any:
        return await self._change_text(with_opt_out_line)

    @rx.event
    async def send(self) -> Any:
        """The one button. What was checked is what is sent, and a second press changes nothing."""
        self.is_sending = True
        yield
        went = False
        with self._showing_problems():
            await self._run(_launch_checked, self._own_id(), self._version)
            went = True
        self.is_sending = False
        if went:
            yield rx.redirect(f"/campaigns/{self.draft_id}")
        elif self.field_problems:
            self.problem = " ".join(self.field_problems.values())

    def _own_id(self) -> UUID:
        """The opened draft's id. Raises NotFound in a tab that has opened none."""
        return as_id(self.draft_id, "campaign")

    async def _change_text(self, change: Any) -> Any:
        with self._showing_problems():
            await self._run(_rewrite, self._own_id(), self._version, change)
            return [notify("Message changed"), PreflightState.run]


class _Job:
    """One check in a thread: how far it is, and how to stop it."""

    def __init__(self) -> None:
        self.done = self.total = 0
        self.stop = threading.Event()

    def run(self, actor: Actor, campaign_id: UUID) -> tuple[Preflight | None, str]:
        """What was found, or why nothing was."""
        try:
            with db.transaction(actor, read_only=True) as session:
                return preflight.check(session, actor, campaign_id, progress=self._tell), ""
        except _Stopped:
            return None, "The check was stopped. Check again before sending."
        except MbsError as error:
            return None, error.message

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self.stop.is_set():
            raise _Stopped


class _Stopped(Exception):
    pass


def _open(session: Session, actor: Actor, wanted: str) -> tuple[Campaign, str]:
    draft = campaigns.get_campaign(session, actor, as_id(wanted, "campaign"))
    return draft, accounts.my_profile(session, actor).time_zone


def _launch_checked(session: Session, actor: Actor, campaign_id: UUID, version: int) -> None:
    draft = campaigns.require_checked(session, actor, campaign_id, version)
    launch.launch(
        session,
        actor,
        campaign_id,
        at=draft.scheduled_at,
        time_zone=draft.schedule_time_zone if draft.scheduled_at else None,
    )


def _rewrite(session: Session, actor: Actor, campaign_id: UUID, version: int, change: Any) -> None:
    draft = campaigns.get_campaign(session, actor, campaign_id)
    if draft.version != version:
        raise Conflict("This draft was changed after the check. Check it once more.")
    campaigns.save_draft(
        session,
        actor,
        campaign_id,
        expected_version=version,
        message_body=change(draft.message_body),
    )
