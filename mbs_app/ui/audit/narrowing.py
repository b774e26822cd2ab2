"""What the list of the audit log is narrowed to, in the words of its chips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from mbs_app.domain.time_words import month_day
from mbs_app.services.audit import GROUP_WORDS, ActGroup, AuditFilter
from mbs_app.services.overview import start_of

RANGES = {
    "today": "Today",
    "week": "Last 7 days",
    "month": "Last 30 days",
    "between": "Between two days",
}
GROUPS = {group.value: words for group, words in GROUP_WORDS.items()}
_DAYS_BACK = {"today": 0, "week": 6, "month": 29}


@dataclass(frozen=True)
class Choice:
    """Somebody who can be chosen."""

    id: str
    name: str
    email: str


def times(chosen: str, first: str, last: str, zone: str) -> tuple[datetime | None, datetime | None]:
    """From when, and until before when, a range of days lasts in ``zone``; ``first`` and ``last`` are ISO."""
    local = ZoneInfo(zone)
    today = datetime.now(local).date()
    if chosen in _DAYS_BACK:
        return start_of(today - timedelta(days=_DAYS_BACK[chosen]), local), None
    if chosen != "between":
        return None, None
    begin, end = day_of(first), day_of(last)
    return (
        start_of(begin, local) if begin else None,
        start_of(end + timedelta(days=1), local) if end else None,
    )


def day_of(text: str) -> date | None:
    """A day as the browser's picker gives it; the calendar's far ends are left out."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 < day.year < 9999 else None


def range_words(chosen: str, first: str, last: str) -> str:
    """The chip of a range: "Last 7 days", "Oct 1 – Oct 14", "since Oct 1"."""
    if chosen != "between":
        return RANGES.get(chosen, "")
    begin, end = day_of(first), day_of(last)
    if begin and end:
        return f"{_short(begin)} – {_short(end)}"
    return f"since {_short(begin)}" if begin else f"until {_short(end)}" if end else ""


def asked_for(query: Mapping[str, Any]) -> dict[str, str]:
    """What an address such as ``/audit?person=…&group=keys`` asks for, as far as it makes sense."""
    asked = {
        "person": as_id(str(query.get("person", ""))),
        "subject": str(query.get("subject", ""))[:64],
        "group": str(query.get("group", "")),
        "address": as_address(str(query.get("address", ""))),
    }
    asked["group"] = asked["group"] if asked["group"] in GROUPS else ""
    return asked


def as_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def as_address(text: str) -> str:
    """An IP address as the log has it, or nothing."""
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""


def export_address(chosen: AuditFilter) -> str:
    """Where the CSV of what is shown is."""
    asked = {
        "person": chosen.actor_id,
        "group": chosen.group.value if chosen.group else "",
        "subject": chosen.subject_id,
        "since": _iso(chosen.since),
        "until": _iso(chosen.until),
        "address": chosen.ip,
        "search": chosen.search,
    }
    query = urlencode({key: str(value) for key, value in asked.items() if value})
    return f"/api/admin/audit/export.csv{'?' if query else ''}{query}"


def filter_of(
    *, person: str, subject: str, group: str, address: str, search: str, since: Any, until: Any
) -> AuditFilter:
    return AuditFilter(
        actor_id=UUID(person) if person else None,
        group=ActGroup(group) if group else None,
        subject_id=subject,
        since=since,
        until=until,
        ip=address,
        search=search.strip(),
    )


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def _short(day: date) -> str:
    return month_day(day, datetime.now(UTC).date())
