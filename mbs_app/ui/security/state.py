"""What the page of one's security does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, ClassVar

import reflex as rx

from mbs_app.domain.errors import ConfirmFirst, TooManyAttempts
from mbs_app.services import external_identities
from mbs_app.services.sign_in import by_provider
from mbs_app.ui.access import Access
from mbs_app.ui.components.toast import notify
from mbs_app.ui.security.app_state import AppSection
from mbs_app.ui.security.codes_state import CodesSection
from mbs_app.ui.security.confirming import Confirming
from mbs_app.ui.security.facts import Facts
from mbs_app.ui.security.passkeys_state import PasskeysSection
from mbs_app.ui.security.password_state import CHANGED, PasswordSection
from mbs_app.ui.security.policy_state import PolicySection
from mbs_app.ui.security.provider_state import CONNECTED, ProviderSection
from mbs_app.ui.session import BaseState
from mbs_app.ui.shell import ShellState

# What the way back from another provider may have to say, by its word in the page's address.
NOTICES = {
    problem.code: problem.message
    for problem in (
        by_provider.ProviderAway(),
        external_identities.ConnectedElsewhere(),
        ConfirmFirst(),
        TooManyAttempts(by_provider.WINDOW.seconds),
    )
}


class SecurityState(
    Facts,
    Confirming,
    PasswordSection,
    AppSection,
    PasskeysSection,
    CodesSection,
    ProviderSection,
    PolicySection,
    BaseState,
    rx.State,
):
    """A mixin for each section, and one for showing again that it is you."""

    access: ClassVar[Access | None] = Access.ENROLLING

    @rx.event
    async def load(self) -> AsyncIterator[Any]:
        self.problem, self.field_problems = "", {}
        self.confirm_open = self.app_open = self.passkey_open = self.codes_open = False
        self.password_open = self.is_changing_password = self.is_mailing_link = False
        self.removing_app = self.replacing_codes = False
        self.removing_id = self.disconnecting_id = ""
        await self._look()
        if self.is_stopped:
            self._offer_ways()
            return  # nothing else may be asked for yet
        await self._look_at_password()
        await self._look_at_identities()
        yield ShellState.load
        if (await self._actor()).is_admin:
            yield SecurityState.look_at_policy
        asked = self.router.url.query_parameters
        if page := asked.get("confirm", ""):
            yield await self._confirm_for(page)
        news = asked.get("new", "")
        if news == "codes" and self.methods and self.codes_left == 0:
            yield SecurityState.make_codes
        elif news == "passkey":
            yield notify("The passkey is added")
        elif news == CHANGED:
            yield notify("Your password is changed, and you are signed out everywhere else")
        notice = asked.get("notice", "")
        if notice == CONNECTED:
            yield notify("The sign-in is connected")
        elif notice:
            self.problem = NOTICES.get(notice, "")
