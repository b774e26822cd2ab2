"""Consent: who said they want texts, who said stop, and how we know.

Two things are kept apart. A *suppression* is in force: its number gets no texts. A *consent event* is
history: it is only ever added. A reply of STOP suppresses the number for the whole workspace, whoever's
customer it is; an opt-out that a marketer records holds for that marketer's own texts and can be undone
by them. A reply of STOP can't: only the person can take it back, by texting START.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.consent_replies import reply_to
from mbs_app.domain.consent_state import OPT_OUT_REASONS
from mbs_app.domain.consent_words import Keyword, keyword_of
from mbs_app.domain.errors import Conflict, NotAllowed
from mbs_app.domain.vocabulary import Channel, ConsentKind, SuppressionReason
from mbs_app.models import ConsentEvent, Customer, InboundMessage, Suppression, Workspace, new_id
from mbs_app.queries.bulk import any_of

RECORDED_BY_HAND = "recorded"
BY_REPLY = "reply"

# An opt-out takes the place of "can't get texts"; this note brings that back when the opt-out ends.
_WAS_UNREACHABLE = SuppressionReason.CANNOT_RECEIVE.value


class IncomingText(Protocol):
    """A text somebody sent to us, as :class:`mbs_app.providers.twilio.payloads.InboundText` has it."""

    @property
    def message_sid(self) -> str: ...
    @property
    def from_(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def opt_out_type(self) -> str | None: ...
    @property
    def raw(self) -> Mapping[str, str]: ...


# What people text us ------------------------------------------------------------------------------


def handle_inbound(session: Session, actor: Actor, inbound: IncomingText) -> str | None:
    """Keep an incoming text and do what it asks: the text to answer with, or None for no answer.

    ``actor`` is the program itself. The same message (by its SID) twice changes nothing the second time
    and gives the same answer, since the first may never have arrived. There is no answer where Twilio
    has given one already (``opt_out_type`` is set), nor to a second STOP in a row.
    """
    if not actor.sees_all:
        raise NotAllowed
    keyword = keyword_of(inbound.body, inbound.opt_out_type)
    phone = _bare_number(inbound.from_)
    is_new = _keep(session, inbound, phone, keyword)
    if keyword is None:
        return None
    changed = _obey(session, phone, keyword, inbound) if is_new else True
    if inbound.opt_out_type or (keyword == Keyword.STOP and not changed):
        return None
    workspace = session.get(Workspace, 1)
    return reply_to(keyword, workspace.name if workspace else "")


def _keep(session: Session, inbound: IncomingText, phone: str, keyword: Keyword | None) -> bool:
    """Store the text; False when it was stored before."""
    insert = (
        _insert(session, InboundMessage)
        .on_conflict_do_nothing(index_elements=["twilio_sid"])
        .returning(
            InboundMessage.__table__.c.id  # type: ignore[attr-defined]
        )
    )
    stored = session.connection().execute(
        insert,
        {
            "id": new_id(),
            "user_id": None,
            "twilio_sid": inbound.message_sid[:40],
            "from_number": phone,
            "to_number": inbound.to[:40],
            "body": _without_nul(inbound.body)[:4000],
            "keyword": keyword.value if keyword else None,
            "payload": {key: _without_nul(value) for key, value in inbound.raw.items()},
            "received_at": utc_now(),
        },
    )
    return stored.first() is not None


def _obey(session: Session, phone: str, keyword: Keyword, inbound: IncomingText) -> bool:
    """Carry out STOP or START; True when that changed anything."""
    if keyword == Keyword.HELP:
        return True
    if keyword == Keyword.STOP:
        changed = _suppress(session, None, [phone], SuppressionReason.STOP_REPLY)
        kind = ConsentKind.OPTED_OUT
    else:
        changed = _lift(session, phone)
        kind = ConsentKind.OPTED_IN
    _note(
        session,
        Actor.system("inbound"),
        [phone],
        kind,
        user_id=None,
        method=BY_REPLY,
        wording=inbound.body,
        source=inbound.to,
    )
    return bool(changed)


# What a marketer records --------------------------------------------------------------------------


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
    owner = _owner(actor)
    newly = _suppress(session, owner, phones, SuppressionReason.RECORDED)
    _note(
        session,
        actor,
        newly,
        ConsentKind.OPTED_OUT,
        user_id=owner,
        method=method,
        wording=wording,
        source=source,
    )
    return newly


def undo_opt_outs(session: Session, actor: Actor, phones: Sequence[str]) -> list[str]:
    """Take back opt-outs that this owner recorded; the numbers that had one are returned.

    A reply of STOP stays in force.
    """
    owner = _owner(actor)
    mine = _held(session, phones, owner, (SuppressionReason.RECORDED,))
    _end(session, mine)
    freed = [suppression.address for suppression in mine]
    _note(
        session,
        actor,
        freed,
        ConsentKind.OPT_OUT_UNDONE,
        user_id=owner,
        method=RECORDED_BY_HAND,
    )
    return freed


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
    owner = _owner(actor)
    said_stop = (SuppressionReason.STOP_REPLY, SuppressionReason.CARRIER_OPT_OUT)
    if _held(session, [phone], owner, said_stop) or _held(session, [phone], None, said_stop):
        raise Conflict("They replied STOP. Only they can opt in again, by texting START.")
    _end(session, _held(session, [phone], owner, (SuppressionReason.RECORDED,)))
    _note(
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


def record_carrier_opt_out(session: Session, actor: Actor, phone: str, *, source: str = "") -> bool:
    """The carrier says that this number opted out (Twilio 21610): suppress it for the whole workspace.

    ``actor`` is the program itself. False when the number was opted out for everyone already.
    """
    if not actor.sees_all:
        raise NotAllowed
    newly = _suppress(session, None, [phone], SuppressionReason.CARRIER_OPT_OUT)
    _note(
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
        select(Customer.id).where(Customer.user_id == _owner(actor), Customer.phone == phone)
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


# Suppressions and events --------------------------------------------------------------------------


def _suppress(
    session: Session, owner: UUID | None, phones: Sequence[str], reason: SuppressionReason
) -> list[str]:
    """Suppress numbers for ``owner``, or for everyone; those that weren't opted out are returned."""
    numbers = list(dict.fromkeys(phones))
    if not numbers:
        return []
    now = utc_now()
    table: Any = Suppression.__table__  # type: ignore[attr-defined]
    insert = _insert(session, Suppression)
    whose = "user_id IS NULL" if owner is None else "user_id IS NOT NULL"
    columns = ["channel", "address"] if owner is None else ["user_id", "channel", "address"]
    put = insert.on_conflict_do_update(
        index_elements=columns,
        index_where=sa.text(whose),
        set_={"reason": insert.excluded.reason, "note": table.c.reason, "created_at": now},
        where=table.c.reason.not_in(OPT_OUT_REASONS),
    ).returning(table.c.address)
    rows = [
        {
            "id": new_id(),
            "user_id": owner,
            "channel": Channel.SMS.value,
            "address": number,
            "reason": reason.value,
            "note": "",
            "created_at": now,
        }
        for number in numbers
    ]
    changed = set(session.connection().execute(put.values(rows)).scalars())
    return [number for number in numbers if number in changed]


def _lift(session: Session, phone: str) -> bool:
    """End every opt-out of a number, shared and recorded; what the carrier said of the line stays."""
    held = list(
        session.exec(
            select(Suppression).where(
                Suppression.channel == Channel.SMS,
                Suppression.address == phone,
                col(Suppression.reason).in_(OPT_OUT_REASONS),
            )
        )
    )
    _end(session, held)
    return bool(held)


def _held(
    session: Session,
    phones: Sequence[str],
    owner: UUID | None,
    reasons: Sequence[SuppressionReason],
) -> list[Suppression]:
    return list(
        session.exec(
            select(Suppression).where(
                Suppression.channel == Channel.SMS,
                any_of(Suppression.address, phones),
                Suppression.user_id == owner,
                col(Suppression.reason).in_(reasons),
            )
        )
    )


def _end(session: Session, suppressions: Sequence[Suppression]) -> None:
    for suppression in suppressions:
        if suppression.note == _WAS_UNREACHABLE:
            suppression.reason, suppression.note = SuppressionReason.CANNOT_RECEIVE, ""
            session.add(suppression)
        else:
            session.delete(suppression)
    session.flush()


def _note(
    session: Session,
    actor: Actor,
    phones: Sequence[str],
    kind: ConsentKind,
    *,
    user_id: UUID | None,
    method: str,
    wording: str = "",
    wording_version: str = "",
    source: str = "",
) -> None:
    session.add_all(
        ConsentEvent(
            user_id=user_id,
            address=phone,
            kind=kind,
            method=method[:40],
            wording=_without_nul(wording)[:1600],
            wording_version=wording_version[:40],
            source=source[:120],
            ip=actor.ip[:45],
            actor_id=actor.user_id,
        )
        for phone in phones
    )
    session.flush()


def _insert(session: Session, model: type[Any]) -> Any:
    """An INSERT of this database's kind: both know ON CONFLICT, in dialects of their own."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model.__table__)
    return postgresql.insert(model.__table__)


def _bare_number(sender: str) -> str:
    """ "+15125550142" of "whatsapp:+15125550142"; short codes stay as they are."""
    return _without_nul(sender).rpartition(":")[2].strip()[:16]


def _without_nul(text: str) -> str:
    # PostgreSQL stores no NUL.
    return text.replace("\x00", "")


def _owner(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id
