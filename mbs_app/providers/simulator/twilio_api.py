"""Twilio's messages API, version 2010-04-01: create, fetch and list.

Fields, orders and error bodies follow https://www.twilio.com/docs/messaging/api/message-resource.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mbs_app.providers.simulator.carrier import API_VERSION, Carrier
from mbs_app.providers.simulator.chance import latency_of
from mbs_app.providers.simulator.faults import RequestFault
from mbs_app.providers.simulator.responses import Hanging, Json, Reset, Slow, garbled
from mbs_app.providers.simulator.special_numbers import REFUSED_SENDERS, SPECIAL_NUMBERS
from mbs_app.providers.simulator.store import Text
from mbs_app.providers.simulator.twilio_errors import twilio_error

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_SENDER = re.compile(r"\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z0-9 ]{1,11}")
_SERVICE = re.compile(r"MG[0-9a-f]{32}")
_LONGEST_BODY = 1600
_PRICE = "-0.00790"


class TwilioApi:
    """The three requests the product makes."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._config = carrier.config
        self._store = carrier.store
        login = f"{self._config.account_sid}:{self._config.auth_token}"
        self._authorization = base64.b64encode(login.encode())
        self._base = f"/{API_VERSION}/Accounts/{self._config.account_sid}/Messages"
        self._refused_once: set[tuple[str, str, str]] = set()

    def routes(self) -> list[Route]:
        root = f"/{API_VERSION}/Accounts/{{account}}/Messages"
        return [
            Route(f"{root}.json", self.create, methods=["POST"]),
            Route(f"{root}.json", self.listing, methods=["GET"]),
            Route(f"{root}/{{sid}}.json", self.fetch, methods=["GET"]),
        ]

    def forget(self) -> None:
        self._refused_once.clear()

    async def create(self, request: Request) -> Response:
        if (refused := self._unauthorized(request)) is not None:
            return refused
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), True))
        to, body = form.get("To", "").strip(), form.get("Body", "")
        attempt = self._store.next_request(to)
        pause = latency_of(self._config.seed, to, attempt, self._config.latency)
        if pause:
            await asyncio.sleep(pause)
        fault = self._fault(to, body, form.get("StatusCallback", ""), attempt)
        if fault is RequestFault.TOO_MANY:
            return twilio_error(20429, Retry_After="1")
        if fault is RequestFault.ERROR_BEFORE:
            return twilio_error(20500)
        if fault is RequestFault.RESET_BEFORE:
            return Reset()
        if (refused := self._invalid(form, to, body)) is not None:
            return refused
        text = self._carrier.take(
            to,
            form.get("From") or self._config.from_number,
            body,
            service_sid=form.get("MessagingServiceSid") or None,
            callback=form.get("StatusCallback", ""),
            fault=fault,
        )
        return self._answer(text, fault)

    async def fetch(self, request: Request) -> Response:
        if (refused := self._unauthorized(request)) is not None:
            return refused
        text = self._store.texts.get(request.path_params["sid"])
        return Json(self._resource(text)) if text else twilio_error(20404, request.url.path)

    async def listing(self, request: Request) -> Response:
        if (refused := self._unauthorized(request)) is not None:
            return refused
        query = dict(request.query_params)
        size = min(max(_number(query.get("PageSize"), 50), 1), 1000)
        page = max(_number(query.get("Page"), 0), 0)
        matching = self._matching(query)
        token = query.get("PageToken", "")
        start = 0
        if token:  # the token names the last text of the page before, so new texts shift nothing
            last = token.removeprefix("PA")
            start = next((n + 1 for n, text in enumerate(matching) if text.sid == last), 0)
        shown = matching[start : start + size]
        more = len(matching) > start + size
        own = {name: query[name] for name in query if name not in ("Page", "PageToken")}
        own["PageSize"] = str(size)

        def uri(number: int, after: str = "") -> str:
            extra = {"Page": str(number)} | ({"PageToken": "PA" + after} if after else {})
            return f"{self._base}.json?{urlencode(own | extra)}"

        return Json(
            {
                "first_page_uri": uri(0),
                "end": start + len(shown) - 1 if shown else 0,
                "previous_page_uri": None,
                "messages": [self._resource(text) for text in shown],
                "uri": uri(page),
                "page_size": size,
                "start": start,
                "next_page_uri": uri(page + 1, shown[-1].sid) if more else None,
                "page": page,
            }
        )

    def _unauthorized(self, request: Request) -> Response | None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic" or not hmac.compare_digest(
            given.strip().encode(), self._authorization
        ):
            return twilio_error(20003)
        if request.path_params["account"] != self._config.account_sid:
            return twilio_error(20404, request.url.path)
        return None

    def _fault(self, to: str, body: str, callback: str, attempt: int) -> RequestFault | None:
        special = SPECIAL_NUMBERS.get(to)
        if special is None:
            return self._config.faults.for_request(self._config.seed, to, attempt)
        if special.once:
            this = (to, body, callback)
            if this in self._refused_once:
                return None
            self._refused_once.add(this)
        return special.fault

    def _invalid(self, form: dict[str, str], to: str, body: str) -> Response | None:
        from_, service = form.get("From", ""), form.get("MessagingServiceSid", "")
        special = SPECIAL_NUMBERS.get(to)
        if not to:
            return twilio_error(21604)
        if not from_ and not service:
            return twilio_error(21603)
        if service and not _SERVICE.fullmatch(service):
            return twilio_error(21705, service)
        if from_ and not _SENDER.fullmatch(from_):
            return twilio_error(21212, from_)
        if from_ in REFUSED_SENDERS:
            return twilio_error(REFUSED_SENDERS[from_], from_)
        if not body.strip() and not form.get("MediaUrl"):
            return twilio_error(21602)
        if len(body) > _LONGEST_BODY:
            return twilio_error(21617)
        callback = form.get("StatusCallback", "")
        if callback and not callback.startswith(("http://", "https://")):
            return twilio_error(21609, callback)
        if not _NUMBER.fullmatch(to):
            return twilio_error(21211, to)
        if special and special.refusal:
            return twilio_error(special.refusal, to)
        if (to, from_ or self._config.from_number) in self._store.opted_out:
            return twilio_error(21610)
        return None

    def _answer(self, text: Text, fault: RequestFault | None) -> Response:
        if fault is RequestFault.ERROR_AFTER:
            return twilio_error(20500)
        if fault is RequestFault.TIMEOUT_AFTER:
            return Hanging(self._config.hang_seconds)
        if fault is RequestFault.RESET:
            return Reset()
        if fault is RequestFault.SLOW_BODY:
            return Slow(self._resource(text), 201, self._config.slow_seconds)
        if fault is RequestFault.MALFORMED_BODY:
            return garbled(self._resource(text), 201)
        return Json(self._resource(text), 201)

    def _matching(self, query: dict[str, str]) -> list[Text]:
        """Newest first. By the person's number at once, the rest by looking."""
        to, from_ = query.get("To"), query.get("From")
        if to is not None:
            texts = [t for t in self._store.conversations.get(to, []) if t.to == to]
        elif from_ is not None and from_ in self._store.conversations:
            texts = [t for t in self._store.conversations[from_] if t.from_ == from_]
        else:
            texts = list(self._store.texts.values())
        if to is not None and not texts:
            texts = [t for t in self._store.texts.values() if t.to == to]
        if from_ is not None:
            texts = [text for text in texts if text.from_ == from_]
        after, before = _date(query.get("DateSent>")), _date(query.get("DateSent<"), end=True)
        if after is not None:
            texts = [text for text in texts if _sent_at(text) >= after]
        if before is not None:
            texts = [text for text in texts if _sent_at(text) <= before]
        if (day := query.get("DateSent")) is not None:
            first, last = _date(day[:10]), _date(day[:10], end=True)
            if first is not None and last is not None:
                texts = [text for text in texts if first <= _sent_at(text) <= last]
        texts.reverse()
        return texts

    def _resource(self, text: Text) -> dict[str, object]:
        uri = f"{self._base}/{text.sid}"
        priced = text.sent is not None and text.direction != "inbound"
        return {
            "body": text.body,
            "num_segments": "0" if text.status == "accepted" else str(text.segments),
            "direction": text.direction,
            "from": text.from_ if text.status != "accepted" else None,
            "date_updated": _rfc2822(int(text.updated)),
            "price": _PRICE if priced else None,
            "error_message": None,
            "uri": f"{uri}.json",
            "account_sid": self._config.account_sid,
            "num_media": "0",
            "to": text.to,
            "date_created": _rfc2822(int(text.created)),
            "status": text.status,
            "sid": text.sid,
            "date_sent": _rfc2822(int(text.sent)) if text.sent is not None else None,
            "messaging_service_sid": text.service_sid,
            "error_code": text.error_code,
            "price_unit": "USD" if priced else None,
            "api_version": API_VERSION,
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }


def _sent_at(text: Text) -> float:
    return text.sent if text.sent is not None else text.created


def _number(given: str | None, otherwise: int) -> int:
    return int(given) if given and given.isascii() and given.isdigit() else otherwise


def _date(given: str | None, *, end: bool = False) -> float | None:
    """Seconds since the epoch, from a date or a time in ISO 8601; ``end`` takes a date's last second."""
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp() + (86_399 if end and len(given) == 10 else 0)


@lru_cache(maxsize=1024)
def _rfc2822(second: int) -> str:
    return format_datetime(datetime.fromtimestamp(second, UTC))
