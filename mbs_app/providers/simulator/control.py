"""The simulator's own addresses: its ledger, its faults, people's answers, and what its page shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from mbs_app.domain.carrier_codes import explain
from mbs_app.providers.simulator.carrier import Carrier
from mbs_app.providers.simulator.faults import Faults
from mbs_app.providers.simulator.responses import Json
from mbs_app.providers.simulator.special_addresses import SPECIAL_ADDRESSES
from mbs_app.providers.simulator.special_numbers import SPECIAL_NUMBERS
from mbs_app.providers.simulator.store import Mail, Text

_CONVERSATIONS_SHOWN = 50
_TEXTS_SHOWN = 200
_MAILS_SHOWN = 50


class Control:
    """``reset`` empties everything the parts remember."""

    def __init__(self, carrier: Carrier, reset: Callable[[], None]) -> None:
        self._carrier, self._reset = carrier, reset
        self._config, self._store = carrier.config, carrier.store

    def routes(self) -> list[Route]:
        return [
            Route("/simulator/ready", self.ready),
            Route("/simulator/ledger", self.ledger),
            Route("/simulator/faults", self.faults, methods=["GET", "POST"]),
            Route("/simulator/inbound", self.inbound, methods=["POST"]),
            Route("/simulator/reset", self.reset, methods=["POST"]),
            Route("/simulator/conversations", self.conversations),
            Route("/simulator/conversations/{number}", self.conversation),
            Route("/simulator/mails", self.mails),
            Route("/simulator/mails/ledger", self.mail_ledger),
            Route("/simulator/mails/{mail_id}", self.mail),
            Route("/simulator/special-numbers", self.special_numbers),
        ]

    async def ready(self, request: Request) -> Response:
        return Json({"ready": True, "texts": len(self._store.texts)})

    async def ledger(self, request: Request) -> Response:
        """Every text taken, as JSON lines; with ``?counts=1`` how many each number got."""
        if request.query_params.get("counts"):
            counts = self._store.accepted
            return Json({"accepted": sum(counts.values()), "numbers": counts})
        return StreamingResponse(self._accepted_lines(), media_type="application/x-ndjson")

    async def faults(self, request: Request) -> Response:
        """GET the rates; POST new ones, which replace the old."""
        if request.method == "POST":
            try:
                self._config.faults = Faults.parse(await _json(request))
            except ValueError as error:
                return PlainTextResponse(str(error), 400)
        return Json(dict(self._config.faults.rates))

    async def inbound(self, request: Request) -> Response:
        """A person answers: ``{"from": …, "body": …, "to": …}``; without ``to``, to who wrote last."""
        try:
            given = await _json(request)
            person, body = str(given["from"]), str(given.get("body") or "")
        except (ValueError, KeyError, TypeError, AttributeError):
            return PlainTextResponse('Send {"from": "+1…", "body": "…"} as JSON.', 400)
        sender = str(given.get("to") or self._last_sender(person))
        return Json(await self._carrier.answer(person, sender, body))

    async def reset(self, request: Request) -> Response:
        """Forget all texts and mails, the ledger included."""
        try:
            await _json(request)
        except ValueError as error:
            return PlainTextResponse(str(error), 400)
        self._reset()
        return Json({"ready": True})

    async def conversations(self, request: Request) -> Response:
        """The latest 50, newest first; ``?q=`` keeps numbers that hold these digits."""
        digits = "".join(c for c in request.query_params.get("q", "") if c.isdigit())
        latest = (
            (number, texts)
            for number, texts in reversed(self._store.conversations.items())
            if digits in number
        )
        shown = [
            {"number": number, "last": _text(texts[-1]), "count": len(texts)}
            for number, texts in islice(latest, _CONVERSATIONS_SHOWN)
        ]
        return Json(
            {
                "version": self._store.version,
                "total": len(self._store.conversations),
                "mails": len(self._store.mails),
                "conversations": shown,
            }
        )

    async def conversation(self, request: Request) -> Response:
        number = request.path_params["number"]
        texts = self._store.conversations.get(number, [])
        sender = self._last_sender(number)
        return Json(
            {
                "number": number,
                "sender": sender,
                "opted_out": (number, sender) in self._store.opted_out,
                "earlier": max(0, len(texts) - _TEXTS_SHOWN),
                "texts": [_text(text) for text in texts[-_TEXTS_SHOWN:]],
            }
        )

    async def mails(self, request: Request) -> Response:
        latest = islice(reversed(self._store.mails.values()), _MAILS_SHOWN)
        return Json({"total": len(self._store.mails), "mails": [_mail(mail) for mail in latest]})

    async def mail_ledger(self, request: Request) -> Response:
        """How many mails each idempotency key brought; more than one would be a fault."""
        keys: dict[str, int] = {}
        for mail in self._store.mails.values():
            if mail.key:
                keys[mail.key] = keys.get(mail.key, 0) + 1
        return Json({"accepted": len(self._store.mails), "keys": keys})

    async def mail(self, request: Request) -> Response:
        mail = self._store.mails.get(request.path_params["mail_id"])
        if mail is None:
            return PlainTextResponse("No such mail.", 404)
        return Json({**_mail(mail), "html": mail.html, "text": mail.text, "headers": mail.headers})

    async def special_numbers(self, request: Request) -> Response:
        return Json(
            {
                "numbers": [
                    {"number": special.number, "words": special.words}
                    for special in SPECIAL_NUMBERS.values()
                ],
                "addresses": [
                    {"address": special.address, "words": special.words}
                    for special in SPECIAL_ADDRESSES.values()
                ],
            }
        )

    def _accepted_lines(self) -> Iterator[bytes]:
        # A copy: texts may be taken while this is being read.
        for text in list(self._store.texts.values()):
            if text.direction == "outbound-api":
                yield json.dumps(_ledger_line(text), ensure_ascii=False).encode() + b"\n"

    def _last_sender(self, person: str) -> str:
        for text in reversed(self._store.conversations.get(person, [])):
            return text.to if text.direction == "inbound" else text.from_
        return self._config.from_number


async def _json(request: Request) -> Any:
    # Asking for this content type keeps other sites' pages out: a browser won't send it unasked.
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise ValueError("Send JSON, with the content type application/json.")
    return json.loads(await request.body() or b"{}")


def _text(text: Text) -> dict[str, Any]:
    return {
        "sid": text.sid,
        "direction": "in" if text.direction == "inbound" else "out",
        "automatic": text.direction == "outbound-reply",
        "body": text.body,
        "status": text.status,
        "error_code": text.error_code,
        "reason": explain(text.error_code).words if text.error_code else None,
        "segments": text.segments,
        "at": text.created,
    }


def _ledger_line(text: Text) -> dict[str, Any]:
    return {
        "sid": text.sid,
        "to": text.to,
        "from": text.from_,
        "body": text.body,
        "status": text.status,
        "error_code": text.error_code,
        "status_callback": text.callback,
        "segments": text.segments,
        "accepted_at": text.created,
    }


def _mail(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.mail_id,
        "from": mail.from_,
        "to": mail.to,
        "subject": mail.subject,
        "status": mail.last_event,
        "at": mail.created,
    }
