"""What the system overview does: each part is read by itself, and again every few seconds while one looks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.services import accounts, system
from mbs_app.services.system import People, Setup, Storage, Texts
from mbs_app.settings import get_settings
from mbs_app.ui.access import Access
from mbs_app.ui.components.day_chart import Axis, DayBar, axis_for
from mbs_app.ui.overview.rows import Totals, day_bars, peak_of, totals_of
from mbs_app.ui.session import BaseState, current_actor
from mbs_app.ui.system import rows
from mbs_app.ui.system.rows import (
    CheckRow,
    FailureRow,
    SettingRow,
    Standing,
    StatusRow,
    TableRow,
)

ROUTE = "/system"
TURN = 2.0  # seconds; between two the page says that it is live
QUICK, SLOW = 10.0, 30.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: how it is called there, how to read it, and how often."""

    title: str
    read: Callable[[str], tuple[Any, ...]]  # the reader's zone → a service and its arguments
    every: float


# What is quick and matters most comes first.
PARTS: dict[str, Part] = {
    "people": Part("People", lambda _zone: (system.read_people,), QUICK),
    "queue": Part("Queue", lambda _zone: (system.read_queue,), QUICK),
    "workers": Part("Workers", lambda _zone: (system.read_workers,), QUICK),
    "callbacks": Part(
        "Twilio’s callbacks", lambda _zone: _with_settings(system.read_callbacks), QUICK
    ),
    "mail": Part("Mail", lambda _zone: _with_settings(system.read_mail), QUICK),
    "version": Part("Version", lambda _zone: (system.read_version,), SLOW),
    "setup": Part("Settings", lambda _zone: _with_settings(system.read_setup), SLOW),
    "texts": Part("Texts", lambda zone: (system.read_texts, zone), SLOW),
    "storage": Part("Storage", lambda _zone: _with_settings(system.read_storage), SLOW),
}


class SystemState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.ADMIN

    beat: int = 0
    zone: str = "UTC"
    standing: Standing = Standing()
    attention: list[CheckRow] = []
    checks: dict[str, list[CheckRow]] = {}
    states: dict[str, str] = {}  # the worst of each part

    statuses: list[StatusRow] = []
    days: list[DayBar] = []
    axis: Axis = axis_for(3)
    totals: Totals = Totals()
    failures: list[FailureRow] = []
    most: int = 0
    tables: list[TableRow] = []
    settings: list[SettingRow] = []

    _watch: int = 0

    @rx.event
    async def load(self) -> Any:
        profile = await self._read_as_admin(accounts.my_profile)
        self.zone = profile.time_zone
        return SystemState.follow

    @rx.event(background=True)
    async def follow(self) -> None:
        """Read one part after the other, and each again when it is due, until the page is left."""
        async with self:
            self._watch += 1
            mine, zone = self._watch, self.zone
        due = dict.fromkeys(PARTS, 0.0)
        while True:
            for name, part in PARTS.items():
                if due[name] > time.monotonic():
                    continue
                found = await _read((await current_actor()).administrating(), part, zone)
                due[name] = time.monotonic() + part.every
                async with self:
                    if not self._is_watched(mine):
                        return
                    self._show(name, found)
            await current_actor()  # who is no longer signed in follows no further
            async with self:
                if not self._is_watched(mine):
                    return
                self.beat = int(utc_now().timestamp())
            await asyncio.sleep(TURN)

    def _is_watched(self, mine: int) -> bool:
        return self._watch == mine and bool(self.router.route_id == ROUTE)

    def _show(self, name: str, found: Any) -> None:
        """Assign what differs: a variable that is assigned is sent again, changed or not."""
        title = PARTS[name].title
        checks = rows.unreadable(title) if found is None else rows.check_rows(title, found.checks)
        shown = {
            "checks": {**self.checks, name: checks},
            "states": {**self.states, name: rows.standing(checks).state},
            **_figures(found),
        }
        everything = [row for part in PARTS for row in shown["checks"].get(part, ())]
        shown["attention"] = rows.attention(everything)
        if len(shown["checks"]) == len(PARTS):
            shown["standing"] = rows.standing(everything)
        for variable, value in shown.items():
            if getattr(self, variable) != value:
                setattr(self, variable, value)


async def _read(actor: Actor, part: Part, zone: str) -> Any:
    """The part; None where it can't be read, which must not keep the others from the page."""
    work, *args = part.read(zone)
    try:
        return await db.in_reading(actor, work, *args)
    except Exception:  # the other parts are still worth showing
        _log.exception("%s can’t be read for the system overview", part.title)
        return None


def _with_settings(work: Any) -> tuple[Any, ...]:
    return work, get_settings()


def _figures(found: Any) -> dict[str, Any]:
    """What a part shows besides its checks."""
    match found:
        case People():
            return {"statuses": rows.status_rows(found)}
        case Texts():
            failures = rows.failure_rows(found.failures, found.handed_over)
            return {
                "days": day_bars(found.days),
                "axis": axis_for(peak_of(found.days)),
                "totals": totals_of(found.days),
                "failures": failures,
                "most": max((row.count for row in failures), default=0),
            }
        case Storage():
            return {"tables": rows.table_rows(found.tables)}
        case Setup():
            return {"settings": rows.setting_rows(found.settings)}
    return {}
