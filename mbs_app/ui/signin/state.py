"""What the sign-in page does: the password first, then what else the account asks for."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import quote

import reflex as rx

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.site_paths import same_site_path
from mbs_app.services.second_factor import Method
from mbs_app.services.second_factor.ceremonies import host_takes_passkeys
from mbs_app.services.steps import StepOver
from mbs_app.services.workspace import read_identity, waits_for_first_admin
from mbs_app.settings import get_settings
from mbs_app.ui.access import Access
from mbs_app.ui.session import BaseState
from mbs_app.ui.signin.notices import NOTICES

NOBODY_YET = Actor.system("sign-in page")
PASSWORD = "password"
# Which of an account's second factors is asked for first.
_FIRST = (Method.AUTHENTICATOR, Method.PASSKEY, Method.RECOVERY_CODE)


class SignInState(BaseState, rx.State):
    access: ClassVar[Access] = Access.PUBLIC

    workspace_name: str = ""
    tagline: str = ""
    host: str = ""
    provider: str = ""  # the other way in, where one is set up
    provider_url: str = ""
    takes_passkeys: bool = False
    nobody_yet: bool = False
    notice: str = ""
    notice_tone: str = ""
    busy: bool = False
    busy_passkey: bool = False

    # "password", or the second factor that is asked for; and those there are.
    asks_for: str = PASSWORD
    methods: list[str] = []

    @rx.event
    async def load(self) -> None:
        settings = get_settings()
        identity = await db.in_reading(NOBODY_YET, read_identity)
        self.workspace_name, self.tagline = identity
        self.nobody_yet = await db.in_reading(NOBODY_YET, waits_for_first_admin)
        self.host = settings.address.partition("://")[2]
        self.provider = settings.oidc_name if settings.signs_in_through_provider else ""
        self.takes_passkeys = host_takes_passkeys(settings.address)
        query = self.router.url.query_parameters
        wanted = quote(same_site_path(query.get("next", "/")), safe="/")
        self.provider_url = f"/api/auth/provider/start?next={wanted}"
        self._say(query.get("notice", ""))
        self._back_to_the_password()
        if query.get("step") == "second-factor":  # the first one was shown elsewhere
            self._ask_second_factor(query.get("methods", "").split(","))

    @rx.event
    def begin(self) -> None:
        """The form itself goes to the API; what was typed never comes here."""
        self.busy, self.problem, self.field_problems, self.notice = True, "", {}, ""

    @rx.event
    def answered(self, answer: dict[str, Any]) -> None:
        """Not called once one is signed in: then the browser loads the next page."""
        self.busy = self.busy_passkey = False
        body = answer.get("body")
        if not self._took(answer, "code"):
            if answer.get("code") == StepOver.code:
                self._back_to_the_password()
                self._say(StepOver.code)
        elif isinstance(body, dict) and body.get("next") == "second_factor":
            methods = body.get("methods")
            self._ask_second_factor(methods if isinstance(methods, list) else [])

    @rx.event
    def begin_passkey(self) -> None:
        self.busy_passkey, self.problem, self.field_problems, self.notice = True, "", {}, ""

    @rx.event
    def ask_for(self, method: str) -> None:
        if method in self.methods:
            self.asks_for, self.problem, self.field_problems = method, "", {}

    @rx.event
    def start_again(self) -> None:
        self._back_to_the_password()

    def _ask_second_factor(self, methods: list[Any]) -> None:
        self.methods = [method for method in _FIRST if method in methods]
        if self.methods:
            self.asks_for = self.methods[0]

    def _back_to_the_password(self) -> None:
        self.asks_for, self.methods = PASSWORD, []
        self.busy = self.busy_passkey = False
        self.problem, self.field_problems = "", {}

    def _say(self, word: str) -> None:
        self.notice_tone, self.notice = NOTICES.get(word, ("", ""))
