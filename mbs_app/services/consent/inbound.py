"""What people text us: kept, obeyed, answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.consent_replies import reply_to
from mbs_app.domain.consent_words import Keyword, keyword_of
from mbs_app.domain.errors import NotAllowed
from mbs_app.domain.vocabulary import ConsentKind, SuppressionReason
from mbs_app.models import InboundMessage, Workspace, new_id
from mbs_app.services.consent.ledger import insert_into, lift, note, suppress, without_nul

BY_REPLY = "reply"


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
        insert_into(session, InboundMessage)
        .on_conflict_do_nothing(index_elements=["twilio_sid"])
        .returning(InboundMessage.__table__.c.id)
    )
    stored = session.connection().execute(
        insert,
        {
            "id": new_id(),
            "user_id": None,
            "twilio_sid": inbound.message_sid[:40],
            "from_number": phone,
            "to_number": inbound.to[:40],
            "body": without_nul(inbound.body)[:4000],
            "keyword": keyword.value if keyword else None,
            "payload": {key: without_nul(value) for key, value in inbound.raw.items()},
            "received_at": utc_now(),
        },
    )
    return stored.first() is not None


def _obey(session: Session, phone: str, keyword: Keyword, inbound: IncomingText) -> bool:
    """Carry out STOP or START; True when that changed anything."""
    if keyword == Keyword.HELP:
        return True
    if keyword == Keyword.STOP:
        changed = bool(suppress(session, None, [phone], SuppressionReason.STOP_REPLY))
        kind = ConsentKind.OPTED_OUT
    else:
        changed = lift(session, phone)
        kind = ConsentKind.OPTED_IN
    note(
        session,
        Actor.system("inbound"),
        [phone],
        kind,
        user_id=None,
        method=BY_REPLY,
        wording=inbound.body,
        source=inbound.to,
    )
    return changed


def _bare_number(sender: str) -> str:
    """ "+15125550142" of "whatsapp:+15125550142"; short codes stay as they are."""
    return without_nul(sender).rpartition(":")[2].strip()[:16]
