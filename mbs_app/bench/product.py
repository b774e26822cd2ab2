"""The whole product, started as ``make run`` starts it: callbacks a second, and their way to a screen."""

from __future__ import annotations

import asyncio

from mbs_app import db
from mbs_app.bench import callbacks, ground, screen
from mbs_app.providers.simulator import credentials
from mbs_app.setup.separate import separate

BEFORE = 7_300
"""People delivered to before the first look: a number that nothing else on the page shows."""


def run(chromium: str, *, receipts: int = 5_000, looks: int = 50) -> dict[str, float]:
    """Measure and print. Returns ``answered``, ``applied`` (receipts a second), ``p50`` and ``p95`` (seconds)."""
    with separate() as own:
        own.migrate()
        db.configure(own.database_url)
        with db.transaction(ground.SYSTEM) as session:
            owner, token = ground.make_owner(session)
            sender = ground.make_sender(session)
            many, many_texts = ground.make_sent_campaign(session, owner.id, sender, sent=receipts)
            few, few_texts = ground.make_sent_campaign(
                session, owner.id, sender, sent=looks, delivered=BEFORE
            )
        to = callbacks.Endpoint(own.address, credentials.auth_token_of(own.settings))
        with own.running():
            found = asyncio.run(callbacks.measure(to, many.id, many_texts))
            watched = asyncio.run(
                screen.measure(to, chromium, token, few.id, few_texts, delivered=BEFORE)
            )
        db.engine().dispose()
    return {**found, **watched}
