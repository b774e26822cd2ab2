"""What the settings page does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.money import format_price
from mbs_app.domain.phones import display_phone
from mbs_app.services import accounts, senders, workspace
from mbs_app.settings import get_settings
from mbs_app.ui.access import Access, allow
from mbs_app.ui.components.toast import notify
from mbs_app.ui.session import BaseState
from mbs_app.ui.shell import ShellState


@dataclass(frozen=True)
class SenderRow:
    id: str
    number: str
    label: str
    rate: str
    price: str


@dataclass(frozen=True)
class Loaded:
    name: str
    phone: str
    time_zone: str
    default_region: str
    workspace_name: str
    tagline: str
    senders: list[SenderRow]


def _load(session: Session, actor: Actor) -> Loaded:
    user = accounts.my_profile(session, actor)
    identity = workspace.read_identity(session, actor)
    return Loaded(
        name=user.name,
        phone=display_phone(user.phone, user.default_region) if user.phone else "",
        time_zone=user.time_zone,
        default_region=user.default_region,
        workspace_name=identity.name,
        tagline=identity.tagline,
        senders=[
            SenderRow(
                id=str(sender.id),
                number=display_phone(sender.address, user.default_region)
                if sender.address.startswith("+")
                else sender.address,
                label=sender.label,
                rate=f"{sender.segments_per_second:g}",
                price=format_price(str(sender.price_per_segment_micros / 1_000_000)),
            )
            for sender in senders.list_senders(session, active_only=True)
        ],
    )


class SettingsState(BaseState, rx.State):
    access: ClassVar[Access] = Access.SIGNED_IN

    is_loaded: bool = False
    name: str = ""
    phone: str = ""
    time_zone: str = ""
    default_region: str = ""
    workspace_name: str = ""
    tagline: str = ""
    senders: list[SenderRow] = []

    texts_are_simulated: bool = False
    mail_is_simulated: bool = False
    status_webhook: str = ""
    inbound_webhook: str = ""
    mail_webhook: str = ""
    mail_events_are_checked: bool = False
    webhooks_are_reachable: bool = False

    @rx.event
    async def load(self) -> None:
        loaded = await self._read(_load)
        settings = get_settings()
        for field, value in vars(loaded).items():
            setattr(self, field, value)
        self.texts_are_simulated = settings.simulates_texts
        self.mail_is_simulated = settings.simulates_mail
        self.status_webhook = f"{settings.address}/webhooks/twilio/status"
        self.inbound_webhook = f"{settings.address}/webhooks/twilio/inbound"
        self.mail_webhook = f"{settings.address}/webhooks/resend"
        self.mail_events_are_checked = settings.resend_webhook_secret is not None
        self.webhooks_are_reachable = settings.is_https
        self.problem, self.field_problems = "", {}
        self.is_loaded = True

    @rx.event
    async def save_profile(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Keep what was typed; a field that can't be taken says why."""
        with self._showing_problems():
            await self._run(
                accounts.change_profile,
                name=str(form.get("name", "")),
                phone=str(form.get("phone", "")),
                time_zone=str(form.get("time_zone", "")),
                default_region=str(form.get("default_region", "")),
            )
            yield SettingsState.load
            yield ShellState.load
            yield notify("Your settings are saved")

    @rx.event
    @allow(Access.ADMIN)
    async def save_business(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        with self._showing_problems():
            await self._run(
                workspace.rename,
                name=str(form.get("workspace_name", "")),
                tagline=str(form.get("tagline", "")),
            )
            yield SettingsState.load
            yield ShellState.load
            yield notify("The business is saved")

    @rx.event
    @allow(Access.ADMIN)
    async def save_sender(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        with self._showing_problems():
            await self._run(
                senders.update_sender,
                _uuid(str(form.get("sender_id", ""))),
                label=str(form.get("label", "")),
                segments_per_second=_rate(str(form.get("rate", ""))),
            )
            yield SettingsState.load
            yield notify("The sending number is saved")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput("Reload the page and try again.") from None


def _rate(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInput(segments_per_second="Enter a number, such as 10.") from None
