"""Slowing down guesses: of a password, a code, a token.

A guess is counted before it is looked at, in one transaction with the check, so that many at once can't pass
the limit together; a right one is taken off again. What is counted is a hash, so that the table doesn't spell
out who was tried.
"""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, delete, func, select

from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import TooManyAttempts
from mbs_app.models import SignInAttempt

KEPT = timedelta(days=1)  # as long as the longest window; then housekeeping throws them away
NETWORK_BITS = 64


class Limit(NamedTuple):
    """At most ``most`` guesses of ``subject`` ("password|maya@example.com|203.0.113.7") within ``window``."""

    subject: str
    most: int
    window: timedelta


def admit(session: Session, *limits: Limit) -> None:
    """Count one guess against each limit.

    Raises:
        TooManyAttempts: one of them is used up; then nothing is counted.
    """
    now = utc_now()
    _alone(session, limits)
    for limit in limits:
        count, oldest = session.exec(
            select(func.count(), func.min(SignInAttempt.at)).where(
                SignInAttempt.subject == _digest(limit.subject),
                SignInAttempt.at > now - limit.window,
            )
        ).one()
        if count >= limit.most and oldest is not None:
            raise TooManyAttempts(_seconds_until(oldest + limit.window, now))
    session.add_all(SignInAttempt(subject=_digest(limit.subject), at=now) for limit in limits)


def forget(session: Session, *limits: Limit) -> None:
    """A right guess ends the count of these."""
    digests = [_digest(limit.subject) for limit in limits]
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.subject).in_(digests)))


def place(ip: str) -> str:
    """Where a guess comes from. Of IPv6 the network (/64): a home or a server has all of its addresses at will."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, NETWORK_BITS), strict=False))


def take_back(session: Session, *limits: Limit) -> None:
    """The newest guess of each was right and doesn't count; the wrong ones before it stay."""
    for limit in limits:
        newest = (
            select(SignInAttempt.id)
            .where(SignInAttempt.subject == _digest(limit.subject))
            .order_by(col(SignInAttempt.at).desc(), col(SignInAttempt.id).desc())
            .limit(1)
            .scalar_subquery()
        )
        session.exec(delete(SignInAttempt).where(col(SignInAttempt.id) == newest))


def _alone(session: Session, limits: tuple[Limit, ...]) -> None:
    """Let no other transaction count the same at the same time. On SQLite a writer is alone already."""
    if session.get_bind().dialect.name != "postgresql":
        return
    # In one order, so that two guesses never wait for each other.
    for digest in sorted(_digest(limit.subject) for limit in limits):
        key = int(digest[:15], 16)
        session.connection().execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _seconds_until(end: datetime, now: datetime) -> int:
    return max(1, round((end - now).total_seconds()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
