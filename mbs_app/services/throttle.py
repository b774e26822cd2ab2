"""Slowing down guesses of a password.

Failures count against the pair of account and address, and against the address. They don't count against
the account alone, so that a stranger can't lock somebody out.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlmodel import Session, col, delete, func, select

from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import TooManyAttempts
from mbs_app.models import SignInAttempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT_AND_ADDRESS = 8
PER_ADDRESS = 60


def check(session: Session, email: str, ip: str) -> None:
    """Raises TooManyAttempts when this address has guessed too often lately."""
    since = utc_now() - WINDOW
    for subject, most in _subjects(email, ip):
        count, oldest = session.exec(
            select(func.count(), func.min(SignInAttempt.at)).where(
                SignInAttempt.subject == subject, SignInAttempt.at > since
            )
        ).one()
        if count >= most and oldest is not None:
            # min() over a decorated column keeps its type, so ``oldest`` has its zone.
            wait = (oldest + WINDOW - utc_now()).total_seconds()
            raise TooManyAttempts(max(1, round(wait)))


def count_failure(session: Session, email: str, ip: str) -> None:
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.at) < utc_now() - WINDOW))
    session.add_all(SignInAttempt(subject=subject) for subject, _ in _subjects(email, ip))


def forget(session: Session, email: str, ip: str) -> None:
    """A right password ends the count for this account and address."""
    subject, _ = _subjects(email, ip)[0]
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.subject) == subject))


def _subjects(email: str, ip: str) -> list[tuple[str, int]]:
    return [
        (_digest(f"account|{email}|{ip}"), PER_ACCOUNT_AND_ADDRESS),
        (_digest(f"address|{ip}"), PER_ADDRESS),
    ]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
