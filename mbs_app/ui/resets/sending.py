"""What the dialog does that mails somebody a link: finds the person, asks why, sends it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.services import password_resets, team
from mbs_app.services.team import TeamFilter
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.toast import notify
from mbs_app.ui.resets.state import ResetsState
from mbs_app.ui.session import BaseState

SHOWN = 6
LOOKED_AT = 50  # of them some may be shut out


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    name: str
    email: str


def _found(session: Session, actor: Actor, words: str) -> list[Choice]:
    """The people a link can be mailed to whose name or address has ``words`` in it."""
    found = team.list_team(session, actor, TeamFilter(search=words), limit=LOOKED_AT)
    may = [one.user for one in found.rows if password_resets.may_reset(one.user)]
    return [Choice(str(user.id), user.name, user.email) for user in may[:SHOWN]]


class SendingState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.ADMIN

    is_open: bool = False
    words: str = ""
    found: list[Choice] = []
    chosen: Choice | None = None
    is_busy: bool = False

    _asked: int = 0

    @rx.event
    async def open(self) -> None:
        self.chosen, self.words, self.is_busy = None, "", False
        self.problem, self.field_problems = "", {}
        await self._look()
        self.is_open = True

    @rx.event
    async def open_for(self, person_id: str) -> None:
        """Send somebody another one."""
        self.words, self.is_busy = "", False
        self.problem, self.field_problems = "", {}
        user_id = as_id(person_id, "person")
        user = (await self._read_as_admin(team.get_member, user_id)).user
        self.chosen = Choice(person_id, user.name, user.email)
        self.is_open = True

    @rx.event
    async def close(self) -> None:
        self.is_open = False

    @rx.event
    async def find(self, words: str) -> None:
        self.words = words[:100]
        await self._look()

    @rx.event
    async def choose(self, person_id: str) -> None:
        self.chosen = next((one for one in self.found if one.id == person_id), None)
        self.problem, self.field_problems = "", {}

    @rx.event
    async def choose_another(self) -> None:
        self.chosen = None
        await self._look()

    @rx.event
    async def send(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        if self.is_busy:
            return
        if self.chosen is None:
            self.field_problems = {"person": "Choose who gets the link."}
            return
        self.is_busy = True
        yield
        is_sent = False
        try:
            with self._showing_problems():
                user_id = as_id(self.chosen.id, "person")
                reason = str(form.get("reason", ""))
                await self._run_as_admin(password_resets.request_by_admin, user_id, reason)
                is_sent = True
        finally:
            self.is_busy = False
        if is_sent:
            self.is_open = False
            yield ResetsState.load
            yield notify(f"A link is on its way to {self.chosen.name}")

    async def _look(self) -> None:
        self._asked += 1
        mine = self._asked
        found = await self._read_as_admin(_found, self.words)
        if mine == self._asked:
            self.found = found
