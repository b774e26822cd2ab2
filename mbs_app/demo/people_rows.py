"""The made-up people, and what they said about being texted, as rows of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, SQLModel

from mbs_app.demo.month import OPTED_OUT_AT_CARRIER, CarrierMark, Reply
from mbs_app.demo.people import Person, id_at
from mbs_app.domain.carrier_codes import explain
from mbs_app.domain.vocabulary import Channel, ConsentKind, SuppressionReason
from mbs_app.models import ConsentEvent, Customer, GroupMembership, Suppression
from mbs_app.queries.bulk import insert_rows

AT_ONCE = 5_000

Row = dict[str, Any]


class PeopleWriter:
    """Writes for one owner. Rows that hold for the whole workspace have no owner; ``number`` is the one that
    people answer to."""

    def __init__(self, session: Session, owner: UUID, number: str) -> None:
        self._session, self._owner, self._number = session, owner, number
        self._suppressed: set[tuple[UUID | None, str]] = set()

    def customers(self, people: Sequence[Person], groups: Mapping[str, UUID]) -> None:
        """The people, their groups, and how they agreed to be texted."""
        insert(self._session, Customer, (self._customer(person) for person in people))
        insert(
            self._session,
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
        insert(
            self._session, ConsentEvent, (self._yes(person) for person in people if person.opted_in)
        )

    def recorded_opt_outs(self, people: Sequence[Person]) -> None:
        """People who said at the counter that they want no more texts; each has ``opted_out_at``."""
        said = [(person, person.opted_out_at) for person in people if person.opted_out_at]
        self._suppress(
            (self._owner, person.phone, SuppressionReason.RECORDED, "", at) for person, at in said
        )
        insert(
            self._session,
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

    def opt_outs_by_reply(self, replies: Sequence[Reply]) -> None:
        """Those of ``replies`` that said stop hold for everybody."""
        leaving = [reply for reply in replies if reply.opts_out]
        self._suppress(
            (None, reply.person.phone, SuppressionReason.STOP_REPLY, "", reply.at)
            for reply in leaving
        )
        insert(
            self._session,
            ConsentEvent,
            (
                self._consent(
                    reply.person.phone,
                    reply.at,
                    ConsentKind.OPTED_OUT,
                    owner=None,
                    method="reply",
                    wording=reply.text,
                    source=self._number,
                )
                for reply in leaving
            ),
        )

    def marks_of_the_carrier(self, marks: Sequence[CarrierMark]) -> None:
        """What the carrier said of numbers while it was handed texts for them."""
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
        insert(
            self._session,
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
        insert(self._session, Suppression, rows)


def insert(session: Session, model: type[SQLModel], rows: Iterable[Row]) -> None:
    """Add rows of one table, some thousand in a statement."""
    table: Any = model.__table__  # type: ignore[attr-defined]  # SQLModel declares none
    listed = list(rows)
    for start in range(0, len(listed), AT_ONCE):
        insert_rows(session, table, listed[start : start + AT_ONCE])
