"""Made-up second factors, and how a person uses them."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pyotp
from fastapi.testclient import TestClient

from mbs_app import db, secret_key
from mbs_app.domain.clock import utc_now
from mbs_app.models import Authenticator, UserProfile
from mbs_app.services.second_factor import authenticators
from tests.support.accounts import SYSTEM
from tests.support.passkeys import SoftPasskey


def give_authenticator(user: UserProfile) -> str:
    """A confirmed app for ``user``; its secret."""
    secret = pyotp.random_base32()
    with db.transaction(SYSTEM) as session:
        sealed = secret_key.seal(secret, authenticators.PURPOSE)
        session.add(Authenticator(user_id=user.id, secret=sealed, confirmed_at=utc_now()))
    return secret


def code_of(secret: str, *, steps: int = 0, at: datetime | None = None) -> str:
    """What the app shows, now or ``steps`` of half a minute later.

    An old one counts until the next half minute begins: it is given when that is some seconds away.
    """
    if steps < 0 and at is None and (left := 30 - time.time() % 30) < 8:
        time.sleep(left)
    return pyotp.TOTP(secret).at((at or utc_now()) + timedelta(seconds=30 * steps))


def wrong_code_of(secret: str) -> str:
    """Six digits the app shows at none of the moments that count."""
    now = utc_now()
    near = {code_of(secret, steps=steps, at=now) for steps in range(-3, 4)}
    return next(code for code in (f"{number:06}" for number in range(10)) if code not in near)


def add_passkey(client: TestClient, passkey: SoftPasskey, name: str = "Work laptop") -> Any:
    """Add it to the account ``client`` is signed in to; the answer."""
    asked = client.post("/api/me/passkeys/options")
    assert asked.status_code == 200, asked.text
    made = passkey.make(asked.json()["public_key"])
    return client.post("/api/me/passkeys", json={"name": name, "credential": made})
