"""What the page of groups does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.palette import DEFAULT_COLOR, next_color
from mbs_app.domain.time_words import day_words
from mbs_app.services import accounts, campaigns, groups
from mbs_app.services.groups import GroupSummary
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.toast import notify
from mbs_app.ui.named_list import NamedList


@dataclass(frozen=True, slots=True)
class GroupLine:
    id: str
    name: str
    color: str
    description: str
    members: int
    added: str


def look(session: Session, actor: Actor) -> tuple[list[GroupSummary], str]:
    zone = accounts.my_profile(session, actor).time_zone
    return groups.list_groups(session, actor), zone


class GroupsState(NamedList, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN
    noun: ClassVar[str] = "group"

    rows: list[GroupLine] = []
    shown: list[GroupLine] = []

    name: str = ""
    description: str = ""
    color: str = DEFAULT_COLOR

    deleting_id: str = ""
    deleting_name: str = ""
    deleting_members: int = 0
    delete_problem: str = ""

    @rx.event
    async def load(self) -> None:
        self.form_open, self.deleting_id, self.problem = False, "", ""
        await self._look()

    @rx.event
    async def add(self) -> None:
        self._open("", "", "", next_color([row.color for row in self.rows]))

    @rx.event
    async def edit(self, group_id: str) -> None:
        if row := self._row(group_id):
            self._open(row.id, row.name, row.description, row.color)

    @rx.event
    async def choose_color(self, color: str) -> None:
        self.color = color[:20]

    @rx.event
    async def save(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        if self.is_saving:
            return
        self.is_saving = True
        yield
        values = {
            "name": str(form.get("name", "")),
            "description": str(form.get("description", "")),
            "color": self.color,
        }
        if await self._save(groups.create_group, groups.update_group, values):
            await self._look()
            name = " ".join(values["name"].split())
            yield notify(f"{name} saved" if self._editing else f"{name} made")

    @rx.event
    async def duplicate(self, group_id: str) -> AsyncIterator[Any]:
        name = await self._run(_duplicate, as_id(group_id, self.noun))
        await self._look()
        yield notify(f"{name} made")

    @rx.event
    async def ask_to_delete(self, group_id: str) -> None:
        if row := self._row(group_id):
            self.deleting_id, self.deleting_name = row.id, row.name
            self.deleting_members, self.delete_problem = row.members, ""

    @rx.event
    async def keep(self) -> None:
        self.deleting_id = ""

    @rx.event
    async def delete(self) -> AsyncIterator[Any]:
        if not self.deleting_id:
            return
        with self._showing_problems():
            await self._run(groups.delete_group, as_id(self.deleting_id, self.noun))
            name, self.deleting_id = self.deleting_name, ""
            await self._look()
            yield notify(f"{name} deleted. Its customers stay.")
        self.delete_problem, self.problem = self.problem, ""

    @rx.event
    async def write_to(self, group_id: str) -> Any:
        """Start a draft for the group's members."""
        draft_id = await self._run(_start_draft, group_id)
        return rx.redirect(f"/campaigns/{draft_id}/edit")

    async def _look(self) -> None:
        found, zone = await self._read(look)
        now = utc_now()
        self.rows = [
            GroupLine(
                str(one.group.id),
                one.group.name,
                one.group.color,
                one.group.description,
                one.members,
                day_words(one.group.created_at, now, zone),
            )
            for one in found
        ]
        self._narrow()
        self.is_loaded = True

    def _narrow(self) -> None:
        self.shown = [row for row in self.rows if self._matches(row.name, row.description)]

    def _open(self, group_id: str, name: str, description: str, color: str) -> None:
        self.name, self.description, self.color = name, description, color
        self._open_form(group_id)


def _duplicate(session: Session, actor: Actor, group_id: UUID) -> str:
    return groups.duplicate_group(session, actor, group_id).name


def _start_draft(session: Session, actor: Actor, group_id: str) -> str:
    audience = {"mode": "rules", "group_ids": [group_id], "states": []}
    return str(campaigns.create_draft(session, actor, audience=audience).id)
