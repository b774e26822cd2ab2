"""The campaigns of the made-up month as rows of the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.demo.month import Outcome, Reply, Text
from mbs_app.demo.people import Person, id_at
from mbs_app.demo.people_rows import PeopleWriter, Row, insert
from mbs_app.domain.carrier_codes import explain
from mbs_app.domain.consent_words import keyword_of
from mbs_app.domain.vocabulary import (
    CampaignKind,
    CampaignStatus,
    MessageStatus,
)
from mbs_app.models import (
    Campaign,
    CampaignMessage,
    InboundMessage,
    MessageEvent,
    Sender,
)
from mbs_app.providers.simulator import credentials
from mbs_app.queries import counters

LOOKS_TAKEN = 5
"""A text in doubt, or without a final receipt, was asked about this often; nobody asks again."""


class CampaignWriter:
    """Writes what one owner sent, and what came back."""

    def __init__(self, session: Session, owner: UUID, sender: Sender, people: PeopleWriter) -> None:
        self._session, self._owner, self._sender = session, owner, sender
        self._people = people

    def campaign(
        self,
        name: str,
        body: str,
        audience: Mapping[str, Any],
        started: datetime,
        outcome: Outcome,
        *,
        kind: CampaignKind = CampaignKind.CAMPAIGN,
    ) -> UUID:
        """A finished campaign with all its texts, events and consequences; counted where counts are kept."""
        campaign = Campaign(
            id=id_at(started - timedelta(minutes=12)),
            user_id=self._owner,
            kind=kind,
            name=name,
            message_body=body,
            status=CampaignStatus.SENT,
            audience=dict(audience),
            sender_id=self._sender.id,
            price_per_segment_micros=self._sender.price_per_segment_micros,
            launched_at=started,
            sent_at=outcome.ended_at,
            created_at=started - timedelta(minutes=12),
        )
        self._session.add(campaign)
        self._session.flush()
        rows = [(text, self._message(campaign.id, text, started)) for text in outcome.texts]
        insert(self._session, CampaignMessage, (row for _, row in rows))
        insert(
            self._session,
            MessageEvent,
            (event for text, row in rows for event in self._events(text, row)),
        )
        self.replies(outcome.replies)
        self._people.marks_of_the_carrier(outcome.marks)
        self._count(campaign.id, outcome)
        return campaign.id

    def _count(self, campaign_id: UUID, outcome: Outcome) -> None:
        moves: Counter[counters.Move] = Counter((None, text.status) for text in outcome.texts)
        handed_over = sum(text.segments for text in outcome.texts if text.sent_at)
        counters.move(self._session, campaign_id, moves, handed_over)
        last = max(text.updated_at for text in outcome.texts)
        table: Any = Campaign.__table__  # type: ignore[attr-defined]  # SQLModel declares none
        self._session.connection().execute(
            sa.update(table).where(table.c.id == campaign_id).values(updated_at=last)
        )

    def _message(self, campaign_id: UUID, text: Text, started: datetime) -> Row:
        message_id = id_at(started)
        handed_over = text.skip_reason is None
        code = text.error_code
        return {
            "id": message_id,
            "user_id": self._owner,
            "campaign_id": campaign_id,
            "customer_id": text.person.id,
            "phone_number": text.person.phone,
            "position": text.position,
            "status": text.status.value,
            "skip_reason": text.skip_reason.value if text.skip_reason else None,
            "message_body": text.body,
            "segments": text.segments,
            "attempts": 1 if handed_over else 0,
            "attempting_at": text.updated_at
            if text.sent_at is None and handed_over
            else text.sent_at,
            "looks": 0 if text.error_code or text.delivered_at or not handed_over else LOOKS_TAKEN,
            "twilio_sid": f"SM{message_id.hex}" if text.sent_at else None,
            "provider_status": text.carrier_said[-1][1] if text.carrier_said else "",
            "error_code": code,
            "error_message": "" if code is None else explain(code).words,
            "accepted_in_ms": text.accepted_in_ms,
            "sent_at": text.sent_at,
            "delivered_at": text.delivered_at,
            "created_at": started,
            "updated_at": text.updated_at,
        }

    def _events(self, text: Text, message: Row) -> Iterable[Row]:
        for at, status, code in text.carrier_said:
            payload = {
                "AccountSid": credentials.ACCOUNT_SID,
                "ApiVersion": "2010-04-01",
                "From": self._sender.address,
                "MessageSid": message["twilio_sid"],
                "MessageStatus": status,
                "To": text.person.phone,
            }
            yield {
                "id": id_at(at),
                "user_id": self._owner,
                "message_id": message["id"],
                "provider": "twilio",
                "provider_id": message["twilio_sid"],
                "status": status,
                "error_code": code,
                "payload": payload if code is None else {**payload, "ErrorCode": str(code)},
                "received_at": at,
                "applied_at": at,
            }

    def replies(self, replies: Sequence[Reply]) -> None:
        """Texts from people; who said stop is opted out."""
        insert(self._session, InboundMessage, (self._inbound(reply) for reply in replies))
        self._people.opt_outs_by_reply(replies)

    def _inbound(self, reply: Reply) -> Row:
        made = id_at(reply.at)
        keyword = keyword_of(reply.text)
        return {
            "id": made,
            "user_id": None,
            "twilio_sid": f"SM{made.hex}",
            "from_number": reply.person.phone,
            "to_number": self._sender.address,
            "body": reply.text,
            "keyword": keyword.value if keyword else None,
            "payload": {"Body": reply.text, "From": reply.person.phone, "To": self._sender.address},
            "received_at": reply.at,
        }


def delivered_text(person: Person, body: str, segments: int, at: datetime) -> Outcome:
    """One text to one person, delivered."""
    sent, arrived = at + timedelta(seconds=0.2), at + timedelta(seconds=2.3)
    text = Text(
        person,
        position=1,
        status=MessageStatus.DELIVERED,
        updated_at=arrived,
        body=body,
        segments=segments,
        sent_at=sent,
        accepted_in_ms=170,
        delivered_at=arrived,
        carrier_said=(
            (at + timedelta(seconds=0.8), "sent", None),
            (arrived, "delivered", None),
        ),
    )
    return Outcome([text], [], [])
