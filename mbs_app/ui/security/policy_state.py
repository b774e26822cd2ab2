"""What the section does in which admins say who must have a second factor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import SecondFactorFor
from mbs_app.services.second_factor import policy
from mbs_app.ui.access import Access, allow
from mbs_app.ui.components.toast import notify

SAVED = {
    SecondFactorFor.NOBODY: "Nobody has to have a second factor",
    SecondFactorFor.ADMINS: "Admins must have a second factor",
    SecondFactorFor.EVERYBODY: "Everybody must have a second factor",
}


class PolicySection(rx.State, mixin=True):
    is_admin: bool = False
    asked: str = SecondFactorFor.NOBODY
    admins_without: int = 0
    people_without: int = 0
    choosing: str = ""  # the choice whose consequences are shown

    @rx.event
    @allow(Access.ADMIN)
    async def look_at_policy(self) -> None:
        self.asked, self.admins_without, self.people_without = await self._read_as_admin(_look_up)
        self.is_admin, self.choosing = True, ""

    @rx.event
    @allow(Access.ADMIN)
    def choose_policy(self, asked: str) -> None:
        if asked in list(SecondFactorFor) and asked != self.asked:
            self.choosing, self.problem = asked, ""

    @rx.event
    @allow(Access.ADMIN)
    def keep_policy(self) -> None:
        self.choosing = ""

    @rx.event
    @allow(Access.ADMIN)
    async def save_policy(self) -> AsyncIterator[Any]:
        if not self.choosing or not await self._is_confirmed(type(self).save_policy):
            return
        chosen, self.choosing = SecondFactorFor(self.choosing), ""
        with self._showing_problems():
            await self._run_as_admin(policy.ask_for_second_factor, chosen)
            yield notify(SAVED[chosen])
        # Their own account may lack one.
        yield type(self).load


def _look_up(session: Session, actor: Actor) -> tuple[str, int, int]:
    return (
        policy.second_factor_for(session, actor),
        policy.people_without(session, actor, SecondFactorFor.ADMINS),
        policy.people_without(session, actor, SecondFactorFor.EVERYBODY),
    )
