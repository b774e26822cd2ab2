"""What the page behind the one-time link does."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.services.workspace import can_be_set_up
from mbs_app.ui.access import Access
from mbs_app.ui.browser import find_time_zone
from mbs_app.ui.credentials import leave_for
from mbs_app.ui.session import BaseState
from mbs_app.ui.zone_choice import ZoneChoice

NOBODY_YET = Actor.system("setup page")
FIELDS = {"workspace_name", "name", "email", "password", "time_zone", "default_region"}


class FirstAdminState(ZoneChoice, BaseState, rx.State):
    access: ClassVar[Access] = Access.PUBLIC

    token: str = ""
    is_loaded: bool = False
    is_open: bool = False
    busy: bool = False

    @rx.event
    async def load(self) -> rx.event.EventSpec:
        self.token = self.router.url.query_parameters.get("token", "")[:100]
        self.is_open = await db.in_reading(NOBODY_YET, can_be_set_up, self.token)
        self.is_loaded, self.busy = True, False
        self.problem, self.field_problems = "", {}
        return find_time_zone(FirstAdminState.guess_zone)

    @rx.event
    def begin(self) -> None:
        """The form itself goes to the API; what was typed never comes here."""
        self.busy, self.problem, self.field_problems = True, "", {}

    @rx.event
    def answered(self, answer: dict[str, Any]) -> rx.event.EventSpec | None:
        if self._took(answer, *FIELDS):
            return leave_for("/")
        self.busy = False
        return None
