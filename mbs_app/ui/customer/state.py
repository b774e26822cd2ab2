"""What the page of one customer does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app import db
from mbs_app.delivery import direct
from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotFound
from mbs_app.domain.phones import display_phone
from mbs_app.domain.segments import measure
from mbs_app.services import accounts, consent, customers
from mbs_app.services.customers import Bubble, CampaignLine, CustomerProfile
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.browser import focus
from mbs_app.ui.components.timeline import HistoryItem
from mbs_app.ui.components.toast import notify
from mbs_app.ui.customer import words
from mbs_app.ui.customer.words import BubbleLine, EndLine, Fact
from mbs_app.ui.customers.rows import Chip, chips_of, name_of, place_of
from mbs_app.ui.session import BaseState, current_actor

ROUTE = "/customers/[customer_id]"
LOOK_EVERY = 2.0  # seconds, while a text is on its way
LOOK_FOR = 180.0
LONGEST_TEXT = 1600


@dataclass(frozen=True, slots=True)
class Sight:
    profile: CustomerProfile
    bubbles: list[Bubble]
    ends: list[CampaignLine]
    ends_total: int
    zone: str
    region: str


def look(session: Session, actor: Actor, customer_id: str) -> Sight:
    profile = customers.read_profile(session, actor, as_id(customer_id, "customer"))
    user = accounts.my_profile(session, actor)
    ends, total = customers.last_campaigns(session, actor, profile.customer)
    return Sight(
        profile,
        customers.read_conversation(session, actor, profile.customer),
        ends,
        total,
        user.time_zone,
        user.default_region,
    )


class CustomerState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_loaded: bool = False
    is_missing: bool = False
    id: str = ""
    name: str = ""
    first_name: str = ""
    place: str = ""
    phone: str = ""
    e164: str = ""
    consent: str = ""
    consent_words: str = ""
    blocked_words: str = ""
    can_undo: bool = False
    chips: list[Chip] = []
    facts: list[Fact] = []
    history: list[HistoryItem] = []
    bubbles: list[BubbleLine] = []
    talk_words: str = ""
    ends: list[EndLine] = []
    ends_total: int = 0

    text: str = ""
    text_facts: str = ""
    text_problem: str = ""
    is_sending: bool = False
    dialog: str = ""

    _values: dict[str, str] = {}
    _watch: int = 0
    _sent_at: float = -10.0
    _moving: bool = False

    @rx.event
    async def load(self) -> Any:
        wanted = self._route_value("customer_id")
        if wanted != self.id:
            self.is_loaded, self.text, self.text_facts = False, "", ""
        self.is_missing, self.dialog, self.text_problem, self.problem = False, "", "", ""
        try:
            self._show(await self._read(look, wanted))
        except NotFound:
            self.is_missing, self.is_loaded = True, True
            return None
        events: list[Any] = [CustomerState.follow]
        if self.router.url.query_parameters.get("write"):
            events.append(focus("write", wait_ms=100))
        return events

    @rx.event
    async def write(self, text: str) -> None:
        self.text = text[: LONGEST_TEXT + 1]
        self.text_problem = ""
        filled = merge.parse(self.text).render(self._values).text
        size = measure(filled)
        count = "1 segment" if size.segments == 1 else f"{size.segments} segments"
        self.text_facts = f"{size.characters:,} characters, {count}" if filled else ""

    @rx.event
    async def send(self) -> AsyncIterator[Any]:
        """Send what was written to this one customer."""
        if self.is_sending:
            return
        if not self.text.strip():
            # The second click of a double one finds the text gone, because it was sent.
            if time.monotonic() - self._sent_at > 2:
                self.text_problem = "Write the text first."
            return
        self.is_sending, self.text_problem = True, ""
        yield
        try:
            with self._showing_problems():
                await self._run(
                    direct.schedule_message, body=self.text, customer_id=as_id(self.id, "customer")
                )
                self.text, self.text_facts = "", ""
                self._sent_at = time.monotonic()
        finally:
            self.is_sending = False
        self.text_problem = self.problem or next(iter(self.field_problems.values()), "")
        self.problem, self.field_problems = "", {}
        if not self.text_problem:
            self._show(await self._read(look, self.id))
            self._moving = True
            yield CustomerState.follow

    @rx.event(background=True)
    async def follow(self) -> None:
        """Look again every two seconds while a text is on its way."""
        async with self:
            self._watch += 1
            mine, customer_id = self._watch, self.id
            if not self._moving:
                return
        until = time.monotonic() + LOOK_FOR
        while time.monotonic() < until:
            await asyncio.sleep(LOOK_EVERY)
            sight = await db.in_reading(await current_actor(), look, customer_id)
            async with self:
                here = self.router.route_id == ROUTE and self.id == customer_id
                if self._watch != mine or not here:
                    return
                self._show(sight)
                is_moving: bool = self._moving
            if not is_moving:
                return

    @rx.event
    async def ask(self, dialog: str) -> None:
        if dialog in ("opt_out", "opt_in", "delete"):
            self.dialog = dialog

    @rx.event
    async def close_dialog(self) -> None:
        self.dialog = ""

    @rx.event
    async def record_opt_out(self) -> AsyncIterator[Any]:
        self.dialog = ""
        newly = await self._run(consent.record_opt_out, self.e164)
        self._show(await self._read(look, self.id))
        if newly:
            yield notify(f"Opt-out recorded for {self.name}", undo=CustomerState.undo_opt_out)

    @rx.event
    async def undo_opt_out(self) -> None:
        await self._run(consent.undo_opt_outs, [self.e164])
        self._show(await self._read(look, self.id))

    @rx.event
    async def record_opt_in(self) -> AsyncIterator[Any]:
        self.dialog = ""
        await self._run(consent.record_opt_in, self.e164)
        self._show(await self._read(look, self.id))
        yield notify(f"Opt-in recorded for {self.name}")

    @rx.event
    async def delete(self) -> AsyncIterator[Any]:
        await self._run(customers.delete_customer, as_id(self.id, "customer"))
        name, self.dialog, self.id = self.name, "", ""
        yield rx.redirect("/customers")
        yield notify(f"{name} deleted")

    def _show(self, sight: Sight) -> None:
        profile, zone, now = sight.profile, sight.zone, utc_now()
        one = profile.customer
        self.id, self.name, self.e164 = str(one.id), name_of(one), one.phone
        self.first_name, self.place = words.first_name_of(one), place_of(one)
        self.phone = display_phone(one.phone, sight.region)
        self.consent, self.consent_words = profile.consent.value, words.consent_words(profile)
        self.blocked_words, self.can_undo = words.why_blocked(profile), profile.can_undo_opt_out
        self.chips = chips_of(profile.groups)
        self.facts = words.facts_of(profile, sight.region, zone, now)
        self.history = words.history_of(profile.history, zone, now)
        self.bubbles = words.bubbles_of(sight.bubbles, zone, now)
        self.talk_words = words.talk_words(profile, zone)
        self.ends, self.ends_total = words.ends_of(sight.ends, zone, now), sight.ends_total
        self._values = merge.values_of(one)
        self._moving = words.is_moving(sight.bubbles)
        self.is_loaded = True
