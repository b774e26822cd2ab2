"""What the drawer does in which an invite is made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.time_words import clock_time, date_words, local_to_utc
from mbs_app.domain.vocabulary import Role
from mbs_app.services import accounts, invites
from mbs_app.services.invites import InviteRow
from mbs_app.ui.access import Access
from mbs_app.ui.browser import focus
from mbs_app.ui.components.drawer import drawer_title
from mbs_app.ui.invites.rows import InviteLine, line_of
from mbs_app.ui.invites.state import InvitesState
from mbs_app.ui.roles import ROLE_WORDS
from mbs_app.ui.session import BaseState

DRAWER = "new-invite"
OPENER = "open-new-invite"
ON_A_DATE = "date"
NEVER = "never"
LIVES: tuple[tuple[str, str], ...] = (
    ("1", "1 day"),
    ("7", "7 days"),
    ("30", "30 days"),
    (NEVER, "Never"),
    (ON_A_DATE, "On a date"),
)
LAST_MINUTE = time(23, 59)


class NewInviteState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.ADMIN

    is_open: bool = False
    is_saving: bool = False
    role: str = Role.USER.value
    people: str = "1"
    life: str = "7"
    until: str = ""  # ISO, "2026-11-23"
    first_day: str = ""
    expires_words: str = ""
    # Tells one filling in from the next, so that the fields start empty.
    turn: int = 0
    made: InviteLine | None = None

    _zone: str = "UTC"

    @rx.event
    async def open(self) -> Any:
        profile = await self._read_as_admin(accounts.my_profile)
        self._zone = profile.time_zone
        self._start()
        self.is_open = True
        return focus(drawer_title(DRAWER), wait_ms=60)

    @rx.event
    async def close(self) -> Any:
        self.is_open, self.made = False, None
        return focus(OPENER, wait_ms=60)

    @rx.event
    async def another(self) -> Any:
        self._start()
        return focus(drawer_title(DRAWER), wait_ms=60)

    @rx.event
    async def choose_role(self, role: str) -> None:
        self.role = role if role in ROLE_WORDS else Role.USER.value

    @rx.event
    async def set_people(self, people: str) -> None:
        self.people = people.strip()[:4]
        self.field_problems = {k: v for k, v in self.field_problems.items() if k != "max_uses"}

    @rx.event
    async def choose_life(self, life: str) -> None:
        self.life = life if life in dict(LIVES) else "7"
        self._say_when()

    @rx.event
    async def set_until(self, day: str) -> None:
        self.until = day[:10]
        self._say_when()

    @rx.event
    async def create(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Make it; a field that can't be taken says why, and what was typed stays."""
        if self.is_saving:
            return
        self.is_saving = True
        yield
        made: InviteRow | None = None
        try:
            with self._showing_problems():
                made = await self._run_as_admin(
                    _create,
                    role=self.role,
                    max_uses=_number(self.people),
                    expires_at=self._end(),
                    note=str(form.get("note", "")),
                    email=str(form.get("email", "")),
                )
        finally:
            self.is_saving = False
        if made is not None:
            self.made = line_of(made, self._zone, utc_now())
            yield InvitesState.refresh
            yield focus(drawer_title(DRAWER), wait_ms=60)

    def _start(self) -> None:
        self.role, self.people, self.life, self.made = Role.USER.value, "1", "7", None
        today = utc_now().astimezone(ZoneInfo(self._zone)).date()
        self.first_day = today.isoformat()
        self.until = (today + timedelta(days=14)).isoformat()
        self.problem, self.field_problems, self.is_saving = "", {}, False
        self.turn += 1
        self._say_when()

    def _end(self) -> datetime | None:
        """The moment it expires. Raises InvalidInput."""
        if self.life == NEVER:
            return None
        if self.life == ON_A_DATE:
            try:
                day = date.fromisoformat(self.until)
            except ValueError:
                raise InvalidInput(expires_at="Pick a day.") from None
            return local_to_utc(datetime.combine(day, LAST_MINUTE), self._zone)
        return utc_now() + timedelta(days=int(self.life))

    def _say_when(self) -> None:
        try:
            end = self._end()
        except InvalidInput:
            self.expires_words = ""
            return
        if end is None:
            self.expires_words = "Until you revoke it"
        else:
            day = date_words(end, utc_now(), self._zone)
            self.expires_words = f"{day}, {clock_time(end, self._zone)}"


def _create(session: Session, actor: Actor, **chosen: Any) -> InviteRow:
    made: UUID = invites.create_invite(session, actor, **chosen).id
    return invites.get_invite(session, actor, made)


def _number(typed: str) -> int:
    """0, which is refused, for what is no number."""
    return int(typed) if typed.isascii() and typed.isdigit() else 0
