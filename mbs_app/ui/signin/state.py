"""What the sign-in page does."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.site_paths import same_site_path
from mbs_app.services.workspace import read_identity, waits_for_first_admin
from mbs_app.settings import get_settings
from mbs_app.ui.access import Access
from mbs_app.ui.credentials import leave_for
from mbs_app.ui.session import BaseState

NOBODY_YET = Actor.system("sign-in page")


class SignInState(BaseState, rx.State):
    access: ClassVar[Access] = Access.PUBLIC

    workspace_name: str = ""
    tagline: str = ""
    host: str = ""
    nobody_yet: bool = False
    busy: bool = False

    @rx.event
    async def load(self) -> None:
        identity = await db.in_reading(NOBODY_YET, read_identity)
        self.workspace_name, self.tagline = identity
        self.nobody_yet = await db.in_reading(NOBODY_YET, waits_for_first_admin)
        self.host = get_settings().address.partition("://")[2]
        self.busy, self.problem = False, ""

    @rx.event
    def begin(self) -> None:
        """The form itself goes to the API; what was typed never comes here."""
        self.busy, self.problem = True, ""

    @rx.event
    def answered(self, answer: dict[str, Any]) -> rx.event.EventSpec | None:
        if answer.get("ok") is True:
            return leave_for(same_site_path(self.router.url.query_parameters.get("next", "/")))
        self.busy = False
        self.problem = str(answer.get("detail", ""))[:300]
        return None
