"""The made-up month as rows of the tables, inserted many at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from mbs_app.demo.month import OPTED_OUT_AT_CARRIER, CarrierMark, Outcome, Reply, Text
from mbs_app.demo.people import Person, id_at
from mbs_app.domain.carrier_codes import explain
from mbs_app.domain.consent_words import keyword_of
from mbs_app.domain.vocabulary import (
    CampaignKind,
    CampaignStatus,
    Channel,
    ConsentKind,
    MessageStatus,
    SuppressionReason,
)
from mbs_app.models import (
    Campaign,
    CampaignMessage,
    ConsentEvent,
    Customer,
    GroupMembership,
    InboundMessage,
    MessageEvent,
    Sender,
    Suppression,
)
from mbs_app.providers.simulator import credentials
from mbs_app.queries import counters
from mbs_app.queries.bulk import insert_rows

AT_ONCE = 5_000
LOOKS_TAKEN = 5
"""A text in doubt, or without a final receipt, was asked about this often; nobody asks again."""

Row = dict[str, Any]


class Writer:
    """Writes for one owner. Rows that belong to the whole workspace have no owner."""

    def __init__(self, session: Session, owner: UUID, sender: Sender) -> None:
        self._session, self._owner, self._sender = session, owner, sender
        self._suppressed: set[tuple[UUID | None, str]] = set()

    def customers(self, people: Sequence[Person], groups: Mapping[str, UUID]) -> None:
        """The people, their groups, and how they agreed to be texted."""
        self._insert(Customer, (self._customer(person) for person in people))
        self._insert(
            GroupMembership,
            (
                {
                    "user_id": self._owner,
                    "group_id": groups[name],
                    "customer_id": person.id,
                    "created_at": person.created_at,
                }
                for person in people
                for name in sorted(person.groups)
            ),
        )
        self._insert(ConsentEvent, (self._yes(person) for person in people if person.opted_in))

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
        self._insert(CampaignMessage, (row for _, row in rows))
        self._insert(
            MessageEvent, (event for text, row in rows for event in self._events(text, row))
        )
        self._replies(outcome.replies)
        self._marks(outcome.marks)
        self._count(campaign.id, outcome)
        return campaign.id

    def _count(self, campaign_id: UUID, outcome: Outcome) -> None:
        moves: Counter[counters.Move] = Counter((None, text.status) for text in outcome.texts)
        handed_over = sum(text.segments for text in outcome.texts if text.sent_at)
        counters.move(self._session, campaign_id, moves, handed_over)
        last = max(text.updated_at for text in outcome.texts)
        table: Any = Campaign.__table__  # type: ignore[attr-defined]
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

    def _replies(self, replies: Sequence[Reply]) -> None:
        self._insert(InboundMessage, (self._inbound(reply) for reply in replies))
        leaving = [reply for reply in replies if reply.opts_out]
        self._suppress(
            (None, reply.person.phone, SuppressionReason.STOP_REPLY, "", reply.at)
            for reply in leaving
        )
        self._insert(
            ConsentEvent,
            (
                self._consent(
                    reply.person.phone,
                    reply.at,
                    ConsentKind.OPTED_OUT,
                    owner=None,
                    method="reply",
                    wording=reply.text,
                    source=self._sender.address,
                )
                for reply in leaving
            ),
        )

    def replies(self, replies: Sequence[Reply]) -> None:
        """Texts from people that belong to no campaign in particular."""
        self._replies(replies)

    def _marks(self, marks: Sequence[CarrierMark]) -> None:
        self._suppress(
            (
                None,
                mark.person.phone,
                SuppressionReason.CARRIER_OPT_OUT,
                explain(mark.code).words,
                mark.at,
            )
            if mark.code == OPTED_OUT_AT_CARRIER
            else (
                self._owner,
                mark.person.phone,
                SuppressionReason.CANNOT_RECEIVE,
                explain(mark.code).words,
                mark.at,
            )
            for mark in marks
        )
        self._insert(
            ConsentEvent,
            (
                self._consent(
                    mark.person.phone,
                    mark.at,
                    ConsentKind.OPTED_OUT,
                    owner=None,
                    method="carrier",
                    wording=explain(mark.code).words,
                    source="Answer of the carrier",
                )
                for mark in marks
                if mark.code == OPTED_OUT_AT_CARRIER
            ),
        )

    def recorded_opt_outs(self, people: Sequence[Person]) -> None:
        """People who said at the counter that they want no more texts; each has ``opted_out_at``."""
        said = [(person, person.opted_out_at) for person in people if person.opted_out_at]
        self._suppress(
            (self._owner, person.phone, SuppressionReason.RECORDED, "", at) for person, at in said
        )
        self._insert(
            ConsentEvent,
            (
                self._consent(
                    person.phone,
                    at,
                    ConsentKind.OPTED_OUT,
                    owner=self._owner,
                    method="recorded",
                    source=f"At the counter, {person.place.store}",
                )
                for person, at in said
            ),
        )

    def _customer(self, person: Person) -> Row:
        return {
            "id": person.id,
            "user_id": self._owner,
            "phone": person.phone,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "city": person.place.city,
            "state": person.place.state,
            "status": person.status.value,
            "notes": person.notes,
            "time_zone": None,
            "attributes": person.attributes,
            "source": "import",
            "created_at": person.created_at,
            "updated_at": person.created_at,
        }

    def _yes(self, person: Person) -> Row:
        return self._consent(
            person.phone,
            person.created_at,
            ConsentKind.OPTED_IN,
            owner=self._owner,
            method="import",
            wording="Yes, text me offers and reminders. I can stop at any time.",
            source=f"Checkout form, {person.place.store}",
        )

    def _consent(
        self,
        phone: str,
        at: datetime,
        kind: ConsentKind,
        *,
        owner: UUID | None,
        method: str,
        wording: str = "",
        source: str = "",
    ) -> Row:
        return {
            "id": id_at(at),
            "user_id": owner,
            "at": at,
            "channel": Channel.SMS.value,
            "address": phone,
            "kind": kind.value,
            "method": method,
            "wording": wording,
            "wording_version": "",
            "source": source,
            "ip": "",
            "actor_id": owner,
        }

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

    def _suppress(
        self, marks: Iterable[tuple[UUID | None, str, SuppressionReason, str, datetime]]
    ) -> None:
        rows = []
        for owner, phone, reason, note, at in marks:
            if (owner, phone) not in self._suppressed:
                self._suppressed.add((owner, phone))
                rows.append(
                    {
                        "id": id_at(at),
                        "user_id": owner,
                        "channel": Channel.SMS.value,
                        "address": phone,
                        "reason": reason.value,
                        "note": note,
                        "created_at": at,
                    }
                )
        self._insert(Suppression, rows)

    def _insert(self, model: type[SQLModel], rows: Iterable[Row]) -> None:
        table: Any = model.__table__  # type: ignore[attr-defined]
        listed = list(rows)
        for start in range(0, len(listed), AT_ONCE):
            insert_rows(self._session, table, listed[start : start + AT_ONCE])


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
