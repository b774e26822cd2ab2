"""What follows when a second factor comes or goes: a mail, and the rules."""

from __future__ import annotations

from sqlmodel import Session, col, delete

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict
from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import RecoveryCode, UserProfile
from mbs_app.services import accounts, devices, mails, sessions
from mbs_app.services.devices import Visitor
from mbs_app.services.second_factor.methods import methods_of


def tell(session: Session, user: UserProfile, what: str, visitor: Visitor) -> None:
    """A mail to ``user``; ``what`` is a sentence in it ("A passkey was added")."""
    mails.queue(
        session,
        MailKind.SECURITY_CHANGED,
        user.email,
        user_id=user.id,
        name=user.name,
        what=what,
        device=devices.device_words(visitor.user_agent),
        ip=visitor.ip,
        at=utc_now(),
    )


def after_removing(session: Session, actor: Actor) -> None:
    """Recovery codes go with the last second factor.

    Raises:
        Conflict: it was the last one, and the workspace asks for one.
    """
    user = accounts.my_profile(session, actor)
    if methods_of(session, user.id):
        return
    if sessions.needs_second_factor(session, user):
        raise Conflict(
            "Your workspace asks for a second factor. Add another one first, then remove this one."
        )
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
