"""What the page for a forgotten password does."""

from __future__ import annotations

from typing import Any, ClassVar

import reflex as rx

from mbs_app.ui.access import Access
from mbs_app.ui.session import BaseState


class ForgotState(BaseState, rx.State):
    access: ClassVar[Access] = Access.PUBLIC

    email: str = ""
    is_sent: bool = False
    busy: bool = False

    @rx.event
    def load(self) -> None:
        self.email, self.is_sent, self.busy = "", False, False
        self.problem, self.field_problems = "", {}

    @rx.event
    def begin(self, form: dict[str, Any]) -> None:
        """The form goes to the API; the address is kept here to be shown afterwards."""
        self.email = str(form.get("email", "")).strip()[:254]
        self.busy, self.problem, self.field_problems = True, "", {}

    @rx.event
    def answered(self, answer: dict[str, Any]) -> None:
        self.busy = False
        self.is_sent = self._took(answer, "email")

    @rx.event
    def ask_again(self) -> None:
        self.is_sent = False
