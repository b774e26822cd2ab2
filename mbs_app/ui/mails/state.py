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
from mbs_app.ui.paged_list import PAGE, PagedList
from mbs_app.ui.session import BaseState


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[MailRow]
    total: int
    counts: dict[MailShow, int]


@dataclass(frozen=True, slots=True)
class Sight:
    page: Page
    aside: list[AsideRow]
    stuck: str


def look(session: Session, actor: Actor, show: MailShow, offset: int) -> Sight:
    now, zone = utc_now(), accounts.my_profile(session, actor).time_zone
    listed = mails.list_mails(session, actor, show, offset=offset, limit=PAGE)
    rows = [row_of(line, now, zone) for line in listed.rows]
    return Sight(
        page=Page(rows, listed.counts[show], listed.counts),
        aside=[aside_row(one, now, zone) for one in mails.list_set_aside(session, actor)],
        stuck=stuck_words(mails.read_outbox(session, actor), now),
    )


class MailsState(PagedList, BaseState, rx.State):
    """``status`` is the chosen filter, one of ``MailShow``."""

    access: ClassVar[Access | None] = Access.ADMIN

    status: str = MailShow.ALL
    rows: list[MailRow] = []
    aside: list[AsideRow] = []
    stuck: str = ""
    every: int = 0
    waiting: int = 0
    sent: int = 0
    problems: int = 0

    @rx.event
    async def load(self) -> None:
        self.problem = ""
        await self._look()

    @rx.event
    async def filter_by(self, show: str) -> None:
        await self._look_anew(status=show if show in set(MailShow) else MailShow.ALL)

    @rx.event
    async def release(self, set_aside_id: str) -> AsyncIterator[Any]:
        """Let mail go to an address again."""
        try:
            address = await self._run_as_admin(mails.release, as_id(set_aside_id, "entry"))
            yield notify(f"Mail goes to {address} again")
        except NotFound:
            yield notify("This address was released already")
        await self._look()

    async def _sight(self) -> Sight:
        return await self._read_as_admin(look, MailShow(self.status), self.offset)

    def _show(self, sight: Sight) -> None:
        self.rows, self.aside, self.stuck = sight.page.rows, sight.aside, sight.stuck
        counts = sight.page.counts
        self.every, self.waiting = counts[MailShow.ALL], counts[MailShow.WAITING]
        self.sent, self.problems = counts[MailShow.SENT], counts[MailShow.PROBLEMS]
