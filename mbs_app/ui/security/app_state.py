"""What the section of the authenticator app does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from mbs_app.services.second_factor import authenticators
from mbs_app.ui.components.toast import notify, notify_problem
from mbs_app.ui.credentials import forget_kept, post_form, show_kept
from mbs_app.ui.security.facts import PAGE, what_went_wrong

# Where the picture and the secret are written by the browser; they never come here.
PICTURE, SECRET = "app-picture", "app-secret"
KEPT = "app-begun"
URL = "/api/me/authenticator"
NEW_CODES = f"{PAGE}?new=codes"


class AppSection(rx.State, mixin=True):
    app_open: bool = False
    app_problem: str = ""
    is_adding_app: bool = False
    removing_app: bool = False

    @rx.event
    async def set_up_app(self) -> Any:
        if await self._is_confirmed(type(self).set_up_app):
            return post_form(KEPT, URL, type(self).app_begun, keep_body=True)
        return None

    @rx.event
    def app_begun(self, answer: dict[str, Any]) -> Any:
        if problem := what_went_wrong(answer):
            return notify_problem(problem)
        self.app_open, self.app_problem, self.is_adding_app = True, "", False
        return [show_kept(KEPT, "qr_code", PICTURE), show_kept(KEPT, "secret_to_type", SECRET)]

    @rx.event
    def begin_app_code(self) -> None:
        self.is_adding_app, self.app_problem = True, ""

    @rx.event
    def app_refused(self, answer: dict[str, Any]) -> None:
        """Not called where the code was right: then the browser loads the page anew."""
        self.is_adding_app = False
        self.app_problem = what_went_wrong(answer, "code")

    @rx.event
    def close_app(self) -> Any:
        self.app_open = False
        return forget_kept(KEPT)

    @rx.event
    def ask_to_remove_app(self) -> None:
        self.removing_app, self.problem = True, ""

    @rx.event
    def keep_app(self) -> None:
        self.removing_app = False

    @rx.event
    async def remove_app(self) -> AsyncIterator[Any]:
        self.removing_app = False
        if not await self._is_confirmed(type(self).remove_app):
            return
        with self._showing_problems():
            await self._run(authenticators.remove, await self._visitor())
            yield notify("The authenticator app is removed")
        await self._look()
