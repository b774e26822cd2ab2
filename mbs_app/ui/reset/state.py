"""What the page for a new password does. The link's token stays in the browser (ui/scripts/linkToken.js)."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx
from reflex_base.event import EventSpec

from mbs_app.ui.access import Access
from mbs_app.ui.credentials import look_at_link
from mbs_app.ui.session import BaseState

DEAD = 409


class ResetState(BaseState, rx.State):
    access: ClassVar[Access] = Access.PUBLIC

    # Of the link: being looked at, good, no longer good, or the server couldn't say.
    stage: str = "looking"
    email: str = ""
    busy: bool = False

    @rx.event
    def load(self) -> EventSpec:
        self.stage, self.email, self.busy = "looking", "", False
        self.problem, self.field_problems = "", {}
        return look_at_link("/api/password-reset/validate", ResetState.looked)

    @rx.event
    def looked(self, answer: dict[str, Any]) -> None:
        if self._took(answer):
            self.stage, self.email = "open", str(answer.get("email", ""))[:254]
        else:
            self.stage = "dead" if answer.get("status") == DEAD else "away"

    @rx.event
    def begin(self) -> None:
        """The form itself goes to the API; what was typed never comes here."""
        self.busy, self.problem, self.field_problems = True, "", {}

    @rx.event
    def refused(self, answer: dict[str, Any]) -> None:
        """Where the password is taken, the browser goes on to the sign-in page by itself."""
        self.busy = False
        self._took(answer, "password")
        if answer.get("status") == DEAD:
            self.stage = "dead"
