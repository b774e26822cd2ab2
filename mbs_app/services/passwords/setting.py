"""A password that has been chosen: kept, and everything ended that the old one had opened."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, update

from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import UserProfile
from mbs_app.services import (
    api_keys,
    devices,
    email_changes,
    external_identities,
    mails,
    sessions,
)
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor.methods import count_passkeys


def set_password(
    session: Session,
    user: UserProfile,
    password_hash: str,
    visitor: Visitor,
    *,
    but: UUID | None = None,
) -> int:
    """Keep a new password, end every session of the user ``but`` one, and tell them by mail; how many ended.

    With their sessions go the refresh tokens of programs, and the link to a new address: whoever knew the old
    password may have asked for it. Passkeys, sign-ins through a provider and API keys stay (docs/adr/0020), and the
    mail names them. The caller notes it in the audit log, and ends the links to choose another one.
    """
    now = utc_now()
    # Not through the object: a password set at the same time must not come back with its other fields.
    session.exec(
        update(UserProfile)
        .where(col(UserProfile.id) == user.id)
        .values(password_hash=password_hash, password_changed_at=now)
    )
    ended = sessions.end_all(session, user.id, but=but)
    email_changes.end_open(session, user.id)
    mails.queue(
        session,
        MailKind.PASSWORD_CHANGED,
        user.email,
        user_id=user.id,
        name=user.name,
        device=devices.device_words(visitor.user_agent),
        ip=visitor.ip,
        at=now,
        passkeys=count_passkeys(session, user.id),
        providers=", ".join(external_identities.providers_of(session, user.id)),
        api_keys=api_keys.count_living(session, user.id),
    )
    return ended
