"""What may stand in each field of a customer, and how to mend what may not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session, select

from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.names import attribute_key
from mbs_app.domain.phones import parse_phone
from mbs_app.domain.time_words import is_zone
from mbs_app.domain.usa import normalise_state
from mbs_app.domain.vocabulary import CustomerStatus
from mbs_app.models import UserProfile

LENGTHS = {
    "first_name": 100,
    "last_name": 100,
    "email": 254,
    "city": 100,
    "state": 60,
    "notes": 5000,
}
MOST_ATTRIBUTES = 50
LONGEST_VALUE = 1000

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")


def home_region(session: Session, actor: Actor) -> str:
    """How a number without a country code is read for this actor."""
    region = session.exec(
        select(UserProfile.default_region).where(UserProfile.id == actor.user_id)
    ).first()
    return region or "US"


def clean_fields(given: Mapping[str, Any], region: str) -> dict[str, Any]:
    """Each value as it is stored; only what is given is looked at.

    Raises InvalidInput with a sentence for every field that can't be taken.
    """
    cleaned: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, value in given.items():
        try:
            cleaned[name] = _clean(name, value, region)
        except InvalidInput as fault:
            faults[name] = next(iter(fault.fields.values()), fault.message)
    if faults:
        raise InvalidInput(**faults)
    return cleaned


def _clean(name: str, value: Any, region: str) -> Any:
    if name in _SPECIAL:
        return _SPECIAL[name](value, region)
    return _clean_text(name, value)


def _clean_text(name: str, value: Any) -> str:
    text = _without_nul(value)
    text = text.strip() if name == "notes" else " ".join(text.split())
    if len(text) > LENGTHS[name]:
        raise InvalidInput(f"Use at most {LENGTHS[name]:,} characters.")
    return text


def _clean_phone(value: Any, region: str) -> str:
    return parse_phone(_without_nul(value), region)


def _clean_email(value: Any, _region: str) -> str:
    email = _clean_text("email", value)
    if email and not _EMAIL.fullmatch(email):
        raise InvalidInput("Enter an address such as rosa@example.com, or leave it empty.")
    return email


def _clean_state(value: Any, _region: str) -> str:
    return normalise_state(_clean_text("state", value))


def _clean_status(value: Any, _region: str) -> CustomerStatus:
    try:
        return CustomerStatus(value)
    except ValueError:
        raise InvalidInput("Choose active or inactive.") from None


def _clean_zone(value: Any, _region: str) -> str | None:
    zone = _without_nul(value or "").strip()
    if zone and not is_zone(zone):
        raise InvalidInput("Choose a time zone from the list.")
    return zone or None


def _clean_attributes(value: Any, _region: str) -> dict[str, Any]:
    """Custom fields by key; a field with no value is left out."""
    if not isinstance(value, Mapping):
        raise InvalidInput("Give each custom field a name and a value.")
    cleaned: dict[str, Any] = {}
    for heading, content in value.items():
        key = attribute_key(str(heading))
        if not key:
            raise InvalidInput(f"“{str(heading)[:40]}” can’t be the name of a field. Use letters.")
        if key in merge.STANDARD_FIELDS:
            raise InvalidInput(f"“{key}” is a field of its own. Choose another name.")
        if isinstance(content, str):
            content = _without_nul(content).strip()
        elif not isinstance(content, bool | int | float | None):
            raise InvalidInput(f"The value of “{key}” must be a text or a number.")
        if len(str(content)) > LONGEST_VALUE:
            raise InvalidInput(f"Use at most {LONGEST_VALUE:,} characters for “{key}”.")
        if content not in ("", None):
            cleaned[key] = content
    if len(cleaned) > MOST_ATTRIBUTES:
        raise InvalidInput(f"Use at most {MOST_ATTRIBUTES} custom fields.")
    return cleaned


_SPECIAL: dict[str, Callable[[Any, str], Any]] = {
    "phone": _clean_phone,
    "email": _clean_email,
    "state": _clean_state,
    "status": _clean_status,
    "time_zone": _clean_zone,
    "attributes": _clean_attributes,
}


def _without_nul(value: Any) -> str:
    # PostgreSQL stores no NUL.
    return str(value).replace("\x00", "")
