"""One of each mail, with believable facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import MailKind

AT = datetime(2026, 11, 29, 1, 23, tzinfo=UTC)
SITE = "http://localhost:8000"
DEVICE = {"device": "Chrome on Windows", "ip": "203.0.113.24", "at": AT}

FACTS: dict[MailKind, dict[str, Any]] = {
    MailKind.INVITATION: {
        "inviter": "Maya Okafor",
        "link": f"{SITE}/join?code=K7QX-93MD-TW2H&from=mail",
        "code": "K7QX-93MD-TW2H",
        "expires_at": utc_now() + timedelta(days=7),  # one whose time is over is not sent
    },
    MailKind.ALREADY_JOINED: {"name": "Jonas Weber", "link": f"{SITE}/signin"},
    MailKind.APPROVED: {"name": "Jonas Weber", "link": f"{SITE}/signin"},
    MailKind.REJECTED: {
        "name": "Jonas Weber",
        "reason": "We can’t tell who you are from your name.\nJoin with your store’s address, please.",
    },
    MailKind.PASSWORD_RESET: {
        "name": "Jonas Weber",
        "link": f"{SITE}/reset?token=q3J8Zx0vN5c1yTq2LwKfR7uHsE9oBdPaMiGtXbVnYk",
        "minutes": 30,
        "by_admin": False,
    },
    MailKind.PASSWORD_CHANGED: {
        "name": "Jonas Weber",
        **DEVICE,
        "passkeys": 1,
        "providers": "login.example",
        "api_keys": 2,
    },
    MailKind.NEW_DEVICE: {"name": "Jonas Weber", **DEVICE, "ip": "2001:db8:85a3::8a2e:370:7334"},
    MailKind.EMAIL_CHANGE: {
        "name": "Jonas Weber",
        "link": f"{SITE}/confirm-email?token=q3J8Zx0vN5c1yTq2LwKfR7uHsE9oBdPaMiGtXbVnYk",
        "new_email": "jonas.weber@lakelineplaza.example",
    },
    MailKind.EMAIL_CHANGED: {
        "name": "Jonas Weber",
        "new_email": "jonas.weber@lakelineplaza.example",
    },
    MailKind.SECURITY_CHANGED: {"name": "Jonas Weber", "what": "A passkey was added", **DEVICE},
}
