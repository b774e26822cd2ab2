"""What the page for a new address does. The link's token stays in the browser (ui/scripts/linkToken.js)."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from mbs_app.ui.access import Access
from mbs_app.ui.session import BaseState


class ConfirmEmailState(BaseState, rx.State):
    access: ClassVar[Access] = Access.PUBLIC

    # "open" until the button is pressed, then "done" or "dead"; "open" again where the server can't be reached.
    stage: str = "open"
    email: str = ""
    busy: bool = False

    @rx.event
    def load(self) -> None:
        self.stage, self.email, self.busy, self.problem = "open", "", False, ""

    @rx.event
    def begin(self) -> None:
        self.busy, self.problem = True, ""

    @rx.event
    def answered(self, answer: dict[str, Any]) -> None:
        self.busy = False
        if self._took(answer):
            body = answer.get("body")
            self.email = str(body.get("email", ""))[:254] if isinstance(body, dict) else ""
            self.stage = "done"
        elif answer.get("status") in (404, 409):
            self.stage = "dead"
