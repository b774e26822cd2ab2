"""What the page of one's API keys does. A key itself goes from the API's answer into the page, never through here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import ConfirmFirst
from mbs_app.services import accounts, api_keys, second_factor
from mbs_app.ui.access import Access
from mbs_app.ui.api_keys.rows import KeyRow, key_row
from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.toast import notify, notify_problem
from mbs_app.ui.credentials import copy_shown, forget_kept, show_kept
from mbs_app.ui.security.confirming import confirm_first
from mbs_app.ui.session import BaseState
from mbs_app.ui.settings.tabs import KEYS

ADDING = f"{KEYS}?new=key"  # the page with the form open
FORM = "new-key"
SHOWN = "made-key"  # the field the browser writes the key into
LIFETIMES = [
    ("30", "30 days"),
    ("90", "90 days"),
    ("365", "1 year"),
    ("none", "No end"),
    ("date", "A day I choose"),
]
USUAL_LIFETIME = "90"


def look(session: Session, actor: Actor) -> list[KeyRow]:
    zone, now = accounts.my_profile(session, actor).time_zone, utc_now()
    return [key_row(key, now, zone) for key in api_keys.newest_keys(session, actor)]


class ApiKeysState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_loaded: bool = False
    rows: list[KeyRow] = []

    form_open: bool = False
    lifetime: str = USUAL_LIFETIME
    first_day: str = ""
    is_making: bool = False
    is_made: bool = False

    revoking_id: str = ""
    revoking_name: str = ""

    @rx.event
    async def load(self) -> Any:
        self.form_open, self.is_made, self.revoking_id = False, False, ""
        await self._look()
        came_back = self.router.url.query_parameters.get("new", "") == "key"
        return ApiKeysState.add if came_back else None

    @rx.event
    async def add(self) -> Any:
        """Open the form, for whose session is fresh enough; others confirm that it is them, and come back to it."""
        try:
            await self._read(second_factor.require_confirmed)
        except ConfirmFirst:
            return confirm_first(ADDING)
        self.problem, self.field_problems = "", {}
        self.lifetime, self.is_making, self.is_made = USUAL_LIFETIME, False, False
        self.first_day = utc_now().date().isoformat()
        self.form_open = True
        return None

    @rx.event
    async def choose_lifetime(self, lifetime: str) -> None:
        self.lifetime = lifetime[:10]

    @rx.event
    async def close_form(self) -> None:
        self.form_open = False

    @rx.event
    async def begin(self) -> None:
        """The form itself goes to the API."""
        self.is_making, self.problem, self.field_problems = True, "", {}

    @rx.event
    async def answered(self, answer: dict[str, Any]) -> Any:
        self.is_making = False
        if answer.get("code") == ConfirmFirst.code:  # the form was open for long
            return confirm_first(ADDING)
        if not self._took(answer, "name", "scopes", "expires_on"):
            return None
        self.form_open, self.is_made = False, True
        await self._look()
        return show_kept(FORM, "key", SHOWN)

    @rx.event
    async def copy(self) -> Any:
        return copy_shown(SHOWN, ApiKeysState.copied)

    @rx.event
    async def copied(self, could: bool) -> Any:
        if could:
            return notify("The key is copied")
        return notify_problem("The browser didn’t allow it. Mark the key and copy it.")

    @rx.event
    async def close_made(self) -> Any:
        self.is_made = False
        return forget_kept(FORM)

    @rx.event
    async def ask_to_revoke(self, key_id: str) -> None:
        if row := next((row for row in self.rows if row.id == key_id), None):
            self.revoking_id, self.revoking_name = row.id, row.name

    @rx.event
    async def keep(self) -> None:
        self.revoking_id = ""

    @rx.event
    async def revoke(self) -> AsyncIterator[Any]:
        if not self.revoking_id:
            return
        revoking, name = as_id(self.revoking_id, "key"), self.revoking_name
        self.revoking_id = ""
        await self._run(api_keys.revoke_key, revoking)
        yield notify(f"{name} is revoked")
        await self._look()

    async def _look(self) -> None:
        self.rows, self.is_loaded = await self._read(look), True
