"""What the page of one's sessions does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.domain.time_words import ago, day_and_time, mid_sentence
from mbs_app.domain.vocabulary import SessionKind
from mbs_app.models import UserSession
from mbs_app.services import accounts, devices, session_list
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.toast import notify
from mbs_app.ui.session import BaseState

_SMALL = ("iPhone", "iPad", "Android")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """``device`` is "browser", "phone" or "program"; ``summary`` is for a phone's card."""

    id: str
    words: str
    device: str
    ip: str
    started: str
    last_used: str
    ends: str
    summary: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Look:
    rows: list[SessionRow]
    total: int


def look(session: Session, actor: Actor) -> Look:
    listed = session_list.list_sessions(session, actor)
    zone, now = accounts.my_profile(session, actor).time_zone, utc_now()
    rows = [_row(held, actor, now, zone) for held in listed.shown]
    return Look(rows, listed.total)


def _row(held: UserSession, actor: Actor, now: datetime, zone: str) -> SessionRow:
    words = devices.device_words(held.user_agent)
    is_program = held.kind == SessionKind.PROGRAM
    started, ends = (day_and_time(at, now, zone) for at in (held.created_at, held.expires_at))
    last_used = ago(held.last_used_at, now)
    small = any(name in words for name in _SMALL)
    return SessionRow(
        id=str(held.id),
        words=words,
        device="program" if is_program else "phone" if small else "browser",
        ip=held.ip,
        started=started,
        last_used=last_used,
        ends=f"{'Program, ends' if is_program else 'Ends'} by {mid_sentence(ends)}",
        summary=f"Last used {mid_sentence(last_used)}, signed in {mid_sentence(started)}",
        is_current=held.id == actor.session_id,
    )


class SessionsState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_loaded: bool = False
    rows: list[SessionRow] = []
    total: int = 0

    ending_id: str = ""
    ending_words: str = ""
    asks_for_all: bool = False

    @rx.var
    def others(self) -> int:
        return max(0, self.total - 1)

    @rx.event
    async def load(self) -> None:
        self.ending_id, self.asks_for_all, self.problem = "", False, ""
        await self._look()

    @rx.event
    async def ask_to_end(self, session_id: str) -> None:
        if row := next((row for row in self.rows if row.id == session_id), None):
            self.ending_id, self.ending_words = row.id, row.words

    @rx.event
    async def ask_to_end_others(self) -> None:
        await self._look()  # the dialog names the number
        self.asks_for_all = self.others > 0

    @rx.event
    async def keep(self) -> None:
        self.ending_id, self.asks_for_all = "", False

    @rx.event
    async def end(self) -> AsyncIterator[Any]:
        if not self.ending_id:
            return
        ending, words = as_id(self.ending_id, "session"), self.ending_words
        self.ending_id = ""
        try:
            await self._run(session_list.end_session, ending)
            yield notify(f"{words} is signed out")
        except NotFound:
            yield notify(f"{words} was signed out already")
        await self._look()

    @rx.event
    async def end_others(self) -> AsyncIterator[Any]:
        self.asks_for_all = False
        ended = await self._run(session_list.end_others)
        yield notify(f"{ended} other {'session' if ended == 1 else 'sessions'} ended")
        await self._look()

    async def _look(self) -> None:
        found = await self._read(look)
        self.rows, self.total, self.is_loaded = found.rows, found.total, True
