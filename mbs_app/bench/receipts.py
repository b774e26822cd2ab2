"""Receipts a second inside the engine: verified, stored durably before each is answered, and applied."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import sqlalchemy as sa

from mbs_app import db
from mbs_app.bench import scene
from mbs_app.delivery import receipts
from mbs_app.delivery.pace import Pace
from mbs_app.delivery.settle import Result, settle
from mbs_app.models import CampaignMessage, new_id
from mbs_app.providers.base import Accepted
from mbs_app.providers.simulator import credentials
from mbs_app.providers.twilio.signature import sign, verify
from mbs_app.queries import claim, clock, leases

_messages: Any = CampaignMessage.__table__  # type: ignore[attr-defined]  # SQLModel declares none

AT_ONCE = 64
_ADDRESS = "http://127.0.0.1:9/webhooks/twilio/status"
_FORM = "application/x-www-form-urlencoded"

Request = tuple[str, bytes, str, UUID, dict[str, str]]


def run(messages: int = 3000, *, database_url: str | None = None) -> dict[str, float]:
    """Measure and print. Each message gets two receipts, sent and delivered.

    Returns receipts a second as ``verified`` (signature alone), ``stored`` (signature and durable, each
    answered after its commit), ``applied`` (from stored event to changed books) and ``both``.
    """
    with scene.fresh_database(database_url) as url:
        ids = _sent_messages(url, messages)
        requests = [_request(one, status) for status in ("sent", "delivered") for one in ids]
        verified = _verify_all(requests)
        stored = asyncio.run(_store_all(requests))
        applied = _apply_all(len(requests))
    kind = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    both = 1 / (1 / stored + 1 / applied)
    print(
        f"Receipts, {kind}: {stored:,.0f}/s verified and stored, each answered after its commit "
        f"(signature alone {verified:,.0f}/s, ratio {stored / verified:.2f}); {applied:,.0f}/s applied; "
        f"{both:,.0f}/s for both, one after the other"
    )
    return {"verified": verified, "stored": stored, "applied": applied, "both": both}


def _request(message_id: UUID, status: str) -> Request:
    address = f"{_ADDRESS}?m={message_id}"
    form = {
        "ApiVersion": "2010-04-01",
        "AccountSid": credentials.ACCOUNT_SID,
        "MessageSid": f"SM{message_id.hex}",
        "SmsSid": f"SM{message_id.hex}",
        "MessageStatus": status,
        "SmsStatus": status,
        "To": "+15122000000",
        "From": credentials.FROM_NUMBER,
    }
    signature = sign(credentials.AUTH_TOKEN, address, form)
    return address, urlencode(form).encode(), signature, message_id, form


def _verify(request: Request) -> None:
    address, body, signature, *_ = request
    if not verify(credentials.AUTH_TOKEN, address, body, _FORM, signature):
        raise AssertionError("a signature of ours doesn't hold")


def _verify_all(requests: list[Request]) -> float:
    began = time.perf_counter()
    for request in requests:
        _verify(request)
    return len(requests) / (time.perf_counter() - began)


async def _store_all(requests: list[Request]) -> float:
    writer, waiting = receipts.EventWriter(), iter(requests)

    async def caller() -> None:
        for request in waiting:
            _verify(request)
            _, _, _, message_id, form = request
            await writer.add(
                receipts.Event(form["MessageSid"], form["MessageStatus"], message_id, None, form)
            )

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
    return len(requests) / (time.perf_counter() - began)


def _apply_all(count: int) -> float:
    began = time.perf_counter()
    left = count
    while left:
        with db.transaction(scene.SYSTEM) as session:
            applied, _ = receipts.apply_batch(session, Pace())
        left -= applied
    return count / (time.perf_counter() - began)


def _sent_messages(database_url: str, messages: int) -> list[UUID]:
    """A campaign whose texts were all accepted."""
    campaign = scene.make_campaign(scene.read(database_url=database_url), messages)
    worker = new_id()
    while texts := _claim(worker):
        with db.transaction(scene.SYSTEM) as session:
            ids = [text.id for text in texts]
            leases.mark_attempting(session, worker, ids, clock.db_now(session))
            taken = [Result(one, 1, Accepted(f"SM{one.hex}", "queued", 1), 5) for one in ids]
            settle(session, taken, Pace())
    with db.transaction(scene.SYSTEM, read_only=True) as session:
        return list(
            session.connection().scalars(
                sa.select(_messages.c.id)
                .where(_messages.c.campaign_id == campaign)
                .order_by(_messages.c.id)
            )
        )


def _claim(worker: UUID) -> list[claim.ClaimedText]:
    with db.transaction(scene.SYSTEM) as session:
        return claim.claim_batch(session, worker, 500, lease_seconds=60, horizon_seconds=1e6).texts
