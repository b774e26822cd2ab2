"""The draft keeps itself: one saver at a time takes whatever is on the page, until nothing changed."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import reflex as rx

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import InvalidInput, MbsError
from mbs_app.domain.time_words import clock_time
from mbs_app.services import campaigns
from mbs_app.ui.arguments import as_id
from mbs_app.ui.session import current_actor

PAUSE_SECONDS = 0.4
"""Between two saves of somebody who keeps typing."""


class Saving(rx.State, mixin=True):
    name: str = ""
    saved_words: str = ""
    is_saving: bool = False
    is_leaving: bool = False
    save_problem: str = ""

    _version: int = 0
    _draft_id: str = ""
    _saver_runs: bool = False
    _leave_to: str = ""

    @rx.event(background=True)
    async def autosave(self) -> Any:
        """Save the draft. Of several at once the first works for all; then go where somebody waits to go."""
        actor = await current_actor()
        async with self:
            if self.save_problem:
                self._rest()
                return
            if self._saver_runs or not self._draft_id:
                return
            self._saver_runs = self.is_saving = True
        try:
            address = await self._save_until_still(actor)
        except BaseException:
            async with self:
                self._rest()
            raise
        if address:
            yield rx.redirect(address)

    @rx.event
    async def save_now(self) -> Any:
        """The button; the draft saves itself anyway."""
        return self.__class__.autosave

    @rx.event
    async def rename(self, form: dict[str, Any]) -> Any:
        with self._showing_problems():
            self.name = campaigns.clean_name(str(form.get("name", "")))
            self.dialog = ""
            return self.__class__.autosave

    async def _save_until_still(self, actor: Actor) -> str:
        """Save until what is on the page is what is kept. Returns where to go then, or ""."""
        async with self:
            draft_id = self._draft_id
        while True:
            async with self:
                in_a_hurry = bool(self._leave_to)
            if not in_a_hurry:
                await asyncio.sleep(PAUSE_SECONDS)
            async with self:
                if self._draft_id != draft_id:  # another draft was opened in this tab meanwhile
                    return ""
                version, values = self._version, self._to_save()
            try:
                saved = await db.in_transaction(
                    actor,
                    campaigns.save_draft,
                    UUID(draft_id),
                    expected_version=version,
                    **values,
                )
            except MbsError as error:
                async with self:
                    self._tell(error)
                    self._rest()
                return ""
            async with self:
                if self._draft_id != draft_id:
                    return ""
                self._version = saved.version
                if self._to_save() != values:
                    continue
                self.field_problems = dict[str, str]()
                self.saved_words = f"Saved {clock_time(utc_now(), self._own_zone)}"
                address = self._leave_to
                self._rest()
                return address

    def _name_untitled(self, name: str) -> None:
        """Name a draft that nobody named yet."""
        if self.name == campaigns.UNTITLED:
            self.name = name

    def _own_id(self) -> UUID:
        """The opened draft's id. Raises NotFound in a tab that has opened none."""
        return as_id(self._draft_id, "campaign")

    def _rest(self) -> None:
        self._saver_runs = self.is_saving = self.is_leaving = False
        self._leave_to = ""

    def _tell(self, error: MbsError) -> None:
        self.saved_words = "Not saved"
        if isinstance(error, InvalidInput) and error.fields:
            self.field_problems = dict(error.fields)
        else:
            # Somebody else changed or sent it: nothing more is saved over that.
            self.save_problem = error.message

    def _leave_when_saved(self, address: str) -> Any:
        """Go on to ``address`` once everything on the page is saved."""
        self._leave_to, self.is_leaving = address, True
        return self.__class__.autosave
