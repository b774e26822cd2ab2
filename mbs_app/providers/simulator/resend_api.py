"""Resend's API: send one mail, a batch, fetch one; idempotency keys, rate limit, signed webhooks.

Source: https://resend.com/docs/api-reference.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from hashlib import sha256
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mbs_app.providers.simulator.agenda import Agenda
from mbs_app.providers.simulator.callbacks import Call, Caller
from mbs_app.providers.simulator.chance import latency_of
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.faults import MailFault
from mbs_app.providers.simulator.ledger import Ledger
from mbs_app.providers.simulator.responses import Json
from mbs_app.providers.simulator.special_numbers import SPECIAL_ADDRESSES
from mbs_app.providers.simulator.store import Mail, Store
from mbs_app.providers.simulator.svix import svix_headers

_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")
_KEY_KEPT = 24 * 3600.0
_MOST_IN_BATCH = 100
_MOST_RECIPIENTS = 50


class _Refused(Exception):
    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.status, self.name, self.message = status, name, message


@dataclass(slots=True)
class _Remembered:
    digest: bytes
    answer: Any
    at: float


class ResendApi:
    """The requests the product makes, and the webhooks it gets."""

    def __init__(
        self,
        config: SimulatorConfig,
        store: Store,
        ledger: Ledger,
        agenda: Agenda,
        caller: Caller,
    ) -> None:
        self._config, self._store, self._ledger = config, store, ledger
        self._agenda, self._caller = agenda, caller
        self._keys: dict[str, _Remembered] = {}
        self._second, self._used = 0, 0

    def routes(self) -> list[Route]:
        return [
            Route("/emails", self.send, methods=["POST"]),
            Route("/emails/batch", self.send_batch, methods=["POST"]),
            Route("/emails/{mail_id}", self.fetch, methods=["GET"]),
        ]

    def forget(self) -> None:
        self._keys.clear()

    async def send(self, request: Request) -> Response:
        return await self._idempotently(request, self._take_one)

    async def send_batch(self, request: Request) -> Response:
        return await self._idempotently(request, self._take_batch)

    async def fetch(self, request: Request) -> Response:
        try:
            self._authorize(request)
        except _Refused as refused:
            return self._refusal(refused)
        mail = self._store.mails.get(request.path_params["mail_id"])
        if mail is None:
            return self._refusal(_Refused(404, "not_found", "Email not found"))
        return Json(_resource(mail), headers=self._limits())

    async def _idempotently(self, request: Request, take: Any) -> Response:
        raw = await request.body()
        try:
            self._authorize(request)
            self._count()
            key = request.headers.get("idempotency-key")
            if key is not None and not 1 <= len(key) <= 256:
                raise _Refused(
                    400,
                    "invalid_idempotency_key",
                    "The key must be between 1-256 chars.",
                )
            given = _parsed(raw)
            fault = self._fault(given)
            if fault is MailFault.ERROR_BEFORE:
                raise _Refused(500, "application_error", "An unexpected error occurred.")
            answer = self._known(key, request.url.path, raw) if key else None
            if answer is None:
                answer = take(given)
                if key:
                    digest = sha256(request.url.path.encode() + raw).digest()
                    self._keys[key] = _Remembered(digest, answer, time.monotonic())
            if fault is MailFault.ERROR_AFTER:
                raise _Refused(500, "application_error", "An unexpected error occurred.")
        except _Refused as refused:
            return self._refusal(refused)
        pause = latency_of(self._config.seed, str(answer), 0, self._config.latency)
        if pause:
            await asyncio.sleep(pause)
        return Json(answer, headers=self._limits())

    def _authorize(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise _Refused(401, "missing_api_key", "Missing API Key")
        if not hmac.compare_digest(key.encode(), self._config.resend_api_key.encode()):
            raise _Refused(401, "invalid_api_key", "API key is invalid")

    def _count(self) -> None:
        """One request against this second's limit."""
        now = int(time.time())
        if now != self._second:
            self._second, self._used = now, 0
        self._used += 1
        limit = self._config.mails_per_second
        if limit and self._used > limit:
            raise _Refused(
                429,
                "rate_limit_exceeded",
                f"Too many requests. You can only make {limit} requests per second.",
            )

    def _fault(self, given: Any) -> MailFault | None:
        to = str(given.get("to")) if isinstance(given, dict) else "batch"
        attempt = self._store.next_request(f"mail:{to}")
        fault = self._config.faults.for_mail(self._config.seed, to, attempt)
        if fault is MailFault.TOO_MANY:
            raise _Refused(429, "rate_limit_exceeded", "Too many requests.")
        return fault

    def _known(self, key: str, path: str, raw: bytes) -> Any:
        known = self._keys.get(key)
        if known is None or time.monotonic() - known.at > _KEY_KEPT:
            return None
        if known.digest != sha256(path.encode() + raw).digest():
            raise _Refused(
                409,
                "invalid_idempotent_request",
                "This idempotency key has been used on a request that's different from this one.",
            )
        return known.answer

    def _take_batch(self, given: Any) -> dict[str, Any]:
        if not isinstance(given, list) or not 1 <= len(given) <= _MOST_IN_BATCH:
            raise _Refused(422, "validation_error", "A batch is a list of 1 to 100 emails.")
        for one in given:
            _checked(one)
        return {"data": [self._take_one(one) for one in given]}

    def _take_one(self, given: Any) -> dict[str, Any]:
        to = _checked(given)
        mail = Mail(
            mail_id=str(uuid4()),
            from_=given["from"],
            to=to,
            subject=given["subject"],
            html=given.get("html") or "",
            text=given.get("text") or "",
            headers={str(k): str(v) for k, v in (given.get("headers") or {}).items()},
            created=time.time(),
        )
        self._store.add_mail(mail)
        self._ledger.mail(mail)
        events = SPECIAL_ADDRESSES.get(_plain(to[0]), ("email.sent", "email.delivered"))
        for number, event in enumerate(events):
            after = (0.2 + 0.8 * number) * self._config.receipt_scale
            self._agenda.after(after, self._happens, mail, event)
        return {"id": mail.mail_id}

    def _happens(self, mail: Mail, event: str) -> None:
        mail.last_event = event.removeprefix("email.")
        self._store.version += 1
        if self._config.mail_webhook_url is None:
            return
        payload = json.dumps(_event(mail, event), ensure_ascii=False).encode()
        headers = svix_headers(
            self._config.resend_webhook_secret, f"msg_{uuid4().hex[:27]}", payload
        )
        headers |= {"Content-Type": "application/json", "User-Agent": "Svix-Webhooks/1.24.0"}
        self._caller.post(
            Call(self._config.mail_webhook_url, payload, headers, retry_on_status=True)
        )

    def _limits(self) -> dict[str, str]:
        limit = self._config.mails_per_second
        if not limit:
            return {}
        left = max(0, limit - self._used)
        return {
            "ratelimit-limit": str(limit),
            "ratelimit-remaining": str(left),
            "ratelimit-reset": "1",
        }

    def _refusal(self, refused: _Refused) -> Response:
        headers = self._limits()
        if refused.status == 429:
            headers["retry-after"] = "1"
        body = {"statusCode": refused.status, "message": refused.message, "name": refused.name}
        return Json(body, refused.status, headers=headers)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise _Refused(400, "validation_error", "The request body is not valid JSON.") from None


def _checked(given: Any) -> list[str]:
    """The recipients of a mail that can be taken."""
    if not isinstance(given, dict):
        raise _Refused(422, "validation_error", "An email is an object.")
    for name in ("from", "to", "subject"):
        if not given.get(name):
            raise _Refused(422, "missing_required_field", f"Missing `{name}` field.")
    if not given.get("html") and not given.get("text"):
        raise _Refused(422, "missing_required_field", "Missing `html` or `text` field.")
    if not _ADDRESS.fullmatch(_plain(given["from"])):
        raise _Refused(422, "invalid_from_address", "Invalid `from` field.")
    to = given["to"] if isinstance(given["to"], list) else [given["to"]]
    if len(to) > _MOST_RECIPIENTS or not all(_ADDRESS.fullmatch(_plain(one)) for one in to):
        raise _Refused(
            422,
            "validation_error",
            "Invalid `to` field. The email address needs to follow the `email@example.com` or "
            "`Name <email@example.com>` format.",
        )
    return [str(one) for one in to]


def _plain(address: object) -> str:
    return parseaddr(str(address))[1].lower()


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _event(mail: Mail, event: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "email_id": mail.mail_id,
        "created_at": _iso(mail.created),
        "from": mail.from_,
        "to": mail.to,
        "subject": mail.subject,
    }
    if event == "email.bounced":
        data["bounce"] = {
            "message": "The recipient's email address doesn't exist.",
            "subType": "General",
            "type": "Permanent",
        }
    return {"type": event, "created_at": _iso(time.time()), "data": data}


def _resource(mail: Mail) -> dict[str, Any]:
    return {
        "object": "email",
        "id": mail.mail_id,
        "to": mail.to,
        "from": mail.from_,
        "created_at": _iso(mail.created),
        "subject": mail.subject,
        "html": mail.html or None,
        "text": mail.text or None,
        "bcc": [],
        "cc": [],
        "reply_to": [],
        "last_event": mail.last_event,
    }
