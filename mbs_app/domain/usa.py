"""The states of the United States and the provinces of Canada: codes, names and time zones."""

from __future__ import annotations

from functools import lru_cache

from mbs_app.domain.names import fold

_EAST, _CENTRAL, _MOUNTAIN, _PACIFIC = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)

# Code, name, and the zones in use there, the one most people live in first.
# Source: 49 CFR part 71 for the states; the provinces' own acts for Canada.
_TABLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("AL", "Alabama", (_CENTRAL,)),
    ("AK", "Alaska", ("America/Anchorage", "America/Adak")),
    ("AZ", "Arizona", ("America/Phoenix", _MOUNTAIN)),
    ("AR", "Arkansas", (_CENTRAL,)),
    ("CA", "California", (_PACIFIC,)),
    ("CO", "Colorado", (_MOUNTAIN,)),
    ("CT", "Connecticut", (_EAST,)),
    ("DE", "Delaware", (_EAST,)),
    ("DC", "District of Columbia", (_EAST,)),
    ("FL", "Florida", (_EAST, _CENTRAL)),
    ("GA", "Georgia", (_EAST,)),
    ("HI", "Hawaii", ("Pacific/Honolulu",)),
    ("ID", "Idaho", ("America/Boise", _PACIFIC)),
    ("IL", "Illinois", (_CENTRAL,)),
    ("IN", "Indiana", ("America/Indiana/Indianapolis", _CENTRAL)),
    ("IA", "Iowa", (_CENTRAL,)),
    ("KS", "Kansas", (_CENTRAL, _MOUNTAIN)),
    ("KY", "Kentucky", (_EAST, _CENTRAL)),
    ("LA", "Louisiana", (_CENTRAL,)),
    ("ME", "Maine", (_EAST,)),
    ("MD", "Maryland", (_EAST,)),
    ("MA", "Massachusetts", (_EAST,)),
    ("MI", "Michigan", ("America/Detroit", _CENTRAL)),
    ("MN", "Minnesota", (_CENTRAL,)),
    ("MS", "Mississippi", (_CENTRAL,)),
    ("MO", "Missouri", (_CENTRAL,)),
    ("MT", "Montana", (_MOUNTAIN,)),
    ("NE", "Nebraska", (_CENTRAL, _MOUNTAIN)),
    ("NV", "Nevada", (_PACIFIC, _MOUNTAIN)),
    ("NH", "New Hampshire", (_EAST,)),
    ("NJ", "New Jersey", (_EAST,)),
    ("NM", "New Mexico", (_MOUNTAIN,)),
    ("NY", "New York", (_EAST,)),
    ("NC", "North Carolina", (_EAST,)),
    ("ND", "North Dakota", (_CENTRAL, _MOUNTAIN)),
    ("OH", "Ohio", (_EAST,)),
    ("OK", "Oklahoma", (_CENTRAL,)),
    ("OR", "Oregon", (_PACIFIC, _MOUNTAIN)),
    ("PA", "Pennsylvania", (_EAST,)),
    ("RI", "Rhode Island", (_EAST,)),
    ("SC", "South Carolina", (_EAST,)),
    ("SD", "South Dakota", (_CENTRAL, _MOUNTAIN)),
    ("TN", "Tennessee", (_CENTRAL, _EAST)),
    ("TX", "Texas", (_CENTRAL, _MOUNTAIN)),
    ("UT", "Utah", (_MOUNTAIN,)),
    ("VT", "Vermont", (_EAST,)),
    ("VA", "Virginia", (_EAST,)),
    ("WA", "Washington", (_PACIFIC,)),
    ("WV", "West Virginia", (_EAST,)),
    ("WI", "Wisconsin", (_CENTRAL,)),
    ("WY", "Wyoming", (_MOUNTAIN,)),
    ("AS", "American Samoa", ("Pacific/Pago_Pago",)),
    ("GU", "Guam", ("Pacific/Guam",)),
    ("MP", "Northern Mariana Islands", ("Pacific/Saipan",)),
    ("PR", "Puerto Rico", ("America/Puerto_Rico",)),
    ("VI", "U.S. Virgin Islands", ("America/St_Thomas",)),
    ("AB", "Alberta", ("America/Edmonton",)),
    ("BC", "British Columbia", ("America/Vancouver", "America/Edmonton")),
    ("MB", "Manitoba", ("America/Winnipeg",)),
    ("NB", "New Brunswick", ("America/Moncton",)),
    ("NL", "Newfoundland and Labrador", ("America/St_Johns", "America/Goose_Bay")),
    ("NS", "Nova Scotia", ("America/Halifax",)),
    ("NT", "Northwest Territories", ("America/Yellowknife",)),
    ("NU", "Nunavut", ("America/Iqaluit", "America/Rankin_Inlet", "America/Cambridge_Bay")),
    ("ON", "Ontario", ("America/Toronto", "America/Winnipeg")),
    ("PE", "Prince Edward Island", ("America/Halifax",)),
    ("QC", "Quebec", ("America/Toronto", "America/Halifax")),
    ("SK", "Saskatchewan", ("America/Regina",)),
    ("YT", "Yukon", ("America/Whitehorse",)),
)

STATE_NAMES = {code: name for code, name, _ in _TABLE}
STATE_ZONES = {code: zones for code, _, zones in _TABLE}

_ALSO_CALLED = {
    "washington dc": "DC",
    "washington d c": "DC",
    "d c": "DC",
    "virgin islands": "VI",
    "us virgin islands": "VI",
    "newfoundland": "NL",
    "calif": "CA",
    "tex": "TX",
    "okla": "OK",
    "fla": "FL",
    "penn": "PA",
    "mass": "MA",
    "ariz": "AZ",
    "colo": "CO",
    "tenn": "TN",
}


def _words(text: str) -> str:
    return " ".join(fold(text).replace(".", " ").replace("-", " ").split())


_BY_WORDS = {
    **_ALSO_CALLED,
    **{_words(name): code for code, name in STATE_NAMES.items()},
    **{code.lower(): code for code in STATE_NAMES},
}


@lru_cache(maxsize=4096)
def state_code(value: str) -> str | None:
    """The code of a state or province written in any usual way, or None: "texas", "Tex." and
    "US-TX" give "TX"."""
    words = _words(value)
    for country in ("us ", "ca "):
        # "CA" alone is California; "CA QC" is a province with its country before it.
        if words not in _BY_WORDS and words.startswith(country):
            words = words.removeprefix(country)
    return _BY_WORDS.get(words)


def normalise_state(value: str) -> str:
    """``value`` as a state code, or trimmed and otherwise as it came when it is none we know."""
    return state_code(value) or value.strip()


def state_name(code: str) -> str:
    """ "TX" gives "Texas"; anything unknown comes back as it is."""
    return STATE_NAMES.get(code, code)


def state_zone(value: str) -> str | None:
    """The IANA zone most people of a state live in, or None for a state we don't know."""
    zones = state_zones(value)
    return zones[0] if zones else None


def state_zones(value: str) -> tuple[str, ...]:
    """Every IANA zone in use in a state, the most populous first; empty when it isn't known."""
    code = state_code(value)
    return STATE_ZONES[code] if code else ()
