"""The choice of a time zone by somebody who has no account yet: first the one their browser is set to."""

from __future__ import annotations

import reflex as rx

from mbs_app.domain.time_words import COMMON_ZONES, is_zone, zone_label

FIRST_GUESS = "America/Chicago"


class ZoneChoice(rx.State, mixin=True):
    """A mixin. ``find_time_zone(State.guess_zone)`` asks the browser."""

    zone: str = FIRST_GUESS
    zones: list[list[str]] = [list(pair) for pair in COMMON_ZONES]

    @rx.event
    async def guess_zone(self, zone: str) -> None:
        """Where the browser is set to be; a zone of its own is added to the list."""
        if not is_zone(zone):
            return
        self.zone = zone
        if zone not in dict(COMMON_ZONES):
            self.zones = [[zone, zone_label(zone)], *(list(pair) for pair in COMMON_ZONES)]

    @rx.event
    async def choose_zone(self, zone: str) -> None:
        self.zone = zone if is_zone(zone) else FIRST_GUESS
