"""What the page does that an account waits on until an admin has decided."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.time_words import day_and_time
from mbs_app.domain.vocabulary import UserStatus
from mbs_app.models import UserProfile
from mbs_app.services import accounts
from mbs_app.services.workspace import Identity, read_identity
from mbs_app.ui.access import Access
from mbs_app.ui.browser import leave_for
from mbs_app.ui.roles import ROLE_WORDS
from mbs_app.ui.session import BaseState, standing_changes

ROUTE = "/waiting"
# What is decided in this process is known at once; another process may decide as well.
LOOK_EVERY = 3.0


def look(session: Session, actor: Actor) -> tuple[UserProfile, Identity]:
    return accounts.my_profile(session, actor), read_identity(session, actor)


class WaitingState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.ACCOUNT

    is_loaded: bool = False
    status: str = ""
    reason: str = ""
    workspace_name: str = ""
    name: str = ""
    email: str = ""
    role: str = ""
    joined: str = ""

    _watch_number: int = 0

    @rx.event
    async def load(self) -> Any:
        user, identity = await self._read(look)
        if user.status == UserStatus.APPROVED:
            return leave_for("/")
        self.workspace_name = identity.name or "MBS"
        self.status, self.reason = user.status, user.status_reason
        self.name, self.email, self.role = user.name, user.email, ROLE_WORDS[user.role]
        self.joined = day_and_time(user.created_at, utc_now(), user.time_zone)
        self.is_loaded = True
        return WaitingState.watch

    @rx.event(background=True)
    async def watch(self) -> Any:
        """Wait until something is decided, then show it or go on."""
        async with self:
            self._watch_number += 1
            number = self._watch_number
            seen = (self.status, self.reason)
        with standing_changes.listening() as changes:
            while True:
                user, _ = await self._read(look)  # a session that ended leads to the sign-in page
                if (user.status, user.status_reason) != seen:
                    yield WaitingState.load
                    return
                await changes.wait(LOOK_EVERY)
                async with self:
                    here = self.rx_router_page.path.rstrip("/") == ROUTE
                    if self._watch_number != number or not here:
                        return
