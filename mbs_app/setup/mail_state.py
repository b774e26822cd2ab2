"""Whether mails can go, for ``doctor``: what Resend says of key and sender, and what waits in the outbox."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.time_words import ago
from mbs_app.providers import factory
from mbs_app.services import mails
from mbs_app.settings import Settings
from mbs_app.setup.database import sqlite_file

_SYSTEM = Actor.system("doctor")


def mail_state(settings: Settings) -> str:
    """In words. Raises RuntimeError with a sentence where mails can't go, ProviderUnavailable where nobody knows."""
    state = "simulated: nothing leaves this machine"
    if not settings.simulates_mail:
        if refusal := asyncio.run(_refusal(settings)):
            raise RuntimeError(refusal)
        state = f"delivered by Resend as {factory.mail_sender(settings)}"
    outbox = _outbox(settings)
    if outbox is not None and outbox.stuck is not None:
        since = ago(outbox.stuck.created_at, utc_now()).lower()
        raise RuntimeError(
            f"{outbox.waiting} waiting, the oldest queued {since}: {outbox.stuck.problem}"
        )
    if outbox is not None and outbox.waiting:
        state += f"; {outbox.waiting} waiting"
    if not settings.simulates_mail and settings.resend_webhook_secret is None:
        state += "; RESEND_WEBHOOK_SECRET isn’t set, so nobody hears of mails that come back"
    return state


async def _refusal(settings: Settings) -> str:
    provider = factory.mail_provider(settings)
    try:
        return await provider.why_not()
    finally:
        await provider.aclose()


def _outbox(settings: Settings) -> mails.Outbox | None:
    """None where the database isn't there or not up to date, of which ``doctor`` tells by itself."""
    file = sqlite_file(settings)
    if file is not None and not file.exists():
        return None  # looking would make one
    try:
        with db.transaction(_SYSTEM, read_only=True) as session:
            return mails.read_outbox(session, _SYSTEM)
    except sa.exc.DBAPIError:
        return None
