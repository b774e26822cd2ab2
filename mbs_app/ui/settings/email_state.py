"""What the settings do about one's email address. The password goes from the form to the API, never through here."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.services import accounts, email_changes
from mbs_app.ui.access import Access
from mbs_app.ui.components.toast import notify
from mbs_app.ui.session import BaseState


def look(session: Session, actor: Actor) -> tuple[str, str, bool]:
    user = accounts.my_profile(session, actor)
    waiting = email_changes.waiting(session, actor) or ""
    return user.email, waiting, bool(user.password_hash)


class EmailState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN

    email: str = ""
    waiting: str = ""  # a new address whose link wasn't clicked yet
    has_password: bool = True
    form_open: bool = False
    is_sending: bool = False

    @rx.event
    async def load(self) -> None:
        self.form_open = False
        await self._look()

    @rx.event
    async def change(self) -> None:
        self.problem, self.field_problems = "", {}
        self.is_sending, self.form_open = False, True

    @rx.event
    async def close_form(self) -> None:
        self.form_open = False

    @rx.event
    async def begin(self) -> None:
        """The form itself goes to the API; what was typed never comes here."""
        self.is_sending, self.problem, self.field_problems = True, "", {}

    @rx.event
    async def answered(self, answer: dict[str, Any]) -> Any:
        self.is_sending = False
        if not self._took(answer, "email", "password"):
            return None
        self.form_open = False
        await self._look()
        return notify("The mail is on its way")

    @rx.event
    async def keep_address(self) -> Any:
        await self._run(email_changes.keep)
        await self._look()
        return notify("Your address stays as it is")

    async def _look(self) -> None:
        self.email, self.waiting, self.has_password = await self._read(look)
