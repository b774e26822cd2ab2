"""The two tables behind consent: suppressions, which are in force, and events, which are history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.consent_state import OPT_OUT_REASONS
from mbs_app.domain.vocabulary import Channel, ConsentKind, SuppressionReason
from mbs_app.models import ConsentEvent, Suppression, new_id
from mbs_app.queries.bulk import any_of

# An opt-out takes the place of "can't get texts"; this note brings that back when the opt-out ends.
_WAS_UNREACHABLE = SuppressionReason.CANNOT_RECEIVE.value


def suppress(
    session: Session, owner: UUID | None, phones: Sequence[str], reason: SuppressionReason
) -> list[str]:
    """Suppress numbers for ``owner``, or for everyone; those that weren't opted out are returned."""
    numbers = list(dict.fromkeys(phones))
    if not numbers:
        return []
    now = utc_now()
    table: Any = Suppression.__table__
    insert = insert_into(session, Suppression)
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


def lift(session: Session, phone: str) -> bool:
    """End every opt-out of a number, shared and recorded; what the carrier said of the line stays."""
    opt_outs = list(
        session.exec(
            select(Suppression).where(
                Suppression.channel == Channel.SMS,
                Suppression.address == phone,
                col(Suppression.reason).in_(OPT_OUT_REASONS),
            )
        )
    )
    end(session, opt_outs)
    return bool(opt_outs)


def held(
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


def end(session: Session, suppressions: Sequence[Suppression]) -> None:
    for suppression in suppressions:
        if suppression.note == _WAS_UNREACHABLE:
            suppression.reason, suppression.note = SuppressionReason.CANNOT_RECEIVE, ""
            session.add(suppression)
        else:
            session.delete(suppression)
    session.flush()


def note(
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
            wording=without_nul(wording)[:1600],
            wording_version=wording_version[:40],
            source=source[:120],
            ip=actor.ip[:45],
            actor_id=actor.user_id,
        )
        for phone in phones
    )
    session.flush()


def insert_into(session: Session, model: type[Any]) -> Any:
    """An INSERT of this database's kind: both know ON CONFLICT, in dialects of their own."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(model.__table__)
    return postgresql.insert(model.__table__)


def without_nul(text: str) -> str:
    # PostgreSQL stores no NUL.
    return text.replace("\x00", "")
