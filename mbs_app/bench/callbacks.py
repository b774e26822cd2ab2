"""Twilio's receipts, signed and posted to the running product."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import aiohttp
from sqlmodel import select

from mbs_app import db
from mbs_app.bench.ground import SYSTEM, SentText
from mbs_app.models import Campaign
from mbs_app.providers.simulator import credentials
from mbs_app.providers.twilio.signature import SIGNATURE_HEADER, sign

AT_ONCE = 64
LONGEST_WAIT = 120.0


class Endpoint(NamedTuple):
    """A running product, and the token it checks Twilio's signatures with."""

    address: str
    auth_token: str


class SignedRequest(NamedTuple):
    url: str
    body: bytes
    headers: dict[str, str]


def receipt(to: Endpoint, text: SentText, status: str = "delivered") -> SignedRequest:
    """A receipt as Twilio posts it."""
    url = f"{to.address}/webhooks/twilio/status?m={text.message_id}"
    form = {
        "AccountSid": credentials.ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "From": credentials.FROM_NUMBER,
        "MessageSid": text.sid,
        "MessageStatus": status,
        "SmsSid": text.sid,
        "SmsStatus": status,
        "To": text.phone,
    }
    return SignedRequest(
        url,
        urlencode(form).encode(),
        {
            "Content-Type": "application/x-www-form-urlencoded",
            SIGNATURE_HEADER: sign(to.auth_token, url, form),
        },
    )


def open_client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE))


async def post(client: aiohttp.ClientSession, request: SignedRequest) -> None:
    """Raises RuntimeError for any answer but 204."""
    async with client.post(request.url, data=request.body, headers=request.headers) as answer:
        if answer.status != 204:
            raise RuntimeError(f"{request.url} answered {answer.status}")


async def measure(to: Endpoint, campaign_id: UUID, texts: Sequence[SentText]) -> dict[str, float]:
    """Post a receipt for each of ``texts`` and wait until all of them are in the books.

    Prints the result; returns receipts a second as ``answered`` and ``applied``.
    """
    requests = iter([receipt(to, text) for text in texts])
    async with open_client() as client:

        async def keep_posting() -> None:
            for request in requests:
                await post(client, request)

        began = time.perf_counter()
        await asyncio.gather(*(keep_posting() for _ in range(AT_ONCE)))
        answered = time.perf_counter() - began
        while await asyncio.to_thread(_delivered, campaign_id) < len(texts):
            if time.perf_counter() - began > LONGEST_WAIT:
                raise RuntimeError("The receipts were stored, but not applied in time.")
            await asyncio.sleep(0.01)
        applied = time.perf_counter() - began
    print(
        f"Callbacks, SQLite, the whole product over HTTP: {len(texts) / applied:,.0f}/s verified, stored and "
        f"applied; {len(texts) / answered:,.0f}/s verified, stored and answered"
    )
    return {"answered": len(texts) / answered, "applied": len(texts) / applied}


def _delivered(campaign_id: UUID) -> int:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.exec(
            select(Campaign.delivered_count).where(Campaign.id == campaign_id)
        ).one()
