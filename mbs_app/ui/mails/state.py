"""What the page of mails does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.services import accounts, mails
from mbs_app.services.mails import MailShow
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.toast import notify
from mbs_app.ui.mails.words import AsideRow, MailRow, aside_row, row_of, stuck_words
from mbs_app.ui.session import BaseState

PAGE = 25


@dataclass(frozen=True, slots=True)
class Look:
    rows: list[MailRow]
    aside: list[AsideRow]
    counts: dict[MailShow, int]
    stuck: str


def look(session: Session, actor: Actor, show: MailShow, offset: int) -> Look:
    now, zone = utc_now(), accounts.my_profile(session, actor).time_zone
    listed = mails.list_mails(session, actor, show, offset=offset, limit=PAGE)
    return Look(
        rows=[row_of(line, now, zone) for line in listed.rows],
        aside=[aside_row(one, now, zone) for one in mails.list_set_aside(session, actor)],
        counts=listed.counts,
        stuck=stuck_words(mails.read_outbox(session, actor), now),
    )


class MailsState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.ADMIN

    is_loaded: bool = False
    rows: list[MailRow] = []
    aside: list[AsideRow] = []
    stuck: str = ""
    show: str = MailShow.ALL
    offset: int = 0
    every: int = 0
    waiting: int = 0
    sent: int = 0
    problems: int = 0

    @rx.var
    def total(self) -> int:
        """How many mails the chosen filter has."""
        return {"waiting": self.waiting, "sent": self.sent, "problems": self.problems}.get(
            self.show, self.every
        )

    @rx.event
    async def load(self) -> None:
        self.problem = ""
        await self._look()

    @rx.event
    async def filter_by(self, show: str) -> None:
        self.show = show if show in set(MailShow) else MailShow.ALL
        self.offset = 0
        await self._look()

    @rx.event
    async def next_page(self) -> None:
        if self.offset + PAGE < self.total:
            self.offset += PAGE
            await self._look()

    @rx.event
    async def previous_page(self) -> None:
        self.offset = max(0, self.offset - PAGE)
        await self._look()

    @rx.event
    async def release(self, set_aside_id: str) -> AsyncIterator[Any]:
        """Let mail go to an address again."""
        try:
            address = await self._run_as_admin(mails.release, as_id(set_aside_id, "entry"))
            yield notify(f"Mail goes to {address} again")
        except NotFound:
            yield notify("This address was released already")
        await self._look()

    async def _look(self) -> None:
        found = await self._read_as_admin(look, MailShow(self.show), self.offset)
        self.rows, self.aside, self.stuck = found.rows, found.aside, found.stuck
        self.every, self.waiting = found.counts[MailShow.ALL], found.counts[MailShow.WAITING]
        self.sent, self.problems = found.counts[MailShow.SENT], found.counts[MailShow.PROBLEMS]
        self.is_loaded = True
