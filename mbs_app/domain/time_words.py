"""Times as people read them, and the zones they pick from.

Every function takes aware datetimes and an IANA zone name, and answers in US English: 12-hour
clock, "Today", "Oct 14", the year only when it isn't this one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from mbs_app.domain.errors import InvalidInput

# Not strftime's: its words follow the locale of the machine.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_GENERIC = {
    "America/New_York": "ET",
    "America/Detroit": "ET",
    "America/Toronto": "ET",
    "America/Indiana/Indianapolis": "ET",
    "America/Kentucky/Louisville": "ET",
    "US/Eastern": "ET",
    "America/Chicago": "CT",
    "America/Winnipeg": "CT",
    "US/Central": "CT",
    "America/Denver": "MT",
    "America/Boise": "MT",
    "America/Edmonton": "MT",
    "US/Mountain": "MT",
    "America/Phoenix": "MST",
    "America/Los_Angeles": "PT",
    "America/Vancouver": "PT",
    "US/Pacific": "PT",
    "America/Anchorage": "AKT",
    "Pacific/Honolulu": "HST",
    "America/Halifax": "AT",
    "America/St_Johns": "NT",
    "America/Puerto_Rico": "AST",
}

# (zone, how the picker calls it), from west to east in each part of the world.
COMMON_ZONES: tuple[tuple[str, str], ...] = (
    ("America/New_York", "Eastern, New York"),
    ("America/Detroit", "Eastern, Detroit"),
    ("America/Indiana/Indianapolis", "Eastern, Indianapolis"),
    ("America/Toronto", "Eastern, Toronto"),
    ("America/Chicago", "Central, Chicago"),
    ("America/Winnipeg", "Central, Winnipeg"),
    ("America/Denver", "Mountain, Denver"),
    ("America/Boise", "Mountain, Boise"),
    ("America/Edmonton", "Mountain, Edmonton"),
    ("America/Phoenix", "Mountain without summer time, Phoenix"),
    ("America/Los_Angeles", "Pacific, Los Angeles"),
    ("America/Vancouver", "Pacific, Vancouver"),
    ("America/Anchorage", "Alaska, Anchorage"),
    ("Pacific/Honolulu", "Hawaii, Honolulu"),
    ("America/Halifax", "Atlantic, Halifax"),
    ("America/St_Johns", "Newfoundland, St. John’s"),
    ("America/Puerto_Rico", "Atlantic, Puerto Rico"),
    ("America/Mexico_City", "Mexico City"),
    ("America/Bogota", "Bogotá"),
    ("America/Lima", "Lima"),
    ("America/Santiago", "Santiago"),
    ("America/Sao_Paulo", "São Paulo"),
    ("America/Argentina/Buenos_Aires", "Buenos Aires"),
    ("UTC", "UTC"),
    ("Europe/London", "London"),
    ("Europe/Dublin", "Dublin"),
    ("Europe/Lisbon", "Lisbon"),
    ("Europe/Paris", "Paris"),
    ("Europe/Madrid", "Madrid"),
    ("Europe/Amsterdam", "Amsterdam"),
    ("Europe/Brussels", "Brussels"),
    ("Europe/Berlin", "Berlin"),
    ("Europe/Zurich", "Zurich"),
    ("Europe/Vienna", "Vienna"),
    ("Europe/Rome", "Rome"),
    ("Europe/Stockholm", "Stockholm"),
    ("Europe/Warsaw", "Warsaw"),
    ("Europe/Athens", "Athens"),
    ("Africa/Lagos", "Lagos"),
    ("Africa/Johannesburg", "Johannesburg"),
    ("Africa/Nairobi", "Nairobi"),
    ("Asia/Dubai", "Dubai"),
    ("Asia/Kolkata", "India, Kolkata"),
    ("Asia/Singapore", "Singapore"),
    ("Asia/Manila", "Manila"),
    ("Asia/Hong_Kong", "Hong Kong"),
    ("Asia/Tokyo", "Tokyo"),
    ("Australia/Perth", "Perth"),
    ("Australia/Brisbane", "Brisbane"),
    ("Australia/Sydney", "Sydney"),
    ("Pacific/Auckland", "Auckland"),
)
_COMMON_NAMES = dict(COMMON_ZONES)


def is_zone(name: str) -> bool:
    """True for an IANA zone name such as "America/Chicago"."""
    return name in _zone_names()


def zone_label(name: str) -> str:
    """ "America/Chicago" gives "Central, Chicago", a zone not in the picker its city."""
    return _COMMON_NAMES.get(name) or name.rpartition("/")[2].replace("_", " ")


def zone_abbreviation(zone: str, at: datetime) -> str:
    """ "CT", "ET" and their like where people say so, elsewhere "UTC+1" as it is then."""
    if known := _GENERIC.get(zone):
        return known
    offset = at.astimezone(_zone(zone)).utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def clock_time(moment: datetime, zone: str, *, seconds: bool = False) -> str:
    """ "8:15 PM", or "8:15:09 PM"."""
    local = moment.astimezone(_zone(zone))
    tail = f":{local.second:02}" if seconds else ""
    return f"{local.hour % 12 or 12}:{local.minute:02}{tail} {'AM' if local.hour < 12 else 'PM'}"


def day_words(moment: datetime, now: datetime, zone: str) -> str:
    """ "Today", "Tomorrow", "Yesterday", "Oct 14", or "Oct 14, 2025" in another year."""
    local, today = _dates(moment, now, zone)
    near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}.get((local - today).days)
    return near or month_day(local, today)


def date_words(moment: datetime, now: datetime, zone: str) -> str:
    """ "Oct 14", also where that is today; with the year when it isn't this one."""
    return month_day(*_dates(moment, now, zone))


def days_ahead(moment: datetime, now: datetime, zone: str) -> int:
    """How many midnights lie between now and the moment; 0 for later today."""
    local, today = _dates(moment, now, zone)
    return (local - today).days


def weekday_words(moment: datetime, now: datetime, zone: str) -> str:
    """ "Thu, Oct 16", with the year when it isn't this one."""
    local, today = _dates(moment, now, zone)
    return f"{_WEEKDAYS[local.weekday()]}, {month_day(local, today)}"


def day_and_time(moment: datetime, now: datetime, zone: str, *, with_zone: bool = False) -> str:
    """ "Today 8:15 PM CT", "Oct 14 9:00 AM"."""
    words = f"{day_words(moment, now, zone)} {clock_time(moment, zone)}"
    return f"{words} {zone_abbreviation(zone, moment)}" if with_zone else words


def moment_in_full(moment: datetime, zone: str) -> str:
    """ "Fri, Nov 28, 2026, 7:23 PM CT": for what is read at any later time, such as a mail."""
    local = moment.astimezone(_zone(zone))
    day = f"{_WEEKDAYS[local.weekday()]}, {_MONTHS[local.month - 1]} {local.day}, {local.year}"
    return f"{day}, {clock_time(moment, zone)} {zone_abbreviation(zone, moment)}"


def duration_words(seconds: float) -> str:
    """ "6 s", "2 min", "6 h 24 min", "3 days": at most two units, rounded to the smaller one."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days = round(whole / 86_400)
    return "1 day" if days == 1 else f"{days} days"


def time_left_words(seconds: float) -> str:
    """ "About 2 min left", "Less than a minute left"."""
    if seconds < 60:
        return "Less than a minute left"
    return f"About {duration_words(seconds)} left"


def ago(moment: datetime, now: datetime) -> str:
    """ "Just now", "4 min ago", "2 h ago", "3 days ago". A moment in the future is just now."""
    seconds = (now - moment).total_seconds()
    if seconds < 45:
        return "Just now"
    if seconds < 90:
        return "1 min ago"
    if seconds < 3570:
        return f"{round(seconds / 60)} min ago"
    if seconds < 84_600:
        return f"{max(1, round(seconds / 3600))} h ago"
    return f"{duration_words(max(seconds, 86_400))} ago"


def mid_sentence(words: str) -> str:
    """As it reads after other words: "Just now" → "just now", "Today 8:15 PM" → "today 8:15 PM"; "Oct 14" stays."""
    near = ("Just now", "Today", "Tomorrow", "Yesterday")
    return words[:1].lower() + words[1:] if words.startswith(near) else words


def local_to_utc(local: datetime, zone: str) -> datetime:
    """The moment, in UTC, of a wall-clock time somebody picked in ``zone``.

    Of a time that occurs twice, when clocks go back, the first is meant. Raises InvalidInput for
    one that never occurs, when they go forward, and for a zone we don't know.
    """
    there = _zone(zone)
    moment = local.replace(tzinfo=there, fold=0).astimezone(UTC)
    if moment.astimezone(there).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise InvalidInput(
            time="The clocks go forward past this time on that day. Pick one an hour later."
        )
    return moment


def _dates(moment: datetime, now: datetime, zone: str) -> tuple[date, date]:
    there = _zone(zone)
    return moment.astimezone(there).date(), now.astimezone(there).date()


def month_day(day: date, today: date) -> str:
    """ "Oct 14", with the year when it isn't this one."""
    words = f"{_MONTHS[day.month - 1]} {day.day}"
    return words if day.year == today.year else f"{words}, {day.year}"


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "Factory", "posixrules"})


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(
            time_zone=f"“{name}” is not a time zone. Pick one from the list."
        ) from None
