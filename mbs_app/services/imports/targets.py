"""Where a column of a file can go, and what that is called on the page."""

from __future__ import annotations

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.column_guess import ATTRIBUTE, SKIP, STANDARD_TARGETS, attribute_of
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.names import attribute_key, field_label
from mbs_app.queries.customers import attribute_keys
from mbs_app.services.lookup import owner_of

_NAMES = {
    "phone": "Mobile number",
    "full_name": "Full name",
    "city_state": "City and state",
    "time_zone": "Time zone",
    SKIP: "Leave out",
}

# Two columns in one: what each fills.
SPLIT = {"full_name": ("first_name", "last_name"), "city_state": ("city", "state")}


def target_name(target: str) -> str:
    """ "phone" gives "Mobile number", "attribute:pts_balance" gives "Pts balance"."""
    key = attribute_of(target)
    return _NAMES.get(target) or field_label(target if key is None else key)


def clean_target(target: str) -> str:
    """``target`` with a custom field's key in its usual form. Raises InvalidInput for one unknown."""
    if target == SKIP or target in STANDARD_TARGETS:
        return target
    key = attribute_key(attribute_of(target) or "")
    if not key or key in STANDARD_TARGETS:
        raise InvalidInput(mapping="Choose where the column goes from the list.")
    return ATTRIBUTE + key


def own_target(heading: str) -> str:
    """The custom field a column would be, by its heading; "" for a heading that makes no key."""
    key = attribute_key(heading)
    return ATTRIBUTE + key if key and key not in STANDARD_TARGETS else ""


def fields_of(target: str) -> tuple[str, ...]:
    """The customer's fields that a target fills; a custom one is its own."""
    return SPLIT.get(target, (target,))


def offered_targets(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """(target, name) of what a column can go to: the standard fields, then the custom ones that the
    actor's customers have."""
    standard = [(target, target_name(target)) for target in STANDARD_TARGETS]
    keys = attribute_keys(session, owner_of(actor))
    return standard + [
        (ATTRIBUTE + key, field_label(key)) for key in keys if key not in STANDARD_TARGETS
    ]
