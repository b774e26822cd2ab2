"""Who a campaign would reach, as one SELECT that the counts, the lists and the snapshot share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from mbs_app.domain.vocabulary import Channel, CustomerStatus, SkipReason, SuppressionReason
from mbs_app.models import Customer, GroupMembership, Suppression
from mbs_app.queries.bulk import any_of

_customers: Any = Customer.__table__
_suppressions: Any = Suppression.__table__

OPT_OUTS = (
    SuppressionReason.STOP_REPLY,
    SuppressionReason.CARRIER_OPT_OUT,
    SuppressionReason.RECORDED,
)


def members(user_id: UUID, audience: Mapping[str, Any]) -> sa.Select[Any]:
    """The people of an audience: one row each, with columns customer_id, phone and skip_reason.

    ``audience`` has the shape described at :class:`~mbs_app.models.Campaign`. ``skip_reason`` is NULL for
    those who will get the text. Mode ``number`` gives one row even where no customer has the number;
    its customer_id is then NULL. Names ``user_id`` itself, so it holds inside INSERT … SELECT too.
    Raises ValueError for a mode it doesn't know.
    """
    mode = audience.get("mode", "all")
    if mode == "number":
        return _one_number(user_id, str(audience.get("phone") or ""))
    chosen = _with_reason(
        user_id,
        Customer.phone,
        sa.select(Customer.id.label("customer_id"), Customer.phone),
        Customer,
    ).where(Customer.user_id == user_id)
    if mode == "all":
        return chosen.where(Customer.status == CustomerStatus.ACTIVE)
    if mode == "selection":
        return chosen.where(any_of(Customer.id, _ids(audience.get("customer_ids"))))
    if mode == "rules":
        return _by_rules(chosen, user_id, audience)
    raise ValueError(f"an audience can't be chosen by {mode!r}")


def counts(user_id: UUID, audience: Mapping[str, Any]) -> sa.Select[Any]:
    """How many people there are for each skip_reason (NULL: will get it). Columns skip_reason, people."""
    chosen = members(user_id, audience).subquery("audience")
    return sa.select(chosen.c.skip_reason, sa.func.count().label("people")).group_by(
        chosen.c.skip_reason
    )


def reason_not_to_send(
    address: Any, user_id: Any, status: Any | None
) -> tuple[sa.ColumnElement[Any], list[tuple[Any, Any]]]:
    """The skip reason as an expression, and the outer joins (target, condition) that it needs.

    An address has at most one shared and one owned suppression, so the joins never multiply rows.
    ``status`` is the customer's status column, or None where activity doesn't matter.
    """
    # Tables rather than classes: the owner filter would turn outer joins with a class into inner ones.
    shared, owned = _suppressions.alias(), _suppressions.alias()
    reasons = (shared.c.reason, owned.c.reason)
    cases = [
        (sa.or_(*(reason.in_(OPT_OUTS) for reason in reasons)), SkipReason.OPTED_OUT.value),
        (
            sa.or_(*(reason == SuppressionReason.CANNOT_RECEIVE for reason in reasons)),
            SkipReason.CANNOT_RECEIVE.value,
        ),
    ]
    if status is not None:
        cases.append((status != CustomerStatus.ACTIVE, SkipReason.INACTIVE.value))
    return sa.case(*cases, else_=None), [
        (shared, _holds(shared, address, shared.c.user_id.is_(None))),
        (owned, _holds(owned, address, owned.c.user_id == user_id)),
    ]


def _holds(suppression: Any, address: Any, whose: Any) -> sa.ColumnElement[bool]:
    return sa.and_(suppression.c.channel == Channel.SMS, suppression.c.address == address, whose)


def _with_reason(
    user_id: UUID, phone: Any, start: sa.Select[Any], source: Any, *, activity: bool = True
) -> sa.Select[Any]:
    reason, joins = reason_not_to_send(phone, user_id, Customer.status if activity else None)
    joined: Any = source
    for target, condition in joins:
        joined = sa.outerjoin(joined, target, condition)
    return start.add_columns(reason.label("skip_reason")).select_from(joined)


def _one_number(user_id: UUID, phone: str) -> sa.Select[Any]:
    # Somebody who asks for a text to this very number wants it, active or not; an opt-out still holds.
    number = sa.select(sa.literal(phone, sa.String(16)).label("phone")).subquery("number")
    known = sa.outerjoin(
        number,
        _customers,
        sa.and_(_customers.c.phone == number.c.phone, _customers.c.user_id == user_id),
    )
    start = sa.select(_customers.c.id.label("customer_id"), number.c.phone)
    return _with_reason(user_id, number.c.phone, start, known, activity=False)


def _by_rules(chosen: sa.Select[Any], user_id: UUID, audience: Mapping[str, Any]) -> sa.Select[Any]:
    if groups := _ids(audience.get("group_ids")):
        chosen = chosen.where(
            Customer.id.in_(
                sa.select(GroupMembership.customer_id).where(
                    GroupMembership.group_id.in_(groups), GroupMembership.user_id == user_id
                )
            )
        )
    if states := [str(state) for state in audience.get("states") or ()]:
        chosen = chosen.where(Customer.state.in_(states))
    return chosen


def _ids(given: Sequence[Any] | None) -> list[UUID]:
    return [one if isinstance(one, UUID) else UUID(str(one)) for one in given or ()]
