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
from mbs_app.ui.components.toast import notify
from mbs_app.ui.session import BaseState


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


class GroupsState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_loaded: bool = False
    rows: list[GroupLine] = []
    search: str = ""
    shown: list[GroupLine] = []

    form_open: bool = False
    is_new: bool = True
    name: str = ""
    description: str = ""
    color: str = DEFAULT_COLOR
    is_saving: bool = False

    deleting_id: str = ""
    deleting_name: str = ""
    deleting_members: int = 0
    delete_problem: str = ""

    _editing: str = ""

    @rx.event
    async def load(self) -> None:
        self.form_open, self.deleting_id, self.problem = False, "", ""
        await self._look()

    @rx.event
    async def search_for(self, text: str) -> None:
        self.search = text[:100]
        self._narrow()

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
    async def close_form(self) -> None:
        self.form_open = False

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
        is_saved = False
        try:
            with self._showing_problems():
                if self._editing:
                    await self._run(groups.update_group, UUID(self._editing), **values)
                else:
                    await self._run(groups.create_group, **values)
                is_saved = True
        finally:
            self.is_saving = False
        if self.problem and not self.field_problems:
            self.field_problems, self.problem = {"name": self.problem}, ""
        if is_saved:
            self.form_open = False
            await self._look()
            name = " ".join(values["name"].split())
            yield notify(f"{name} saved" if self._editing else f"{name} made")

    @rx.event
    async def duplicate(self, group_id: str) -> AsyncIterator[Any]:
        name = await self._run(_duplicate, UUID(group_id))
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
            await self._run(groups.delete_group, UUID(self.deleting_id))
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
        words = self.search.casefold().strip()
        self.shown = [
            row
            for row in self.rows
            if words in row.name.casefold() or words in row.description.casefold()
        ]

    def _open(self, group_id: str, name: str, description: str, color: str) -> None:
        self._editing, self.is_new = group_id, not group_id
        self.name, self.description, self.color = name, description, color
        self.problem, self.field_problems, self.is_saving = "", {}, False
        self.form_open = True

    def _row(self, group_id: str) -> GroupLine | None:
        return next((row for row in self.rows if row.id == group_id), None)


def _duplicate(session: Session, actor: Actor, group_id: UUID) -> str:
    return groups.duplicate_group(session, actor, group_id).name


def _start_draft(session: Session, actor: Actor, group_id: str) -> str:
    audience = {"mode": "rules", "group_ids": [group_id], "states": []}
    return str(campaigns.create_draft(session, actor, audience=audience).id)
