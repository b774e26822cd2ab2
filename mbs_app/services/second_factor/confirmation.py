"""Showing again that it is you, before what guards an account changes (OWASP ASVS 5.0, 7.5.1).

Signing in counts, and the password, a code or a passkey within a session. Where the account has a second
factor, the session must have shown it, now or earlier.
"""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, col, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import ConfirmFirst
from mbs_app.models import UserSession
from mbs_app.services.lookup import owner_of
from mbs_app.services.second_factor.methods import methods_of

LASTS = timedelta(minutes=15)


def require_confirmed(session: Session, actor: Actor) -> None:
    """
    Raises:
        ConfirmFirst
    """
    held = _held(session, actor)
    if held is None or held.confirmed_at is None or held.confirmed_at <= utc_now() - LASTS:
        raise ConfirmFirst
    require_second_factor_shown(session, actor)


def require_second_factor_shown(session: Session, actor: Actor) -> None:
    """For the end of what :func:`require_confirmed` let begin: the account may have got a second factor since.

    Raises:
        ConfirmFirst: it has one, and this session hasn’t shown it.
    """
    if methods_of(session, owner_of(actor)) and not has_shown_second_factor(session, actor):
        raise ConfirmFirst


def confirm(session: Session, actor: Actor, *, with_second_factor: bool) -> bool:
    """Note that the holder of the session showed that it is them; whether the session is worth more now.

    Then its token must be replaced.
    """
    now = utc_now()
    held = _held(session, actor)
    is_first = with_second_factor and held is not None and held.second_factor_at is None
    values = {"confirmed_at": now} | ({"second_factor_at": now} if with_second_factor else {})
    session.exec(
        update(UserSession).where(col(UserSession.id) == actor.session_id).values(**values)
    )
    return is_first


def has_shown_second_factor(session: Session, actor: Actor) -> bool:
    held = _held(session, actor)
    return held is not None and held.second_factor_at is not None


def _held(session: Session, actor: Actor) -> UserSession | None:
    return session.exec(select(UserSession).where(UserSession.id == actor.session_id)).first()
