"""Throwing away what is over: done by the worker every few minutes, a few rows at a time.

What is thrown away opens nothing any more. It is kept for a while, so that a list can say what became of it and the
reuse of an old token is still known for what it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, delete, select

from mbs_app.domain.clock import utc_now
from mbs_app.domain.mail_lifecycle import WAITING
from mbs_app.domain.vocabulary import ResetType
from mbs_app.models import (
    ApiKey,
    EmailChange,
    KnownDevice,
    MailEvent,
    OutgoingMail,
    PasswordResetToken,
    RefreshToken,
    SignInAttempt,
    SignInStep,
    UserSession,
)
from mbs_app.services import devices, steps, throttle

AT_ONCE = 500  # rows a transaction, so that nobody waits for long

SESSIONS_KEPT = timedelta(days=30)
REFRESH_TOKENS_KEPT = timedelta(days=1)  # their session stays, and with it the newest of them
EMAIL_CHANGES_KEPT = timedelta(days=30)
RESETS_KEPT = timedelta(days=90)  # those people asked for; what an admin sent stays on record
KEYS_KEPT = timedelta(days=90)
MAILS_KEPT = timedelta(days=180)
MAIL_EVENTS_KEPT = timedelta(days=90)


def purge_some(session: Session) -> int:
    """Delete at most ``AT_ONCE`` rows that are over; 0 when nothing is left to delete."""
    now = utc_now()
    for table, is_over in _rules(now):
        if deleted := _purge(session, table, is_over):
            return deleted
    return 0


def _purge(session: Session, table: type[SQLModel], is_over: Any) -> int:
    key = col(table.id)
    some = select(key).where(is_over).limit(AT_ONCE)
    return session.exec(delete(table).where(key.in_(some))).rowcount


def _rules(now: datetime) -> list[tuple[type[SQLModel], Any]]:
    return [
        (
            UserSession,
            sa.or_(
                col(UserSession.expires_at) < now - SESSIONS_KEPT,
                col(UserSession.ended_at) < now - SESSIONS_KEPT,
            ),
        ),
        (RefreshToken, col(RefreshToken.expires_at) < now - REFRESH_TOKENS_KEPT),
        (SignInStep, col(SignInStep.expires_at) < now - steps.KEPT_AFTER_THE_END),
        (SignInAttempt, col(SignInAttempt.at) < now - throttle.KEPT),
        (KnownDevice, col(KnownDevice.last_seen_at) < now - devices.KEPT),
        (
            EmailChange,
            sa.or_(
                col(EmailChange.expires_at) < now - EMAIL_CHANGES_KEPT,
                col(EmailChange.used_at) < now - EMAIL_CHANGES_KEPT,
            ),
        ),
        (
            PasswordResetToken,
            sa.and_(
                col(PasswordResetToken.reset_type) == ResetType.USER,
                col(PasswordResetToken.expires_at) < now - RESETS_KEPT,
            ),
        ),
        (
            OutgoingMail,
            sa.and_(
                col(OutgoingMail.status).not_in(WAITING),
                col(OutgoingMail.created_at) < now - MAILS_KEPT,
            ),
        ),
        (MailEvent, col(MailEvent.received_at) < now - MAIL_EVENTS_KEPT),
        (
            ApiKey,
            sa.or_(
                col(ApiKey.expires_at) < now - KEYS_KEPT, col(ApiKey.revoked_at) < now - KEYS_KEPT
            ),
        ),
    ]
