"""Which second factors an account has."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, func, select

from mbs_app.models import Authenticator, Passkey, RecoveryCode


class Method(StrEnum):
    AUTHENTICATOR = "authenticator"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


def methods_of(session: Session, user_id: UUID) -> list[Method]:
    """What a user can show beside the password, best first; empty where there is no second factor.

    Recovery codes stand in for one; alone they are none.
    """
    found = [
        method
        for method, count in (
            (Method.PASSKEY, count_passkeys(session, user_id)),
            (Method.AUTHENTICATOR, _count_authenticators(session, user_id)),
        )
        if count
    ]
    if found and count_recovery_codes(session, user_id):
        found.append(Method.RECOVERY_CODE)
    return found


def count_passkeys(session: Session, user_id: UUID) -> int:
    return session.exec(select(func.count()).where(Passkey.user_id == user_id)).one()


def count_recovery_codes(session: Session, user_id: UUID) -> int:
    """How many are left."""
    return session.exec(
        select(func.count()).where(
            RecoveryCode.user_id == user_id, col(RecoveryCode.used_at).is_(None)
        )
    ).one()


def _count_authenticators(session: Session, user_id: UUID) -> int:
    return session.exec(
        select(func.count()).where(
            Authenticator.user_id == user_id, col(Authenticator.confirmed_at).is_not(None)
        )
    ).one()
