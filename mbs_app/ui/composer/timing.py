"""When a campaign leaves, and from which number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx

from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.phones import display_phone
from mbs_app.domain.time_words import (
    COMMON_ZONES,
    clock_time,
    day_and_time,
    duration_words,
    is_zone,
    local_to_utc,
    zone_label,
)
from mbs_app.services.campaigns import SenderChoice

UNFINISHED = "Pick a date and a time."
PASSED = "This time has passed. Pick a later one."


class Timing(rx.State, mixin=True):
    when: str = "now"
    date: str = ""
    time: str = ""
    zone: str = ""
    zones: list[list[str]] = []
    earliest_date: str = ""
    when_problem: str = ""
    when_words: str = ""
    done_words: str = ""
    arrives_words: str = ""

    sender_id: str = ""
    senders: list[list[str]] = []
    sender_number: str = ""
    sender_rate: str = ""

    _own_zone: str = "UTC"
    _region: str = "US"
    _senders: list[SenderChoice] = []

    @rx.event
    async def choose_when(self, when: str) -> Any:
        self.when = "later" if when == "later" else "now"
        return self._time_changed()

    @rx.event
    async def set_date(self, date: str) -> Any:
        self.date = date[:10]
        return self._time_changed()

    @rx.event
    async def set_time(self, time: str) -> Any:
        self.time = time[:8]
        return self._time_changed()

    @rx.event
    async def set_zone(self, zone: str) -> Any:
        if is_zone(zone):
            self.zone = zone
        return self._time_changed()

    @rx.event
    async def choose_sender(self, sender_id: str) -> Any:
        if any(str(one.id) == sender_id for one in self._senders):
            self.sender_id = sender_id
            self._show_sender()
            self._estimate()
            return [self.__class__.autosave]
        return None

    def _time_changed(self) -> list[Any]:
        _, problem = self._moment()
        # While a field is still empty there is nothing to say yet.
        self.when_problem = "" if problem == UNFINISHED else problem
        self._estimate()
        return [self.__class__.autosave]

    def _moment(self) -> tuple[datetime | None, str]:
        """The chosen moment in UTC, or what is wrong with it. None without a problem means at once."""
        if self.when == "now":
            return None, ""
        try:
            local = datetime.fromisoformat(f"{self.date}T{self.time}").replace(tzinfo=None)
        except ValueError:
            return None, UNFINISHED
        try:
            at = local_to_utc(local, self.zone)
        except InvalidInput as error:
            return None, error.message
        except OverflowError:
            return None, UNFINISHED
        return at, PASSED if at <= utc_now() else ""

    def _show_moment(self, at: datetime | None, zone: str | None) -> None:
        """Set the fields from a stored draft; the next full hour is offered where nothing is set."""
        self.zone = zone or self._own_zone
        self.when = "now" if at is None else "later"
        there = ZoneInfo(self.zone)
        offered = (at or utc_now() + timedelta(hours=2)).astimezone(there)
        if at is None:
            offered = offered.replace(minute=0)
        self.date, self.time = offered.date().isoformat(), offered.strftime("%H:%M")
        self.earliest_date = utc_now().astimezone(there).date().isoformat()
        zones = dict(COMMON_ZONES)
        mine = [(one, zone_label(one)) for one in (self._own_zone, self.zone) if one not in zones]
        self.zones = [list(pair) for pair in (*dict(mine).items(), *COMMON_ZONES)]
        self.when_problem = self._moment()[1]

    def _show_when(self, segments: int) -> None:
        """The bottom bar's time: when it starts, and when most people have it."""
        at, problem = self._moment()
        now = utc_now()
        start = at or now
        zone = self.zone or self._own_zone
        if problem == PASSED:
            self.when_words = "Time has passed"
        elif at is not None:
            self.when_words = day_and_time(start, now, zone, with_zone=True)
        elif problem:
            self.when_words = "No time set"
        else:
            self.when_words = "Right after the check"
        rate = self._rate()
        end = start + timedelta(seconds=segments / rate) if rate else start
        if problem:
            self.done_words = "pick one under When" if at is None else "pick a later one"
        elif at is None:
            self.done_words = f"takes {_span(segments / rate)}" if rate else ""
        else:
            self.done_words = f"done near {clock_time(end, zone)}"
        self.arrives_words = day_and_time(start, now, zone)

    def _offer_senders(self, senders: Sequence[SenderChoice], sender_id: UUID | None) -> None:
        self._senders = list(senders)
        self.senders = [[str(one.id), _sender_words(one)] for one in senders]
        known = next((one for one in senders if one.id == sender_id), None)
        chosen = known or (senders[0] if senders else None)
        self.sender_id = str(chosen.id) if chosen else ""
        self._show_sender()

    def _show_sender(self) -> None:
        sender = self._sender()
        self.sender_number = display_phone(sender.address, self._region) if sender else ""
        rate = f"{sender.segments_per_second:g}" if sender else ""
        self.sender_rate = f"up to {rate} segments a second" if sender else ""

    def _sender(self) -> SenderChoice | None:
        return next((one for one in self._senders if str(one.id) == self.sender_id), None)

    def _price_micros(self) -> int:
        sender = self._sender()
        return sender.price_per_segment_micros if sender else 0

    def _rate(self) -> float:
        sender = self._sender()
        return sender.segments_per_second if sender else 0.0


def _sender_words(sender: SenderChoice) -> str:
    number = display_phone(sender.address)
    return f"{number}, {sender.label}" if sender.label else number


def _span(seconds: float) -> str:
    return "a few seconds" if seconds < 10 else f"about {duration_words(seconds)}"
