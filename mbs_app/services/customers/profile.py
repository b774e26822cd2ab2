"""One customer, with what is known about texting them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import ConsentState
from mbs_app.domain.phones import region_time_zones
from mbs_app.domain.usa import state_zone
from mbs_app.domain.vocabulary import Channel, MessageStatus
from mbs_app.models import CampaignMessage, ConsentEvent, Customer, InboundMessage, Suppression
from mbs_app.queries import customer_marks
from mbs_app.queries.customer_marks import GroupMark
from mbs_app.services import consent
from mbs_app.services.customers.records import get_customer
from mbs_app.services.lookup import owner_of

_LEFT = (
    MessageStatus.SENT,
    MessageStatus.DELIVERED,
    MessageStatus.FAILED,
    MessageStatus.UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """``blocked_by`` are the reasons of the suppressions in force; ``can_undo_opt_out`` is true when the
    only opt-out among them was recorded by this owner. ``local_zone`` is an IANA name, or ""."""

    customer: Customer
    groups: tuple[GroupMark, ...]
    consent: ConsentState
    blocked_by: tuple[str, ...]
    can_undo_opt_out: bool
    history: tuple[ConsentEvent, ...]
    local_zone: str
    texts_out: int
    texts_in: int
    since: datetime | None


def read_profile(session: Session, actor: Actor, customer_id: UUID) -> CustomerProfile:
    """Raises NotFound."""
    owner = owner_of(actor)
    customer = get_customer(session, actor, customer_id)
    suppressions = session.exec(
        select(Suppression).where(
            Suppression.channel == Channel.SMS, Suppression.address == customer.phone
        )
    ).all()
    # The filter by owner is the hook's; an admin's look would see everybody's.
    in_force = [held for held in suppressions if held.user_id in (None, owner)]
    out, first_out = session.exec(
        select(func.count(), func.min(CampaignMessage.created_at)).where(
            CampaignMessage.user_id == owner,
            CampaignMessage.phone_number == customer.phone,
            col(CampaignMessage.status).in_(_LEFT),
        )
    ).one()
    into, first_in = session.exec(
        select(func.count(), func.min(InboundMessage.received_at)).where(
            InboundMessage.from_number == customer.phone
        )
    ).one()
    return CustomerProfile(
        customer=customer,
        groups=customer_marks.groups_of(session, owner, [customer.id]).get(customer.id, ()),
        consent=customer_marks.consent_of(session, owner, [customer.phone])[customer.phone],
        blocked_by=tuple(held.reason for held in in_force),
        can_undo_opt_out=consent.can_undo(in_force, owner),
        history=tuple(consent.consent_history(session, actor, customer.phone)),
        local_zone=zone_of(customer),
        texts_out=out,
        texts_in=into,
        since=min((moment for moment in (first_out, first_in) if moment), default=None),
    )


def zone_of(customer: Customer) -> str:
    """Where the customer's clock is: their own zone, else their state's, else their number's; "" when
    a number may be in several."""
    if zone := customer.time_zone or state_zone(customer.state):
        return zone
    zones = region_time_zones(customer.phone)
    return zones[0] if len(zones) == 1 else ""
