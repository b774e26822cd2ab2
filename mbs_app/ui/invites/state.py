"""What the page of invites does: lists, filters, and what is done to one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import InviteState
from mbs_app.services import accounts, invites
from mbs_app.services.invites import InviteFilter, InvitePage, InviteRow, Joined
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.browser import copy
from mbs_app.ui.components.toast import notify, notify_problem
from mbs_app.ui.invites.rows import InviteLine, JoinedLine, joined_line, line_of, person_line
from mbs_app.ui.paged_list import PAGE, PagedList
from mbs_app.ui.session import BaseState

WHO_PAGE = 50


@dataclass(frozen=True, slots=True)
class Sight:
    page: InvitePage
    lately: list[Joined]
    zone: str


def look(session: Session, actor: Actor, chosen: InviteFilter, offset: int) -> Sight:
    return Sight(
        invites.list_invites(session, actor, chosen, offset=offset, limit=PAGE),
        invites.joined_lately(session, actor),
        accounts.my_profile(session, actor).time_zone,
    )


class InvitesState(PagedList, BaseState, rx.State):
    access: ClassVar[Access | None] = Access.ADMIN

    rows: list[InviteLine] = []
    lately: list[JoinedLine] = []
    every: int = 0
    active: int = 0
    used_up: int = 0
    expired: int = 0
    revoked: int = 0

    # The dialogs are about one invite: "send", "revoke" or "who".
    dialog: str = ""
    about: InviteLine | None = None
    is_busy: bool = False
    people: list[JoinedLine] = []
    has_more_people: bool = False

    @rx.event
    async def load(self) -> None:
        self.dialog, self.problem, self.is_busy = "", "", False
        await self._look()

    @rx.event
    async def refresh(self) -> None:
        await self._look()

    @rx.event
    async def filter_by(self, status: str) -> None:
        await self._look_anew(status=status if status in set(InviteState) else "")

    @rx.event
    async def clear(self) -> None:
        await self._look_anew(search="", status="")

    @rx.event
    async def copy_code(self, code: str) -> Any:
        return copy(code, InvitesState.copied("Code"))

    @rx.event
    async def copy_link(self, link: str) -> Any:
        return copy(link, InvitesState.copied("Link"))

    @rx.event
    async def copied(self, what: str, done: bool) -> Any:
        if done:
            return notify(f"{what[:20]} copied")
        return notify_problem("The browser didn’t let this page copy. Select it and copy by hand.")

    # One invite ---------------------------------------------------------------------------------

    @rx.event
    async def ask(self, dialog: str, invite_id: str) -> None:
        """Open a dialog about an invite, as it is now."""
        row, zone = await self._read_as_admin(_one, as_id(invite_id, "invite"))
        self.about = line_of(row, zone, utc_now())
        self.dialog = dialog if dialog in ("send", "revoke", "who") else ""
        self.problem, self.field_problems, self.is_busy = "", {}, False
        if self.dialog == "who":
            self.people = []
            await self._read_people()

    @rx.event
    async def close_dialog(self) -> None:
        self.dialog = ""

    @rx.event
    async def more_people(self) -> None:
        await self._read_people()

    @rx.event
    async def send(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        if self.is_busy or self.about is None:
            return
        self.is_busy = True
        yield
        to = ""
        try:
            with self._showing_problems():
                to = await self._run_as_admin(
                    invites.send_invite,
                    as_id(self.about.id, "invite"),
                    email=str(form.get("email", "")),
                )
        finally:
            self.is_busy = False
        if to:
            self.dialog = ""
            await self._look()
            yield notify(f"The invite is on its way to {to}")

    @rx.event
    async def revoke(self) -> AsyncIterator[Any]:
        if self.is_busy or self.about is None:
            return
        self.is_busy = True
        yield
        try:
            with self._showing_problems():
                await self._run_as_admin(invites.revoke_invite, as_id(self.about.id, "invite"))
                self.dialog = ""
                await self._look()
                yield notify(f"{self.about.code} is revoked")
        finally:
            self.is_busy = False

    def _show(self, sight: Sight) -> None:
        now, counts = utc_now(), sight.page.counts
        self.rows = [line_of(row, sight.zone, now) for row in sight.page.rows]
        self.lately = [joined_line(one, sight.zone, now) for one in sight.lately]
        self.every = sum(counts.values())
        self.active, self.used_up = counts[InviteState.ACTIVE], counts[InviteState.USED_UP]
        self.expired, self.revoked = counts[InviteState.EXPIRED], counts[InviteState.REVOKED]

    async def _sight(self) -> Sight:
        chosen = InviteFilter(InviteState(self.status) if self.status else None, self.search)
        return await self._read_as_admin(look, chosen, self.offset)

    async def _read_people(self) -> None:
        if self.about is None:
            return
        after = UUID(self.people[-1].id) if self.people else None
        found, zone = await self._read_as_admin(_who, as_id(self.about.id, "invite"), after)
        now = utc_now()
        self.people = [*self.people, *(person_line(user, zone, now) for user in found)]
        self.has_more_people = len(found) == WHO_PAGE


def _one(session: Session, actor: Actor, invite_id: UUID) -> tuple[InviteRow, str]:
    return (
        invites.get_invite(session, actor, invite_id),
        accounts.my_profile(session, actor).time_zone,
    )


def _who(session: Session, actor: Actor, invite_id: UUID, after: UUID | None) -> Any:
    return (
        invites.who_joined(session, actor, invite_id, after=after, limit=WHO_PAGE),
        accounts.my_profile(session, actor).time_zone,
    )
