"""Short ways to talk to a simulator with the product's own clients."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import uuid4

import requests

from mbs_app.providers.base import OutgoingText, SendOutcome
from mbs_app.providers.simulator import credentials
from mbs_app.providers.simulator.server import ThreadedSimulator
from mbs_app.providers.twilio import TwilioTexts

ANN = "+15125550101"
BEN = "+15125550102"
Simulate = Callable[..., ThreadedSimulator]
Result = TypeVar("Result")


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread of its own: a browser test keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def a_text(
    to: str = ANN, body: str = "Hello", callback: str = "", **changes: object
) -> OutgoingText:
    given: dict[str, object] = {
        "message_id": uuid4(),
        "to": to,
        "body": body,
        "from_number": credentials.FROM_NUMBER,
        "messaging_service_sid": None,
        "status_callback": callback,
    }
    return OutgoingText(**{**given, **changes})


def with_twilio(
    url: str, do: Callable[[TwilioTexts], Awaitable[Result]], read_timeout: float = 0.5
) -> Result:
    """Run ``do`` with a client of this simulator, on a loop of its own."""

    async def main() -> Result:
        texts = TwilioTexts(
            credentials.ACCOUNT_SID,
            credentials.AUTH_TOKEN,
            base_url=url,
            read_timeout=read_timeout,
        )
        try:
            return await do(texts)
        finally:
            await texts.aclose()

    return run(main())


def send(url: str, text: OutgoingText) -> SendOutcome:
    return with_twilio(url, lambda texts: texts.send(text))


def counts(url: str) -> dict[str, int]:
    """How many texts each number got, by the simulator's ledger."""
    numbers: dict[str, int] = requests.get(f"{url}/simulator/ledger?counts=1", timeout=5).json()[
        "numbers"
    ]
    return numbers
