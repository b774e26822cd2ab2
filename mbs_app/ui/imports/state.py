"""What the page of one import does: columns, the check, the import itself, and what was refused."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput, MbsError, NotFound
from mbs_app.services import groups, imports
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.toast import notify_problem
from mbs_app.ui.imports import views
from mbs_app.ui.imports.views import (
    ColumnRow,
    GroupOption,
    ImportView,
    ReasonChip,
    Refusal,
    RefusedSight,
)
from mbs_app.ui.session import BaseState, current_actor

ROUTE = "/import/[import_id]"
LOOK_EVERY_SECONDS = 0.5


class ImportState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_loaded: bool = False
    is_missing: bool = False
    view: ImportView = ImportView()
    columns: list[ColumnRow] = []
    reasons: list[ReasonChip] = []
    groups: list[GroupOption] = []

    refused_rows: list[Refusal] = []
    refused_total: int = 0
    page: int = 1
    pages: int = 1
    reason: str = ""

    is_naming_group: bool = False
    _watch: int = 0  # the number of the watcher that may speak; an earlier one ends

    @rx.event
    async def load(self) -> Any:
        self.problem, self.field_problems, self.is_naming_group = "", {}, False
        self.is_missing = False
        wanted = self._wanted()
        if wanted != self.view.id:
            self.is_loaded, self.reason = False, ""
        try:
            await self._look(wanted)
        except NotFound:
            self.is_missing = True
            return None
        self.is_loaded = True
        return ImportState.watch

    @rx.event(background=True)
    async def watch(self) -> None:
        """Follow a check or an import until it rests, or the page is left."""
        async with self:
            self._watch += 1
            mine, import_id = self._watch, self._wanted()
        while True:
            actor = await current_actor()
            try:
                view = await db.in_reading(actor, views.read_progress, import_id)
                sight = None
                if not view.is_moving:
                    sight = await db.in_reading(actor, views.read_sight, import_id)
            except NotFound:
                return
            async with self:
                if self._watch != mine or self._wanted() != import_id:
                    return
                if sight is not None:
                    self._show(sight)
                    return
                self.view = view
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    # Columns ------------------------------------------------------------------------------------

    @rx.event
    async def pick_target(self, column: int, target: str) -> Any:
        return await self._change(imports.map_column, column, target)

    @rx.event
    async def say_header(self, has_header: bool) -> Any:
        return await self._change(imports.set_has_header, has_header)

    @rx.event
    async def pick_region(self, region: str) -> Any:
        return await self._change(imports.change_region, region)

    @rx.event
    async def check_again(self) -> Any:
        return await self._change(imports.check_again)

    # The group ----------------------------------------------------------------------------------

    @rx.event
    async def pick_group(self, group_id: str) -> Any:
        """ "new" asks for the name of one; "" is none."""
        if group_id == "new":
            self.is_naming_group, self.field_problems = True, {}
            return None
        return await self._change(
            imports.choose_group, as_id(group_id, "group") if group_id else None
        )

    @rx.event
    async def close_group(self) -> None:
        self.is_naming_group = False

    @rx.event
    async def make_group(self, form: dict[str, Any]) -> None:
        with self._showing_problems():
            await self._run(_make_group, self.view.id, str(form.get("group_name", "")))
            self.is_naming_group = False
        await self._look(self.view.id)

    # The import ---------------------------------------------------------------------------------

    @rx.event
    async def start(self) -> Any:
        return await self._change(imports.start)

    @rx.event
    async def stop(self) -> Any:
        return await self._change(imports.stop)

    # Refused rows -------------------------------------------------------------------------------

    @rx.event
    async def show_reason(self, reason: str) -> None:
        self.reason = reason
        await self._turn_to(1)

    @rx.event
    async def next_page(self) -> None:
        await self._turn_to(self.page + 1)

    @rx.event
    async def previous_page(self) -> None:
        await self._turn_to(self.page - 1)

    # Helpers ------------------------------------------------------------------------------------

    def _wanted(self) -> str:
        return self._route_value("import_id")

    async def _look(self, import_id: str) -> None:
        self._show(await self._read(views.read_sight, import_id))

    async def _turn_to(self, page: int) -> None:
        self._show_refused(await self._read(views.read_refused, self.view.id, self.reason, page))

    async def _change(self, change: Any, *args: Any) -> Any:
        """Make a change and show what came of it; then follow the worker, if it has something to do.

        Somebody may have changed or started the import in another tab: the page then says so, and shows
        how it stands.
        """
        answer: Any = None
        try:
            await self._run(change, as_id(self.view.id, "import"), *args)
        except MbsError as refusal:
            if not isinstance(refusal, InvalidInput | NotFound) and refusal.code != "conflict":
                raise
            answer = notify_problem(refusal.message)
        await self._look(self.view.id)
        return [answer, ImportState.watch] if answer is not None else ImportState.watch

    def _show(self, sight: views.Sight) -> None:
        self.view, self.columns = sight.view, sight.columns
        self.reasons, self.groups = sight.reasons, sight.groups
        self.reason = ""
        self._show_refused(sight.refused)

    def _show_refused(self, refused: RefusedSight) -> None:
        self.refused_rows, self.refused_total = refused.rows, refused.total
        self.page, self.pages = refused.page, refused.pages


def _make_group(session: Session, actor: Actor, import_id: str, name: str) -> None:
    group = groups.create_group(session, actor, name=name)
    imports.choose_group(session, actor, as_id(import_id, "import"), group.id)
