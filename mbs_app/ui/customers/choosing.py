"""Customers ticked in the list, and what is done with many at once, in chunks that can be stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import Conflict, MbsError, NotAllowed, NotSignedIn
from mbs_app.models import new_id
from mbs_app.services import audiences, campaigns, consent, customers, groups
from mbs_app.services.customers import CHUNK, Selection
from mbs_app.ui.components.toast import notify, notify_problem
from mbs_app.ui.customers.listing import export_address
from mbs_app.ui.session import current_actor

MOST_UNDONE = 5000  # more than this is too much to hold for an Undo
MOST_EXPORTED = 200  # ids that fit into an address


class Choosing(rx.State, mixin=True):
    chosen: list[str] = []
    all_match: bool = False
    chosen_export_url: str = ""

    # The dialog that is open: "", "group", "ungroup", "opt_out", "delete"; and the work that runs.
    dialog: str = ""
    dialog_people: int = 0
    dialog_name: str = ""
    working: str = ""
    done: int = 0
    to_do: int = 0
    stopping: bool = False

    _single: str = ""  # the row whose menu opened the dialog; "" means the ticked ones
    _group: str = ""
    _undo_phones: list[str] = []
    _undo_added: tuple[str, list[str]] = ("", [])
    _undo_removed: tuple[str, list[str]] = ("", [])

    @rx.event
    async def choose(self, customer_id: str, ticked: bool) -> None:
        kept = [one for one in self.chosen if one != customer_id]
        if self.all_match:
            kept = [row.id for row in self.rows if row.id != customer_id]
            self.all_match = False
        self.chosen = [*kept, customer_id] if ticked else kept
        self._say_export()

    @rx.event
    async def choose_page(self, ticked: bool) -> None:
        shown = [row.id for row in self.rows]
        others = [one for one in self.chosen if one not in shown]
        self.all_match = False
        self.chosen = [*others, *shown] if ticked else others
        self._say_export()

    @rx.event
    async def choose_all_that_match(self) -> None:
        self.all_match = True
        self.chosen = [row.id for row in self.rows]
        self._say_export()

    @rx.event
    async def choose_nobody(self) -> None:
        self._choose_nobody()

    # Dialogs -------------------------------------------------------------------------------------

    @rx.event
    async def ask(self, dialog: str, customer_id: str) -> None:
        """Open a dialog for the ticked customers, or for ``customer_id`` where one is named."""
        row = next((one for one in self.rows if one.id == customer_id), None)
        self._single = row.id if row else ""
        self.dialog_name = row.name if row else ""
        self.dialog_people = 1 if row else self.matching if self.all_match else len(self.chosen)
        if dialog in ("group", "ungroup", "opt_out", "delete") and self.dialog_people:
            self.dialog = dialog

    @rx.event
    async def close_dialog(self) -> None:
        self.dialog = ""

    @rx.event
    async def pick_group(self, group_id: str) -> Any:
        """A group in the dialog was pressed: add to it, or take out of it."""
        work = "adding" if self.dialog == "group" else "removing"
        if group_id not in [one.key for one in self.group_choices]:
            return None
        self._group = group_id
        return self._begin(work)

    @rx.event
    async def remove_from_shown_group(self) -> Any:
        """The list shows one group's members: take the ticked ones out of it."""
        if len(self._chosen_groups) != 1:
            return None
        self._single, self._group = "", self._chosen_groups[0]
        self.dialog_people = self.matching if self.all_match else len(self.chosen)
        return self._begin("removing")

    @rx.event
    async def record_opt_out(self) -> Any:
        return self._begin("opting_out")

    @rx.event
    async def delete(self) -> Any:
        return self._begin("deleting")

    @rx.event
    async def stop(self) -> None:
        self.stopping = True

    @rx.event
    async def write_to_them(self) -> Any:
        """Start a draft for the ticked customers."""
        chosen = self._filter()
        if self.all_match and not (chosen.search.strip() or chosen.status or chosen.consent):
            audience: dict[str, Any] = {
                "mode": "rules" if chosen.states or chosen.group_ids else "all",
                "group_ids": [str(one) for one in chosen.group_ids],
                "states": list(chosen.states),
            }
        else:
            ids = await self._read(_some_ids, self._selection(), audiences.MOST_SELECTED + 1)
            if len(ids) > audiences.MOST_SELECTED:
                return notify_problem(
                    f"At most {audiences.MOST_SELECTED:,} people can be chosen one by one. "
                    "Filter by group or state instead, or put them into a group."
                )
            audience = {"mode": "selection", "customer_ids": [str(one) for one in ids]}
        draft_id = await self._run(_start_draft, audience)
        return rx.redirect(f"/campaigns/{draft_id}/edit")

    # Work in chunks ------------------------------------------------------------------------------

    def _begin(self, work: str) -> Any:
        if self.working:
            return None
        self.dialog = ""
        self.working, self.done, self.to_do, self.stopping = work, 0, self.dialog_people, False
        return _events().work_through

    @rx.event(background=True)
    async def work_through(self) -> AsyncIterator[Any]:
        """Do ``working`` for everybody chosen, a thousand at a time, each in its own transaction."""
        async with self:
            work, selection, group_id = self.working, self._selection(), self._group
            names = {one.key: one.words for one in self.group_choices}
        changed: list[str] = []
        problem = ""
        after, until = None, new_id()
        try:
            while work:
                actor = await current_actor()
                ids = await db.in_reading(
                    actor, customers.next_chunk, selection, after=after, until=until
                )
                if not ids:
                    break
                after = ids[-1]
                changed += await db.in_transaction(actor, _do, work, ids, group_id)
                async with self:
                    self.done += len(ids)
                    if self.stopping:
                        break
                if len(ids) < CHUNK:
                    break
        except (NotSignedIn, NotAllowed):
            raise
        except MbsError as error:
            problem = error.message
        finally:
            async with self:
                stopped = self.stopping
                self.working, self.stopping = "", False
                self._choose_nobody()
        async with self:
            event = _events()
            small = len(changed) <= MOST_UNDONE
            undo = None
            if work == "adding" and small and changed:
                self._undo_added, undo = (group_id, changed), event.undo_adding
            elif work == "removing" and small and changed:
                self._undo_removed, undo = (group_id, changed), event.undo_removing
            elif work == "opting_out" and small and changed:
                self._undo_phones, undo = changed, event.undo_opt_outs
            await self._look()
        yield (
            notify_problem(problem)
            if problem
            else notify(_told(work, len(changed), names.get(group_id, ""), stopped), undo=undo)
        )

    @rx.event
    async def undo_adding(self) -> Any:
        group_id, ids = self._undo_added
        self._undo_added = ("", [])
        if ids:
            await self._run(_in_chunks, groups.remove_members, UUID(group_id), ids)
            await self._look()

    @rx.event
    async def undo_removing(self) -> Any:
        group_id, ids = self._undo_removed
        self._undo_removed = ("", [])
        if ids:
            await self._run(_in_chunks, groups.add_members, UUID(group_id), ids)
            await self._look()

    @rx.event
    async def undo_opt_outs(self) -> Any:
        phones, self._undo_phones = self._undo_phones, []
        if phones:
            await self._run(consent.undo_opt_outs, phones)
            await self._look()

    def _selection(self) -> Selection:
        if self._single:
            return Selection(ids=(UUID(self._single),))
        if self.all_match:
            return Selection(matching=self._filter())
        return Selection(ids=tuple(UUID(one) for one in self.chosen))

    def _choose_nobody(self) -> None:
        self.chosen, self.all_match, self.dialog, self._single = [], False, "", ""

    def _say_export(self) -> None:
        few = not self.all_match and len(self.chosen) <= MOST_EXPORTED
        self.chosen_export_url = export_address(self._filter(), self.chosen if few else ())


def _events() -> Any:
    """The state that these handlers end up in; inside a background event ``self`` is a proxy of it."""
    from mbs_app.ui.customers.state import CustomersState

    return CustomersState


def _do(session: Session, actor: Actor, work: str, ids: Sequence[UUID], group_id: str) -> list[str]:
    """One chunk; whoever was changed by it, as ids or as numbers."""
    if work == "adding":
        return [str(one) for one in groups.add_members(session, actor, UUID(group_id), ids)]
    if work == "removing":
        return [str(one) for one in groups.remove_members(session, actor, UUID(group_id), ids)]
    if work == "opting_out":
        return customers.opt_out_customers(session, actor, ids)
    if work == "deleting":
        return [""] * customers.delete_customers(session, actor, ids)
    raise Conflict("Nothing to do.")


def _in_chunks(
    session: Session, actor: Actor, change: Any, group_id: UUID, ids: Sequence[str]
) -> None:
    for start in range(0, len(ids), CHUNK):
        change(session, actor, group_id, [UUID(one) for one in ids[start : start + CHUNK]])


def _some_ids(session: Session, actor: Actor, selection: Selection, limit: int) -> list[UUID]:
    return customers.next_chunk(session, actor, selection, limit=limit)


def _start_draft(session: Session, actor: Actor, audience: dict[str, Any]) -> str:
    return str(campaigns.create_draft(session, actor, audience=audience).id)


def _told(work: str, count: int, group: str, stopped: bool) -> str:
    people = "1 customer" if count == 1 else f"{count:,} customers"
    said = {
        "adding": f"{people} added to {group}" if count else f"They are in {group} already",
        "removing": f"{people} taken out of {group}" if count else f"Nobody was in {group}",
        "opting_out": f"Opt-out recorded for {people}" if count else "They had opted out already",
        "deleting": f"{people} deleted",
    }.get(work, "")
    return f"Stopped: {said[:1].lower()}{said[1:]}" if stopped else said
