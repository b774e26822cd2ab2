"""Resend's API: send one mail, a batch, fetch one; idempotency keys and rate limit.

Source: https://resend.com/docs/api-reference.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import time
from collections.abc import Callable
from email.utils import parseaddr
from hashlib import sha256
from typing import Any
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mbs_app.providers.simulator import credentials
from mbs_app.providers.simulator.chance import latency_of
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.faults import MailFault
from mbs_app.providers.simulator.post_office import PostOffice, iso
from mbs_app.providers.simulator.responses import Hanging, Json, Reset
from mbs_app.providers.simulator.special_addresses import fate_of
from mbs_app.providers.simulator.store import Answered, Mail, Store

_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_KEY_KEPT = 24 * 3600.0
_LONGEST_KEY = 256
_MOST_IN_BATCH = 100
_MOST_RECIPIENTS = 50


Reader = Callable[[Any, str], tuple[list[Mail], dict[str, Any]]]
"""Reads a request's body, with its key, into mails and the answer that tells of them."""


class _Refused(Exception):
    def __init__(self, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.status, self.name, self.message = status, name, message


class ResendApi:
    """The requests the product makes."""

    def __init__(self, config: SimulatorConfig, store: Store, post_office: PostOffice) -> None:
        self._config, self._store, self._post_office = config, store, post_office
        self._under_way: set[str] = set()
        self._second, self._used = 0, 0

    def routes(self) -> list[Route]:
        return [
            Route("/emails", self.send, methods=["POST"]),
            Route("/emails/batch", self.send_batch, methods=["POST"]),
            Route("/emails/{mail_id}", self.fetch, methods=["GET"]),
            Route("/domains", self.domains, methods=["GET"]),
        ]

    async def send(self, request: Request) -> Response:
        return await self._idempotently(request, _one)

    async def send_batch(self, request: Request) -> Response:
        return await self._idempotently(request, _batch)

    async def fetch(self, request: Request) -> Response:
        try:
            self._authorize(request)
        except _Refused as refused:
            return self._refusal(refused)
        mail = self._store.mails.get(request.path_params["mail_id"])
        if mail is None:
            return self._refusal(_Refused(404, "not_found", "Email not found"))
        return Json(_resource(mail), headers=self._limits())

    async def domains(self, request: Request) -> Response:
        """The one domain this account may send from."""
        try:
            self._authorize(request)
        except _Refused as refused:
            return self._refusal(refused)
        domain = parseaddr(credentials.MAIL_FROM)[1].rpartition("@")[2]
        listed = {"id": "d1", "name": domain, "status": "verified", "region": "us-east-1"}
        return Json({"object": "list", "has_more": False, "data": [listed]})

    async def _idempotently(self, request: Request, read: Reader) -> Response:
        raw = await request.body()
        key = request.headers.get("idempotency-key")
        began = False
        try:
            self._authorize(request)
            self._count()
            if key is not None:
                self._begin(key)
                began = True
            given = _parsed(raw)
            fault = self._fault(given)
            if fault is MailFault.ERROR_BEFORE:
                raise _Refused(500, "application_error", "An unexpected error occurred.")
            if fault is MailFault.RESET_BEFORE:
                return Reset()
            answer = self._taken(key, request.url.path, raw, read, given)
            pause = latency_of(self._config.seed, str(answer), 0, self._config.latency)
            if pause:
                await asyncio.sleep(pause)
            return self._answer(answer, fault)
        except _Refused as refused:
            return self._refusal(refused)
        finally:
            if began and key is not None:
                self._under_way.discard(key)

    def _begin(self, key: str) -> None:
        if not 1 <= len(key) <= _LONGEST_KEY:
            raise _Refused(400, "invalid_idempotency_key", "The key must be between 1-256 chars.")
        if key in self._under_way:
            raise _Refused(
                409,
                "concurrent_idempotent_requests",
                "A request with this idempotency key is already in progress.",
            )
        self._under_way.add(key)

    def _taken(self, key: str | None, path: str, raw: bytes, read: Reader, given: Any) -> Any:
        """The answer: the one of the first time, or that to mails taken just now."""
        digest = sha256(path.encode() + raw).hexdigest()
        if key is not None and (answer := self._known(key, digest)) is not None:
            return answer
        mails, answer = read(given, key or "")
        answered = Answered(key, digest, answer, time.time()) if key is not None else None
        self._post_office.take(mails, answered)
        return answer

    def _answer(self, answer: Any, fault: MailFault | None) -> Response:
        if fault is MailFault.ERROR_AFTER:
            raise _Refused(500, "application_error", "An unexpected error occurred.")
        if fault is MailFault.TIMEOUT_AFTER:
            return Hanging(self._config.hang_seconds)
        if fault is MailFault.RESET:
            return Reset()
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

    def _known(self, key: str, digest: str) -> dict[str, Any] | None:
        known = self._store.answered.get(key)
        if known is None or time.time() - known.at > _KEY_KEPT:
            return None
        if known.digest != digest:
            raise _Refused(
                409,
                "invalid_idempotent_request",
                "This idempotency key has been used on a request that's different from this one.",
            )
        return known.answer

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


def _one(given: Any, key: str) -> tuple[list[Mail], dict[str, Any]]:
    mail = _mail(given, key)
    return [mail], {"id": mail.mail_id}


def _batch(given: Any, key: str) -> tuple[list[Mail], dict[str, Any]]:
    if not isinstance(given, list) or not 1 <= len(given) <= _MOST_IN_BATCH:
        raise _Refused(422, "validation_error", "A batch is a list of 1 to 100 emails.")
    mails = [_mail(one, key) for one in given]
    return mails, {"data": [{"id": mail.mail_id} for mail in mails]}


def _mail(given: Any, key: str) -> Mail:
    to = _checked(given)
    return Mail(
        mail_id=str(uuid4()),
        from_=given["from"],
        to=to,
        subject=given["subject"],
        html=given.get("html") or "",
        text=given.get("text") or "",
        headers={str(k): str(v) for k, v in (given.get("headers") or {}).items()},
        tags={str(tag["name"]): str(tag["value"]) for tag in given.get("tags") or []},
        created=time.time(),
        key=key,
    )


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
    for tag in given.get("tags") or []:
        if not all(_TAG.fullmatch(str(tag.get(part, ""))) for part in ("name", "value")):
            raise _Refused(
                422,
                "validation_error",
                "Tags should only contain ASCII letters, numbers, underscores, or dashes.",
            )
    if refusal := fate_of(str(to[0])).refusal:
        raise _Refused(422, "validation_error", refusal)
    return [str(one) for one in to]


def _plain(address: object) -> str:
    return parseaddr(str(address))[1].lower()


def _resource(mail: Mail) -> dict[str, Any]:
    return {
        "object": "email",
        "id": mail.mail_id,
        "to": mail.to,
        "from": mail.from_,
        "created_at": iso(mail.created),
        "subject": mail.subject,
        "html": mail.html or None,
        "text": mail.text or None,
        "bcc": [],
        "cc": [],
        "reply_to": [],
        "last_event": mail.last_event,
    }
