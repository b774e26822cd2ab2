"""What the page knows: which second factors there are, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.time_words import day_words
from mbs_app.models import Passkey
from mbs_app.services import accounts, second_factor, workspace
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor import Method, Overview
from mbs_app.services.second_factor.ceremonies import host_takes_passkeys
from mbs_app.settings import get_settings
from mbs_app.ui.problems import UNEXPECTED

PAGE = "/settings/security"


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    id: str
    name: str
    added: str
    used: str


class Facts(rx.State, mixin=True):
    """Loaded with the page and after each change; nothing here decides what somebody may do."""

    is_loaded: bool = False
    # An admin asks for a second factor, and this session has shown none: then that is all the page is for.
    is_stopped: bool = False
    is_required: bool = False
    shown_here: bool = False
    workspace_name: str = ""

    has_password: bool = False
    methods: list[str] = []
    app_since: str = ""
    passkeys: list[PasskeyRow] = []
    codes_left: int = 0
    has_codes: bool = False
    takes_passkeys: bool = False

    async def _look(self) -> None:
        found, zone, name = await self._read(_look_up)
        now = utc_now()
        self.is_required, self.shown_here = found.is_required, found.shown_here
        self.is_stopped = found.is_required and not found.shown_here
        self.workspace_name = name
        self.has_password = found.has_password
        self.methods = [str(method) for method in found.methods]
        self.app_since = day_in_a_sentence(found.authenticator_since, now, zone)
        self.passkeys = [_row(passkey, now, zone) for passkey in found.passkeys]
        self.codes_left = found.recovery_codes_left
        self.has_codes = Method.RECOVERY_CODE in found.methods
        self.takes_passkeys = host_takes_passkeys(get_settings().address)
        self.is_loaded = True

    async def _visitor(self) -> Visitor:
        """For the mails that tell of a change."""
        return Visitor((await self._actor()).ip, self.router.headers.user_agent)


def what_went_wrong(answer: dict[str, Any], *fields: str) -> str:
    """The sentence of an answer of the API, that at one of ``fields`` first; empty where nothing went wrong."""
    if answer.get("ok") is True:
        return ""
    errors = answer.get("errors")
    at_fields = errors if isinstance(errors, dict) else {}
    sentences = [at_fields[field] for field in fields if field in at_fields]
    return str(sentences[0] if sentences else answer.get("detail", ""))[:300] or UNEXPECTED


def _look_up(session: Session, actor: Actor) -> tuple[Overview, str, str]:
    zone = accounts.my_profile(session, actor).time_zone
    name = workspace.read_identity(session, actor).name
    return second_factor.overview(session, actor), zone, name


def _row(passkey: Passkey, now: datetime, zone: str) -> PasskeyRow:
    return PasskeyRow(
        str(passkey.id),
        passkey.name,
        day_in_a_sentence(passkey.created_at, now, zone),
        day_in_a_sentence(passkey.last_used_at, now, zone),
    )


def day_in_a_sentence(moment: datetime | None, now: datetime, zone: str) -> str:
    """Within a sentence: "today", "Nov 3"; empty where there is none."""
    words = day_words(moment, now, zone) if moment else ""
    return words.lower() if words in ("Today", "Yesterday") else words
