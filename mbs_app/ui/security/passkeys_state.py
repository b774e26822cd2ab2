"""What the section of passkeys does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput, NotFound
from mbs_app.services.devices import NO_WORDS, device_words
from mbs_app.services.second_factor import passkeys
from mbs_app.ui.components.toast import notify
from mbs_app.ui.security.facts import PAGE, PasskeyRow, what_went_wrong

ADDED = f"{PAGE}?new=passkey"


class PasskeysSection(rx.State, mixin=True):
    passkey_open: bool = False
    passkey_id: str = ""  # of the one that is renamed; "" while one is added
    passkey_name: str = ""
    passkey_problem: str = ""
    is_saving_passkey: bool = False
    removing_id: str = ""
    removing_name: str = ""

    @rx.event
    async def add_passkey(self) -> None:
        if await self._is_confirmed(type(self).add_passkey):
            words = device_words(self.router.headers.user_agent)
            self._open_passkey("", "" if words == NO_WORDS else words)

    @rx.event
    def begin_passkey(self) -> None:
        self.is_saving_passkey, self.passkey_problem = True, ""

    @rx.event
    def passkey_refused(self, answer: dict[str, Any]) -> None:
        """Not called where it was made: then the browser loads the page anew."""
        self.is_saving_passkey = False
        self.passkey_problem = what_went_wrong(answer, "name")

    @rx.event
    def rename_passkey(self, passkey_id: str) -> None:
        if row := self._passkey(passkey_id):
            self._open_passkey(row.id, row.name)

    @rx.event
    async def save_passkey(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        try:
            name = str(form.get("name", ""))
            saved = await self._run(_rename, _uuid(self.passkey_id), name)
        except (InvalidInput, NotFound) as error:
            self.passkey_problem = error.message
            return
        self.passkey_open = False
        await self._look()
        yield notify(f"{saved} saved")

    @rx.event
    def close_passkey(self) -> None:
        self.passkey_open = False

    @rx.event
    def ask_to_remove_passkey(self, passkey_id: str) -> None:
        if row := self._passkey(passkey_id):
            self.removing_id, self.removing_name, self.problem = row.id, row.name, ""

    @rx.event
    def keep_passkey(self) -> None:
        self.removing_id = ""

    @rx.event
    async def remove_passkey(self) -> AsyncIterator[Any]:
        if not self.removing_id or not await self._is_confirmed(type(self).remove_passkey):
            return
        passkey_id, self.removing_id = self.removing_id, ""
        with self._showing_problems():
            await self._run(passkeys.remove, _uuid(passkey_id), await self._visitor())
            yield notify(f"{self.removing_name} removed")
        await self._look()

    def _open_passkey(self, passkey_id: str, name: str) -> None:
        self.passkey_id, self.passkey_name = passkey_id, name
        self.passkey_problem, self.is_saving_passkey, self.passkey_open = "", False, True

    def _passkey(self, passkey_id: str) -> PasskeyRow | None:
        return next((row for row in self.passkeys if row.id == passkey_id), None)


def _rename(session: Session, actor: Actor, passkey_id: UUID, name: str) -> str:
    return passkeys.rename(session, actor, passkey_id, name).name


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput("Reload the page and try again.") from None
