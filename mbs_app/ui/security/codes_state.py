"""What the section of recovery codes does."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.toast import notify, notify_problem
from mbs_app.ui.credentials import copy_shown, forget_kept, post_form, show_kept
from mbs_app.ui.security.facts import what_went_wrong

# Where the codes are written by the browser; they never come here.
SHEET = "recovery-codes"
KEPT = "codes-made"
URL = "/api/me/recovery-codes"


class CodesSection(rx.State, mixin=True):
    codes_open: bool = False
    replacing_codes: bool = False
    is_making_codes: bool = False

    @rx.event
    def ask_for_codes(self) -> Any:
        """New ones at once, or after a question where old ones would stop working."""
        if self.codes_left == 0:
            return type(self).make_codes
        self.replacing_codes = True
        return None

    @rx.event
    def keep_codes(self) -> None:
        self.replacing_codes = False

    @rx.event
    async def make_codes(self) -> Any:
        self.replacing_codes = False
        if not await self._is_confirmed(type(self).make_codes):
            return None
        self.is_making_codes = True
        return post_form(KEPT, URL, type(self).codes_made, keep_body=True)

    @rx.event
    async def codes_made(self, answer: dict[str, Any]) -> Any:
        self.is_making_codes = False
        if problem := what_went_wrong(answer):
            return notify_problem(problem)
        await self._look()
        self.codes_open = True
        return show_kept(KEPT, "codes", SHEET)

    @rx.event
    def copy_codes(self) -> Any:
        return copy_shown(SHEET, type(self).codes_copied)

    @rx.event
    def codes_copied(self, could: bool) -> Any:
        if could:
            return notify("The codes are copied")
        return notify_problem("The browser didn’t allow it. Mark the codes and copy them.")

    @rx.event
    def close_codes(self) -> Any:
        self.codes_open = False
        return forget_kept(KEPT)
