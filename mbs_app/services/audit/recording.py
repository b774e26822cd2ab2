"""Adding to the audit log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import NotAllowed
from mbs_app.models import AuditEvent


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject_type: str = "",
    subject_id: UUID | str = "",
    **details: Any,
) -> None:
    """Add an entry, in the transaction of what it tells of.

    ``action`` reads as noun.verb ("session.start") and has its words in :mod:`mbs_app.services.audit.words`.
    ``details`` hold no secret; of a thing that has a name or a code, they hold that.
    """
    if actor.key_id is not None:
        details["api_key"] = str(actor.key_id)
    session.add(
        AuditEvent(
            actor_id=actor.user_id,
            actor_label=actor.label[:120],
            action=action,
            subject_type=subject_type,
            subject_id=str(subject_id),
            details=details,
            ip=actor.ip[:45],
        )
    )


def look_as_admin(
    session: Session, actor: Actor, subject_type: str, subject_id: UUID | str
) -> Actor:
    """An actor that sees everybody's rows, for one look that goes on record.

    Raises:
        NotAllowed: the actor is no admin.
    """
    if not actor.is_admin:
        raise NotAllowed("Only an admin can look into somebody else’s work.")
    record(session, actor, "admin.look", subject_type, subject_id)
    return actor.looking_at_everything()
