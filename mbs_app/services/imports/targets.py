"""Where a column of a file can go, and what that is called on the page."""

from __future__ import annotations

from mbs_app.domain.column_guess import ATTRIBUTE, SKIP, STANDARD_TARGETS, attribute_of
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.names import attribute_key, field_label

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


def fields_of(target: str) -> tuple[str, ...]:
    """The customer's fields that a target fills; a custom one is its own."""
    return SPLIT.get(target, (target,))
