"""Browsers that signed in before, and the words a person knows them by.

A browser that somebody signed in with, or chose a new password in with a mailed link, keeps a cookie of its own. It
opens nothing; it only makes this browser a known one: a sign-in from an unknown one is worth a mail, and a stranger's
guesses never stand in its way.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlmodel import Session, col, delete, select, update
from ua_parser import parse

from mbs_app.domain.clock import utc_now
from mbs_app.models import KnownDevice, UserProfile
from mbs_app.services import sessions

KEPT = timedelta(days=365)
NO_WORDS = "Unknown device"

# What people call it, where the parser has a name of its own.
_BROWSERS = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "HeadlessChrome": "Chrome",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari",
    "Opera Mobile": "Opera",
}
_SYSTEMS = {"Mac OS X": "Mac", "Chrome OS": "Chromebook", "Ubuntu": "Linux"}
_DEVICES = {"iPhone", "iPad"}


class Visitor(NamedTuple):
    """The other end of a sign-in: its address, what it says it is, and the cookie of a known device."""

    ip: str = ""
    user_agent: str = ""
    device_token: str = ""


class Remembered(NamedTuple):
    token: str  # for the cookie
    is_new: bool


def is_known(session: Session, email: str, token: str) -> bool:
    """Whether the account of ``email`` (lower case) knows this browser."""
    if not token:
        return False
    row = session.exec(
        select(KnownDevice.id)
        .join(UserProfile, col(UserProfile.id) == KnownDevice.user_id)
        .where(
            UserProfile.email == email,
            KnownDevice.token_hash == sessions.hash_token(token),
            col(KnownDevice.last_seen_at) > utc_now() - KEPT,
        )
    ).first()
    return row is not None


def remember(session: Session, user: UserProfile, visitor: Visitor) -> Remembered:
    """Make the browser a known one of ``user``, or note that it was seen again.

    A browser that several people use keeps one cookie. A token that isn't ours is never taken over: who could
    plant it in a browser would know it.
    """
    now = utc_now()
    session.exec(
        delete(KnownDevice).where(
            col(KnownDevice.user_id) == user.id, col(KnownDevice.last_seen_at) <= now - KEPT
        )
    )
    token = visitor.device_token if _is_ours(session, visitor.device_token) else ""
    seen = {
        "user_agent": visitor.user_agent[:300],
        "ip": visitor.ip[:45],
        "last_seen_at": now,
    }
    known = session.exec(
        update(KnownDevice)
        .where(
            col(KnownDevice.user_id) == user.id,
            col(KnownDevice.token_hash) == sessions.hash_token(token),
        )
        .values(**seen)
    )
    if known.rowcount:
        return Remembered(token, is_new=False)
    token = token or secrets.token_urlsafe(32)
    session.add(KnownDevice(user_id=user.id, token_hash=sessions.hash_token(token), **seen))
    return Remembered(token, is_new=True)


def forget_all(session: Session, user: UserProfile) -> None:
    """Every browser is a new one again, as after a password that somebody else may have known."""
    session.exec(delete(KnownDevice).where(col(KnownDevice.user_id) == user.id))


@lru_cache(maxsize=2048)
def device_words(user_agent: str) -> str:
    """ "Chrome on Windows", "Safari on iPhone", "curl"; for lists and mails."""
    if not user_agent.strip():
        return NO_WORDS
    found = parse(user_agent[:300])
    browser = found.user_agent.family if found.user_agent else ""
    browser = _BROWSERS.get(browser, browser)
    system = found.os.family if found.os else ""
    device = found.device.family if found.device else ""
    where = device if device in _DEVICES else _SYSTEMS.get(system, system)
    return " on ".join(part for part in (browser, where) if part) or NO_WORDS


def _is_ours(session: Session, token: str) -> bool:
    if not token:
        return False
    hashed = sessions.hash_token(token)
    found = session.exec(select(KnownDevice.id).where(KnownDevice.token_hash == hashed)).first()
    return found is not None
