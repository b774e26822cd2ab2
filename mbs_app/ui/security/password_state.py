"""What the section of the password does. What is typed goes to the API and never comes here."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from mbs_app.domain.clock import utc_now
from mbs_app.domain.time_words import day_words, mid_sentence
from mbs_app.services import accounts
from mbs_app.ui.components.toast import notify, notify_problem
from mbs_app.ui.security.facts import what_went_wrong

CHANGE_URL = "/api/auth/password"
LINK_URL = "/api/password-reset/request"
LINK_FORM = "password-link"
CHANGED = "password"  # in the address, after a change
_FIELDS = ("current_password", "password")


class PasswordSection(rx.State, mixin=True):
    email: str = ""
    password_since: str = ""
    password_open: bool = False
    password_problem: str = ""
    password_problems: dict[str, str] = {}
    is_changing_password: bool = False
    is_mailing_link: bool = False

    @rx.event
    def open_password(self) -> None:
        self.password_open, self.is_changing_password = True, False
        self.password_problem, self.password_problems = "", {}

    @rx.event
    def close_password(self) -> None:
        self.password_open = False

    @rx.event
    def begin_password(self) -> None:
        self.is_changing_password = True
        self.password_problem, self.password_problems = "", {}

    @rx.event
    def password_refused(self, answer: dict[str, Any]) -> None:
        """Where it is taken, the browser loads the page anew by itself: the session has a new token."""
        self.is_changing_password = False
        errors = answer.get("errors")
        if isinstance(errors, dict):
            self.password_problems = {
                field: str(errors[field])[:300] for field in _FIELDS if field in errors
            }
        if not self.password_problems:
            self.password_problem = what_went_wrong(answer)

    @rx.event
    def begin_link(self) -> None:
        self.is_mailing_link = True

    @rx.event
    def link_answered(self, answer: dict[str, Any]) -> EventSpec:
        self.is_mailing_link = False
        if problem := what_went_wrong(answer):
            return notify_problem(problem)
        return notify(f"A link is on its way to {self.email}")

    async def _look_at_password(self) -> None:
        profile = await self._read(accounts.my_profile)
        self.email = profile.email
        changed = profile.password_changed_at
        day = day_words(changed or profile.created_at, utc_now(), profile.time_zone)
        self.password_since = f"{'Changed' if changed else 'Chosen'} {mid_sentence(day)}"
