"""What an admin decides on the team page, and what they are asked before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import ConfirmFirst, MbsError
from mbs_app.domain.vocabulary import Role
from mbs_app.models import UserProfile
from mbs_app.services import accounts, password_resets, second_factor, team
from mbs_app.services.devices import Visitor
from mbs_app.services.team import Member
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.toast import notify, notify_problem
from mbs_app.ui.security.confirming import confirm_first
from mbs_app.ui.session import BaseState
from mbs_app.ui.shell import ShellState
from mbs_app.ui.team.rows import MemberLine, line_of
from mbs_app.ui.team.state import TeamState
from mbs_app.ui.team.tabs import PEOPLE

WITH_A_REASON = ("reject", "suspend", "reset")
QUESTIONS = (*WITH_A_REASON, "role", "factor", "sign_out")


class DecidingState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.ADMIN

    question: str = ""  # one of QUESTIONS while it is asked
    about: MemberLine | None = None
    is_busy: bool = False

    @rx.event
    async def approve(self, user_id: str) -> AsyncIterator[Any]:
        async for event in self._at_once(team.approve, user_id, "{} is approved. They get a mail."):
            yield event

    @rx.event
    async def restore(self, user_id: str) -> AsyncIterator[Any]:
        async for event in self._at_once(team.restore, user_id, "{} can sign in again"):
            yield event

    @rx.event
    async def ask(self, question: str, user_id: str) -> None:
        """Ask about somebody, as they are now."""
        member, me = await self._read_as_admin(_one, as_id(user_id, "account"))
        self.about = line_of(member, me, utc_now())
        self.question = question if question in QUESTIONS else ""
        self.problem, self.field_problems, self.is_busy = "", {}, False

    @rx.event
    async def close(self) -> None:
        self.question = ""

    @rx.event
    async def decide(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Reject, suspend, or mail a password link, each with a reason."""
        if self.is_busy or self.about is None or self.question not in WITH_A_REASON:
            return
        self.is_busy = True
        yield
        user_id, name = as_id(self.about.id, "account"), self.about.name
        reason, said = str(form.get("reason", "")), ""
        try:
            with self._showing_problems():
                if self.question == "reject":
                    await self._run_as_admin(team.reject, user_id, reason=reason)
                    said = f"{name} is rejected. They get a mail with the reason."
                elif self.question == "suspend":
                    await self._run_as_admin(team.suspend, user_id, reason=reason)
                    said = f"{name} is suspended and signed out everywhere"
                else:
                    await self._run_as_admin(password_resets.request_by_admin, user_id, reason)
                    said = f"{name} gets a mail with a link to choose a new password"
        finally:
            self.is_busy = False
        if said:
            self.question = ""
            for event in _then(said):
                yield event

    @rx.event
    async def change_role(self) -> AsyncIterator[Any]:
        """Turn a marketer into an admin, or an admin into a marketer."""
        if self.is_busy or self.about is None:
            return
        self.is_busy = True
        yield
        wanted = Role.USER if self.about.role == Role.ADMIN else Role.ADMIN
        is_done = False
        try:
            with self._showing_problems():
                user_id = as_id(self.about.id, "account")
                await self._run_as_admin(team.change_role, user_id, wanted)
                is_done = True
        finally:
            self.is_busy = False
        if is_done:
            self.question = ""
            article = "an admin" if wanted is Role.ADMIN else "a marketer"
            for event in _then(f"{self.about.name} is {article} now"):
                yield event

    @rx.event
    async def take_off_factor(self) -> AsyncIterator[Any]:
        """Help somebody who lost their phone and their recovery codes."""
        if self.is_busy or self.about is None:
            return
        self.is_busy = True
        yield
        about, actor = self.about, await self._actor()
        visitor = Visitor(actor.ip, self.router.headers.user_agent)
        try:
            user_id = as_id(about.id, "account")
            await self._run_as_admin(second_factor.policy.reset_for, user_id, visitor)
        except ConfirmFirst:
            yield confirm_first(f"{PEOPLE}?person={about.id}")
        except MbsError as error:
            self.problem = error.message
        else:
            self.question = ""
            for event in _then(f"{about.name} signs in with the password alone now"):
                yield event
        finally:
            self.is_busy = False

    @rx.event
    async def sign_out(self) -> AsyncIterator[Any]:
        """End every session of somebody whose device was lost, or who left it open somewhere."""
        if self.is_busy or self.about is None:
            return
        self.is_busy = True
        yield
        ended: int | None = None
        try:
            with self._showing_problems():
                user_id = as_id(self.about.id, "account")
                ended = await self._run_as_admin(team.sign_out_everywhere, user_id)
        finally:
            self.is_busy = False
        if ended is not None:
            self.question = ""
            was = "is signed out everywhere" if ended else "was signed in nowhere"
            for event in _then(f"{self.about.name} {was}"):
                yield event

    async def _at_once(self, work: Any, user_id: str, said: str) -> AsyncIterator[Any]:
        """For what is decided with one press; a second one changes nothing."""
        try:
            user: UserProfile = await self._run_as_admin(work, as_id(user_id, "account"))
        except MbsError as error:
            yield TeamState.refresh
            yield notify_problem(error.message)
            return
        for event in _then(said.format(user.name)):
            yield event


def _then(said: str) -> list[Any]:
    return [TeamState.refresh, ShellState.load, notify(said)]


def _one(session: Session, actor: Actor, user_id: UUID) -> tuple[Member, UserProfile]:
    return team.get_member(session, actor, user_id), accounts.my_profile(session, actor)
