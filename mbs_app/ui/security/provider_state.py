"""What the section of sign-ins elsewhere does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.models import ExternalIdentity
from mbs_app.services import accounts, external_identities
from mbs_app.settings import get_settings
from mbs_app.ui.components.toast import notify
from mbs_app.ui.credentials import leave_for
from mbs_app.ui.security.facts import day_in_a_sentence

CONNECT_URL = "/api/auth/provider/connect"
CONNECTED = "provider-connected"  # what the way back says in the page's address


@dataclass(frozen=True, slots=True)
class IdentityRow:
    id: str
    name: str  # the address there, or the provider where it gave none
    added: str
    used: str


class ProviderSection(rx.State, mixin=True):
    provider: str = ""  # the other way in, where one is set up
    identities: list[IdentityRow] = []
    disconnecting_id: str = ""
    disconnecting_name: str = ""

    async def _look_at_identities(self) -> None:
        settings = get_settings()
        self.provider = settings.oidc_name if settings.signs_in_through_provider else ""
        self.identities = await self._read(_rows)

    @rx.event
    async def connect_provider(self) -> Any:
        if await self._is_confirmed(type(self).connect_provider):
            return leave_for(CONNECT_URL)
        return None

    @rx.event
    def ask_to_disconnect(self, identity_id: str) -> None:
        for row in self.identities:
            if row.id == identity_id:
                self.disconnecting_id, self.disconnecting_name = row.id, row.name

    @rx.event
    def keep_identity(self) -> None:
        self.disconnecting_id = ""

    @rx.event
    async def disconnect(self) -> AsyncIterator[Any]:
        if not self.disconnecting_id or not await self._is_confirmed(type(self).disconnect):
            return
        identity_id, self.disconnecting_id = UUID(self.disconnecting_id), ""
        with self._showing_problems():
            visitor = await self._visitor()
            await self._run(external_identities.disconnect, identity_id, visitor)
            yield notify(f"{self.disconnecting_name} is disconnected")
        await self._look_at_identities()


def _rows(session: Session, actor: Actor) -> list[IdentityRow]:
    zone, now = accounts.my_profile(session, actor).time_zone, utc_now()
    found = external_identities.list_identities(session, actor)
    return [_row(identity, now, zone) for identity in found]


def _row(identity: ExternalIdentity, now: datetime, zone: str) -> IdentityRow:
    return IdentityRow(
        str(identity.id),
        identity.email or urlsplit(identity.issuer).hostname or identity.issuer,
        day_in_a_sentence(identity.created_at, now, zone),
        day_in_a_sentence(identity.last_used_at, now, zone),
    )
