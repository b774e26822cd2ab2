"""What the page does on which somebody joins with a code."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import quote

import reflex as rx

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.services.workspace import read_identity
from mbs_app.settings import get_settings
from mbs_app.ui.access import Access
from mbs_app.ui.browser import find_time_zone, focus_first
from mbs_app.ui.session import BaseState
from mbs_app.ui.zone_choice import ZoneChoice

NOBODY_YET = Actor.system("join page")
FIELDS = {"code", "name", "email", "password", "time_zone"}
# What the way back from another provider may have to say of the code, by its word in the page's address.
PROVIDER_NOTICES = {
    "invite-code": "This code doesn’t work, or no longer. Ask whoever invited you for a new one.",
    "invite-email": "This code is for another address than the one that sign-in has.",
}


class JoinState(ZoneChoice, BaseState, rx.State):
    access: ClassVar[Access] = Access.PUBLIC

    workspace_name: str = ""
    code: str = ""
    linked_code: str = ""  # the one the link brought
    provider: str = ""  # the other way in, where one is set up
    provider_url: str = ""
    is_loaded: bool = False
    is_sent: bool = False
    busy: bool = False

    @rx.event
    async def load(self) -> Any:
        identity = await db.in_reading(NOBODY_YET, read_identity)
        self.workspace_name = identity.name
        settings, query = get_settings(), self.router.url.query_parameters
        self.provider = settings.oidc_name if settings.signs_in_through_provider else ""
        self._take_code(query.get("code", ""))
        self.linked_code = self.code
        self.is_loaded, self.is_sent, self.busy = True, False, False
        told = PROVIDER_NOTICES.get(query.get("notice", ""))
        self.problem, self.field_problems = "", {"code": told} if told else {}
        return [
            find_time_zone(JoinState.guess_zone),
            focus_first("name" if self.code else "code"),
        ]

    @rx.event
    async def type_code(self, code: str) -> None:
        """The way to the other provider takes the code along."""
        self._take_code(code)

    @rx.event
    async def begin(self) -> None:
        """The form itself goes to the API; what was typed never comes here."""
        self.busy, self.problem, self.field_problems = True, "", {}

    @rx.event
    async def answered(self, answer: dict[str, Any]) -> None:
        self.busy = False
        if answer.get("ok") is True:
            self.is_sent = True
            return
        errors = answer.get("errors")
        if isinstance(errors, dict):
            self.field_problems = {
                field: str(sentence)[:200] for field, sentence in errors.items() if field in FIELDS
            }
        self.problem = "" if self.field_problems else str(answer.get("detail", ""))[:300]

    def _take_code(self, code: str) -> None:
        self.code = code[:40]
        self.provider_url = f"/api/auth/provider/start?invite={quote(self.code)}"
