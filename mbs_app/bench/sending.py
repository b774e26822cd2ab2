"""Texts a second through claim, HTTP and settle, beside what the bare HTTP client does in the same run."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlencode

import aiohttp

from mbs_app.bench import scene
from mbs_app.delivery.pace import Pace
from mbs_app.models import new_id
from mbs_app.providers import factory
from mbs_app.providers.simulator import credentials
from mbs_app.providers.simulator.server import start_process
from mbs_app.worker import Worker

CONCURRENCY = 64
_CALLBACK = "http://127.0.0.1:9/webhooks/twilio/status"


def run(
    texts: int = 3000, *, database_url: str | None = None, latency: float = 0.0
) -> dict[str, float]:
    """Measure and print. ``latency`` is the simulator's, in seconds.

    The bare client runs before and after, since the machine may change its mind in between. Returns
    texts a second as ``bare`` and ``durable``, and ``ratio``.
    """
    # Receipts come long after the run, so that only sending is measured.
    environment = credentials.environment_of(scene.read())
    simulator = start_process(
        "--latency", str(latency), "--receipt-scale", "100000", environment=environment
    )
    try:
        with scene.fresh_database(database_url) as url:
            before = asyncio.run(_bare(simulator.url, texts))
            durable = _durable(simulator.url, url, texts)
            after = asyncio.run(_bare(simulator.url, texts))
    finally:
        simulator.stop()
    bare = (before + after) / 2
    kind = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    print(
        f"Sending, {kind}, provider answers in {latency * 1000:.0f} ms: {durable:,.0f} texts/s through "
        f"claim, HTTP and settle; bare HTTP client {bare:,.0f}/s ({before:,.0f} before, {after:,.0f} "
        f"after); ratio {durable / bare:.2f}"
    )
    return {"bare": bare, "durable": durable, "ratio": durable / bare}


async def _bare(url: str, texts: int) -> float:
    """The same forms to the same address, with nothing kept."""
    address = f"{url}/2010-04-01/Accounts/{credentials.ACCOUNT_SID}/Messages.json"
    authorization = aiohttp.encode_basic_auth(
        credentials.ACCOUNT_SID, credentials.auth_token_of(scene.read())
    )
    headers = {
        "Authorization": authorization,
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    waiting = iter(range(texts))
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONCURRENCY), cookie_jar=aiohttp.DummyCookieJar()
    ) as session:

        async def client() -> None:
            for nth in waiting:
                form = {
                    "To": scene.number(5_000_000 + nth),
                    "Body": f"Hi Ann{nth}, the fall sale starts at nine. Reply STOP to opt out.",
                    "StatusCallback": f"{_CALLBACK}?m={new_id()}",
                    "From": credentials.FROM_NUMBER,
                }
                async with session.post(
                    address, data=urlencode(form).encode(), headers=headers
                ) as answer:
                    await answer.read()

        began = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(CONCURRENCY)))
        return texts / (time.perf_counter() - began)


def _durable(simulator_url: str, database_url: str, texts: int) -> float:
    settings = scene.read(
        database_url=database_url,
        twilio_api_base_url=simulator_url,
        public_base_url="http://127.0.0.1:9",
    )
    campaign = scene.make_campaign(settings, texts)
    provider = factory.text_provider(settings)
    worker = Worker(settings, provider, pace=Pace(concurrency=CONCURRENCY))
    began = time.perf_counter()
    thread = worker.start_in_thread()
    while scene.counts(campaign).status != "sent":
        time.sleep(0.05)
    took = time.perf_counter() - began
    worker.stop()
    thread.join(30)
    return texts / took
