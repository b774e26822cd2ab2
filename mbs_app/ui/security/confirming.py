"""Showing again that it is you, before a change, and going on with it afterwards."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import reflex as rx
from reflex_base.event import EventHandler, EventSpec

from mbs_app.domain.errors import ConfirmFirst
from mbs_app.domain.site_paths import same_site_path
from mbs_app.services import second_factor
from mbs_app.services.second_factor import Method
from mbs_app.ui.security.facts import PAGE, what_went_wrong

PASSWORD = "password"


def confirm_first(page: str) -> EventSpec:
    """For pages that met ConfirmFirst: go and confirm, then come back to ``page``."""
    return rx.redirect(f"{PAGE}?confirm={quote(page, safe='')}")


class Confirming(rx.State, mixin=True):
    confirm_open: bool = False
    confirm_ways: list[str] = []  # "password" and the account's second factors
    confirm_way: str = ""
    confirm_problem: str = ""
    is_confirming: bool = False

    _wanted: str = ""  # the name of the handler that waits
    _return_to: str = ""  # the page that sent somebody here to confirm

    @rx.event
    def choose_way(self, way: str) -> None:
        if way in self.confirm_ways:
            self.confirm_way, self.confirm_problem = way, ""

    @rx.event
    def begin_confirming(self) -> None:
        """What was typed goes to the API, never through here."""
        self.is_confirming, self.confirm_problem = True, ""

    @rx.event
    def confirm_answered(self, answer: dict[str, Any]) -> Any:
        self.is_confirming = False
        self.confirm_problem = what_went_wrong(answer, PASSWORD, "code")
        if self.confirm_problem:
            return None
        self.confirm_open = False
        return self._go_on()

    @rx.event
    def close_confirm(self) -> None:
        self.confirm_open, self._wanted, self._return_to = False, "", ""

    async def _is_confirmed(self, wanted: EventHandler) -> bool:
        """Whether the change may go on; if not the dialog opens, and ``wanted`` is called after it."""
        try:
            await self._read(second_factor.require_confirmed)
        except ConfirmFirst:
            self._ask_to_confirm(wanted)
            return False
        return True

    async def _confirm_for(self, page: str) -> Any:
        """Send somebody back to the page that needs it, once it is done; see :func:`confirm_first`."""
        try:
            await self._read(second_factor.require_confirmed)
        except ConfirmFirst:
            self._return_to, self.confirm_open = same_site_path(page), True
            self._offer_ways()
            return None
        return rx.redirect(same_site_path(page))

    def _ask_to_confirm(self, wanted: EventHandler) -> None:
        self._wanted, self._return_to, self.confirm_open = wanted.fn.__name__, "", True
        self._offer_ways()

    def _offer_ways(self) -> None:
        shown = self.shown_here or not self.methods
        password = [PASSWORD] if self.has_password and shown else []
        self.confirm_ways = [*password, *_by_ease(self.methods)]
        self.confirm_way = next(iter(self.confirm_ways), "")
        self.confirm_problem, self.is_confirming = "", False

    def _go_on(self) -> EventSpec | EventHandler | None:
        wanted, page, self._wanted, self._return_to = self._wanted, self._return_to, "", ""
        if page:
            return rx.redirect(page)
        return getattr(type(self), wanted) if wanted else None


def _by_ease(methods: list[str]) -> list[str]:
    order = (Method.AUTHENTICATOR, Method.PASSKEY, Method.RECOVERY_CODE)
    return [method for method in order if method in methods]
