"""Addresses that must not be sent to, as the carrier's answers add to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from mbs_app.domain.vocabulary import Channel, ConsentKind, SuppressionReason
from mbs_app.models import ConsentEvent, Suppression, new_id
from mbs_app.queries.bulk import insert_rows

_suppressions: Any = Suppression.__table__
_consent_events: Any = ConsentEvent.__table__


def opted_out_at_the_carrier(
    session: Session, phones: Mapping[str, str], now: datetime
) -> set[str]:
    """Keep people who opted out with the carrier from ever being texted, in the whole workspace.

    ``phones`` maps a number to the carrier's words. Each that is news gets its consent event; those
    are returned.
    """
    added = _add(
        session,
        [
            (None, phone, SuppressionReason.CARRIER_OPT_OUT, words)
            for phone, words in sorted(phones.items())
        ],
        now,
    )
    insert_rows(
        session,
        _consent_events,
        [
            {
                "id": new_id(),
                "user_id": None,
                "at": now,
                "channel": Channel.SMS.value,
                "address": phone,
                "kind": ConsentKind.OPTED_OUT.value,
                "method": "carrier",
                "wording": phones[phone],
                "wording_version": "",
                "source": "Answer of the carrier",
                "ip": "",
                "actor_id": None,
            }
            for phone in sorted(added)
        ],
    )
    return added


def cannot_receive(
    session: Session, numbers: Mapping[tuple[UUID, str], str], now: datetime
) -> set[str]:
    """Leave numbers that can't get texts out of their owner's later campaigns.

    ``numbers`` maps (owner, number) to the carrier's words. The owner's own mark: what one owner's customer
    list holds is not to be learned by another. Returns the numbers that are news.
    """
    return _add(
        session,
        [
            (user_id, phone, SuppressionReason.CANNOT_RECEIVE, words)
            for (user_id, phone), words in sorted(numbers.items())
        ],
        now,
    )


def _add(
    session: Session,
    marks: Iterable[tuple[UUID | None, str, SuppressionReason, str]],
    now: datetime,
) -> set[str]:
    connection = session.connection()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    added: set[str] = set()
    for user_id, phone, reason, words in marks:
        statement = insert(_suppressions).values(
            id=new_id(),
            user_id=user_id,
            channel=Channel.SMS.value,
            address=phone,
            reason=reason.value,
            note=words[:200],
            created_at=now,
        )
        shared = user_id is None
        target = ["channel", "address"] if shared else ["user_id", "channel", "address"]
        where = sa.text(f"user_id IS {'' if shared else 'NOT '}NULL")
        if reason is SuppressionReason.CANNOT_RECEIVE:
            statement = statement.on_conflict_do_nothing(index_elements=target, index_where=where)
        else:
            # An opt-out is the stronger mark; one that is there already keeps its first reason.
            statement = statement.on_conflict_do_update(
                index_elements=target,
                index_where=where,
                set_={"reason": reason.value, "note": words[:200]},
                where=_suppressions.c.reason == SuppressionReason.CANNOT_RECEIVE.value,
            )
        if connection.execute(statement.returning(_suppressions.c.id)).first() is not None:
            added.add(phone)
    return added
