"""Things begun in one request that only the same browser may finish in another.

The token goes into a cookie; the row keeps its SHA-256, and what the end must match. A step ends when it is
used, when its time is over, or after too many attempts.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, update

from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import MbsError
from mbs_app.domain.vocabulary import SignInStepKind
from mbs_app.models import SignInStep
from mbs_app.services import sessions

MOST_ATTEMPTS = 5
KEPT_AFTER_THE_END = timedelta(days=1)  # then housekeeping throws them away


class StepOver(MbsError):
    """What was begun can't be finished: it is used, too old, tried too often, or another browser's."""

    code = "step-over"

    def __init__(self) -> None:
        super().__init__("This took too long, or was tried too often. Start again.")


def begin(
    session: Session,
    kind: SignInStepKind,
    *,
    lasts: timedelta,
    user_id: UUID | None = None,
    keep: bool = False,
    ip: str = "",
    data: Mapping[str, Any] | None = None,
) -> str:
    """A new step; its token, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignInStep(
            token_hash=sessions.hash_token(token),
            kind=kind,
            user_id=user_id,
            keep=keep,
            ip=ip[:45],
            data=dict(data or {}),
            expires_at=utc_now() + lasts,
        )
    )
    return token


def find(session: Session, kind: SignInStepKind, token: str) -> SignInStep:
    """The step, while it can still be finished; nobody else changes it before this transaction ends.

    Raises:
        StepOver
    """
    step = session.exec(
        select(SignInStep)
        .where(SignInStep.token_hash == sessions.hash_token(token), *_is_open(kind))
        .with_for_update()
    ).first()
    if step is None:
        raise StepOver
    return step


def count_attempt(session: Session, kind: SignInStepKind, token: str) -> SignInStep:
    """Count an attempt to finish, before it is looked at.

    Raises:
        StepOver: among others, because this was one attempt too many.
    """
    counted = session.exec(
        update(SignInStep)
        .where(
            col(SignInStep.token_hash) == sessions.hash_token(token),
            col(SignInStep.attempts) < MOST_ATTEMPTS,
            *_is_open(kind),
        )
        .values(attempts=col(SignInStep.attempts) + 1)
    )
    if not counted.rowcount:
        raise StepOver
    return find(session, kind, token)


def use(session: Session, kind: SignInStepKind, token: str) -> SignInStep:
    """End the step by finishing it; of two at the same time one succeeds.

    Raises:
        StepOver
    """
    step = find(session, kind, token)
    used = session.exec(
        update(SignInStep)
        .where(col(SignInStep.id) == step.id, *_is_open(kind))
        .values(used_at=utc_now())
    )
    if not used.rowcount:
        raise StepOver
    return step


def _is_open(kind: SignInStepKind) -> tuple[Any, ...]:
    return (
        col(SignInStep.kind) == kind,
        col(SignInStep.used_at).is_(None),
        col(SignInStep.expires_at) > utc_now(),
    )
