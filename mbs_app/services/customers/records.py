"""One customer: added, changed, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput
from mbs_app.domain.phones import display_phone
from mbs_app.domain.vocabulary import CustomerStatus
from mbs_app.models import Customer, Group, GroupMembership
from mbs_app.queries.bulk import any_of
from mbs_app.services import audit, consent
from mbs_app.services.customers.fields import clean_fields, home_region
from mbs_app.services.lookup import must_get, owner_of


class NumberTaken(Conflict):
    """Another customer of the same owner has this number; ``customer_id`` says which."""

    code = "number-taken"

    def __init__(self, other: Customer) -> None:
        whose = f"{other.first_name} {other.last_name}".strip() or "a customer without a name"
        message = f"{display_phone(other.phone)} is the number of {whose} already."
        super().__init__(message)
        self.customer_id = other.id
        self.fields = {"phone": message}


def get_customer(session: Session, actor: Actor, customer_id: UUID) -> Customer:
    """Raises NotFound."""
    return must_get(session, Customer, customer_id, "customer")


def create_customer(
    session: Session,
    actor: Actor,
    *,
    phone: str,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    city: str = "",
    state: str = "",
    status: str = CustomerStatus.ACTIVE,
    notes: str = "",
    time_zone: str | None = None,
    attributes: Mapping[str, Any] | None = None,
    group_ids: Sequence[UUID] = (),
    source: str = "manual",
) -> Customer:
    """A new customer. ``phone`` may be written in any way. An earlier opt-out of the number holds.

    Raises:
        InvalidInput: fields can't be taken; each is named.
        NumberTaken: another customer has the number.
        NotFound: a group isn't one of the actor's.
    """
    owner = owner_of(actor)
    cleaned = clean_fields(
        {
            "phone": phone,
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "city": city,
            "state": state,
            "status": status,
            "notes": notes,
            "time_zone": time_zone,
            "attributes": attributes or {},
        },
        home_region(session, actor),
    )
    customer = Customer(user_id=owner, source=source, **cleaned)
    _refuse_taken_number(session, owner, customer.phone)
    _save(session, owner, customer)
    if group_ids:
        set_groups(session, actor, customer.id, group_ids)
    return customer


def update_customer(
    session: Session,
    actor: Actor,
    customer_id: UUID,
    *,
    group_ids: Sequence[UUID] | None = None,
    **changes: Any,
) -> Customer:
    """Change the fields given; those left out, or None, stay. ``time_zone=""`` takes the zone away,
    ``attributes`` replaces all custom fields, ``group_ids`` all groups. An opt-out follows to a new number.

    Raises NotFound, InvalidInput, NumberTaken.
    """
    owner = owner_of(actor)
    customer = get_customer(session, actor, customer_id)
    given = {name: value for name, value in changes.items() if value is not None}
    if unknown := given.keys() - _CHANGEABLE:
        raise InvalidInput(f"A customer has no field called {sorted(unknown)[0]}.")
    cleaned = clean_fields(given, home_region(session, actor))
    before = customer.phone
    is_moved = cleaned.get("phone", before) != before
    if is_moved:
        _refuse_taken_number(session, owner, cleaned["phone"])
    for name, value in cleaned.items():
        setattr(customer, name, value)
    customer.updated_at = utc_now()
    _save(session, owner, customer)
    if is_moved:
        consent.follow_to_new_number(session, actor, before, customer.phone)
    if group_ids is not None:
        set_groups(session, actor, customer.id, group_ids)
    return customer


def set_groups(
    session: Session, actor: Actor, customer_id: UUID, group_ids: Sequence[UUID]
) -> None:
    """Make these the groups the customer is in. Raises NotFound for one that isn't the actor's."""
    owner = owner_of(actor)
    wanted = dict.fromkeys(group_ids)
    for group_id in wanted:
        must_get(session, Group, group_id, "group")
    current = set(
        session.exec(
            select(GroupMembership.group_id).where(
                GroupMembership.customer_id == customer_id, GroupMembership.user_id == owner
            )
        )
    )
    if gone := current - wanted.keys():
        session.execute(
            sa.delete(GroupMembership).where(
                col(GroupMembership.customer_id) == customer_id,
                col(GroupMembership.group_id).in_(gone),
            )
        )
    session.add_all(
        GroupMembership(user_id=owner, group_id=group_id, customer_id=customer_id)
        for group_id in wanted
        if group_id not in current
    )
    session.flush()


def delete_customer(session: Session, actor: Actor, customer_id: UUID) -> None:
    """Delete one customer. What they were sent stays on record, and so does an opt-out.

    Raises NotFound.
    """
    get_customer(session, actor, customer_id)
    delete_customers(session, actor, [customer_id])


def delete_customers(session: Session, actor: Actor, ids: Sequence[UUID]) -> int:
    """Delete a chunk of customers; how many there were. Ids that aren't the actor's are passed over."""
    owner = owner_of(actor)
    deleted = session.execute(
        sa.delete(Customer)
        .where(Customer.user_id == owner, any_of(Customer.id, ids))
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    count = int(deleted.rowcount)
    if count:
        audit.record(session, actor, "customers.delete", "customer", people=count)
    return count


def opt_out_customers(
    session: Session, actor: Actor, ids: Sequence[UUID], *, wording: str = ""
) -> list[str]:
    """Record for a chunk of customers that they want no more texts; the numbers newly opted out.

    :func:`mbs_app.services.consent.undo_opt_outs` takes it back.
    """
    phones = session.exec(
        select(Customer.phone).where(Customer.user_id == owner_of(actor), any_of(Customer.id, ids))
    )
    return consent.record_opt_outs(session, actor, list(phones), wording=wording)


_CHANGEABLE = {
    "phone", "first_name", "last_name", "email", "city", "state", "status", "notes", "time_zone",
    "attributes",
}  # fmt: skip


def _save(session: Session, owner: UUID, customer: Customer) -> None:
    """Write it; the unique key has the last word where two requests bring the same number at once."""
    try:
        with session.begin_nested():
            session.add(customer)
            session.flush()
    except IntegrityError:
        phone = customer.phone
        _refuse_taken_number(session, owner, phone)
        raise


def _refuse_taken_number(session: Session, owner: UUID, phone: str) -> None:
    with session.no_autoflush:
        other = session.exec(
            select(Customer).where(Customer.user_id == owner, Customer.phone == phone)
        ).first()
    if other is not None:
        raise NumberTaken(other)
