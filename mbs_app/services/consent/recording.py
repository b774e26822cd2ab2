"""What marketers and carriers say of a number, and what was said of it before."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.consent_state import OPT_OUT_REASONS
from mbs_app.domain.errors import Conflict, NotAllowed
from mbs_app.domain.phones import display_phone
from mbs_app.domain.vocabulary import Channel, ConsentKind, SuppressionReason
from mbs_app.models import ConsentEvent, Customer, Suppression
from mbs_app.services import audit
from mbs_app.services.consent.ledger import end, held, note, suppress
from mbs_app.services.lookup import owner_of

RECORDED_BY_HAND = "recorded"
NEW_NUMBER = "new number"


def record_opt_out(
    session: Session,
    actor: Actor,
    phone: str,
    *,
    method: str = RECORDED_BY_HAND,
    wording: str = "",
    source: str = "",
) -> bool:
    """Write down that somebody (``phone`` in E.164) wants no more texts from this owner.

    False when they had opted out of this owner's texts already; nothing is written then.
    """
    return bool(
        record_opt_outs(session, actor, [phone], method=method, wording=wording, source=source)
    )


def record_opt_outs(
    session: Session,
    actor: Actor,
    phones: Sequence[str],
    *,
    method: str = RECORDED_BY_HAND,
    wording: str = "",
    source: str = "",
) -> list[str]:
    """As :func:`record_opt_out` for up to a thousand numbers; those newly opted out are returned."""
    owner = owner_of(actor)
    newly = suppress(session, owner, phones, SuppressionReason.RECORDED)
    note(
        session,
        actor,
        newly,
        ConsentKind.OPTED_OUT,
        user_id=owner,
        method=method,
        wording=wording,
        source=source,
    )
    if newly:
        audit.record(session, actor, "consent.opt_out", "customer", people=len(newly))
    return newly


def follow_to_new_number(session: Session, actor: Actor, old: str, new: str) -> bool:
    """Somebody's number changed (both in E.164): what they refused under the old one they refuse under the new.

    The new number is suppressed for this owner alone, for the reason that held before, so that a STOP still is
    only theirs to take back; the history of the new number says where it comes from. The old number stays
    suppressed: it was said there. False where nothing was refused, or the new number is opted out already.
    """
    owner = owner_of(actor)
    in_force = {
        one.reason: one
        for whose in (owner, None)
        for one in held(session, [old], whose, OPT_OUT_REASONS)
    }
    if not in_force:
        return False
    reason = min(in_force, key=OPT_OUT_REASONS.index)
    newly = suppress(session, owner, [new], SuppressionReason(reason))
    note(
        session,
        actor,
        newly,
        ConsentKind.OPTED_OUT,
        user_id=owner,
        method=NEW_NUMBER,
        wording=f"Opted out under their earlier number, {display_phone(old)}",
    )
    if newly:
        audit.record(session, actor, "consent.follow", "customer", people=1)
    return bool(newly)


def undo_opt_outs(session: Session, actor: Actor, phones: Sequence[str]) -> list[str]:
    """Take back opt-outs that this owner recorded; the numbers that had one are returned.

    A reply of STOP stays in force.
    """
    owner = owner_of(actor)
    mine = held(session, phones, owner, (SuppressionReason.RECORDED,))
    end(session, mine)
    freed = [suppression.address for suppression in mine]
    note(
        session,
        actor,
        freed,
        ConsentKind.OPT_OUT_UNDONE,
        user_id=owner,
        method=RECORDED_BY_HAND,
    )
    if freed:
        audit.record(session, actor, "consent.undo", "customer", people=len(freed))
    return freed


def can_undo(in_force: Sequence[Suppression], owner: UUID) -> bool:
    """Whether undoing would let texts through again: every opt-out in force was recorded by ``owner``."""
    opt_outs = [one for one in in_force if one.reason in OPT_OUT_REASONS]
    return bool(opt_outs) and all(
        one.user_id == owner and one.reason == SuppressionReason.RECORDED for one in opt_outs
    )


def record_opt_in(
    session: Session,
    actor: Actor,
    phone: str,
    *,
    method: str = RECORDED_BY_HAND,
    wording: str = "",
    wording_version: str = "",
    source: str = "",
) -> None:
    """Write down that somebody agreed to this owner's texts; ends an opt-out this owner recorded.

    Raises:
        Conflict: they replied STOP, or told the carrier; only they can take that back.
    """
    owner = owner_of(actor)
    said_stop = (SuppressionReason.STOP_REPLY, SuppressionReason.CARRIER_OPT_OUT)
    if held(session, [phone], owner, said_stop) or held(session, [phone], None, said_stop):
        raise Conflict("They replied STOP. Only they can opt in again, by texting START.")
    end(session, held(session, [phone], owner, (SuppressionReason.RECORDED,)))
    note(
        session,
        actor,
        [phone],
        ConsentKind.OPTED_IN,
        user_id=owner,
        method=method,
        wording=wording,
        wording_version=wording_version,
        source=source,
    )
    audit.record(session, actor, "consent.opt_in", "customer", people=1)


def record_carrier_opt_out(session: Session, actor: Actor, phone: str, *, source: str = "") -> bool:
    """The carrier says that this number opted out (Twilio 21610): suppress it for the whole workspace.

    ``actor`` is the program itself. False when the number was opted out for everyone already.
    """
    if not actor.sees_all:
        raise NotAllowed
    newly = suppress(session, None, [phone], SuppressionReason.CARRIER_OPT_OUT)
    note(
        session,
        actor,
        newly,
        ConsentKind.OPTED_OUT,
        user_id=None,
        method="carrier",
        source=source,
    )
    return bool(newly)


def consent_history(session: Session, actor: Actor, phone: str) -> list[ConsentEvent]:
    """What was recorded about a number of one of the actor's customers, newest first, at most 50."""
    known = session.exec(
        select(Customer.id).where(Customer.user_id == owner_of(actor), Customer.phone == phone)
    ).first()
    if known is None:
        return []
    return list(
        session.exec(
            select(ConsentEvent)
            .where(ConsentEvent.address == phone, ConsentEvent.channel == Channel.SMS)
            .order_by(col(ConsentEvent.at).desc(), col(ConsentEvent.id).desc())
            .limit(50)
        )
    )
