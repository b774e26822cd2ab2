"""Texts through Twilio's REST API, with the official library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from mbs_app.providers.base import (
    OutgoingText,
    ProviderMessage,
    ProviderUnavailable,
    SendOutcome,
)
from mbs_app.providers.twilio.http import CONNECT_TIMEOUT, READ_TIMEOUT, KeepAliveHttp
from mbs_app.providers.twilio.outcomes import (
    aware,
    outcome_of_answer,
    outcome_of_error,
    whole_number,
)

_LOOK_UP_ERRORS = (aiohttp.ClientError, TimeoutError, OSError, TwilioException, ValueError)
_PAGE_SIZE = 100
_MOST_PAGES = 10


class TwilioTexts:
    """A :class:`~mbs_app.providers.base.TextProvider`.

    ``base_url`` replaces ``https://api.twilio.com`` (the simulator, a test double). Time-outs are in
    seconds. ``connections`` is the most calls under way at once.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        base_url: str | None = None,
        connections: int = 100,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
    ) -> None:
        self._http = KeepAliveHttp(
            base_url=base_url,
            connections=connections,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
        )
        self._client = Client(account_sid, auth_token, http_client=self._http)
        self._send_uri = f"https://api.twilio.com/2010-04-01/Accounts/{account_sid}/Messages.json"

    async def send(self, text: OutgoingText) -> SendOutcome:
        """Hand over one text, once.

        Through the library's request method rather than its message resource: the resource drops the
        answer's headers, and with them how long Twilio asks us to wait.
        """
        data: dict[str, object] = {"To": text.to, "Body": text.body}
        if text.status_callback:
            data["StatusCallback"] = text.status_callback
        if text.from_number:
            data["From"] = text.from_number
        if text.messaging_service_sid:
            data["MessagingServiceSid"] = text.messaging_service_sid
        try:
            answer = await self._client.request_async("POST", self._send_uri, data=data)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return outcome_of_error(error)
        return outcome_of_answer(answer.status_code, answer.text, answer.headers or {})

    async def find(self, to: str, *, since: datetime) -> list[ProviderMessage]:
        """Outgoing texts to this number created at or after ``since``, newest first.

        By number alone, and by date here: Twilio's own date filter looks at the time of sending, which
        a text still in its queue doesn't have.
        """
        since = since.astimezone(UTC).replace(microsecond=0)
        found: list[ProviderMessage] = []
        try:
            page = await self._client.messages.page_async(to=to, page_size=_PAGE_SIZE)
            for _ in range(_MOST_PAGES):
                listed = [_provider_message(one) for one in page if _is_outgoing(one)]
                found += [one for one in listed if one.date_created >= since]
                # The list is ordered by time of sending, not of creation: a day apart is beyond doubt.
                past = listed and max(m.date_created for m in listed) < since - timedelta(days=1)
                following = None if past else await page.next_page_async()
                if following is None:
                    break
                page = following
        except _LOOK_UP_ERRORS as error:
            raise ProviderUnavailable(f"Twilio’s list can’t be read: {error}") from error
        return sorted(found, key=lambda message: message.date_created, reverse=True)

    async def fetch(self, provider_id: str) -> ProviderMessage | None:
        """One text by its SID, None where Twilio doesn't know it."""
        try:
            return _provider_message(await self._client.messages(provider_id).fetch_async())
        except TwilioRestException as error:
            if error.status == 404:
                return None
            raise ProviderUnavailable(f"Twilio can’t be asked: {error.msg}") from error
        except _LOOK_UP_ERRORS as error:
            raise ProviderUnavailable(f"Twilio can’t be asked: {error}") from error

    async def aclose(self) -> None:
        await self._http.aclose()


def _is_outgoing(instance: MessageInstance) -> bool:
    return instance.direction != MessageInstance.Direction.INBOUND


def _provider_message(instance: MessageInstance) -> ProviderMessage:
    created = aware(instance.date_created)
    if not instance.sid or created is None:
        raise ValueError("a message without a SID or a date")
    return ProviderMessage(
        provider_id=instance.sid,
        to=instance.to or "",
        from_=instance.from_ or None,
        body=instance.body or "",
        status=str(instance.status or ""),
        error_code=whole_number(instance.error_code),
        date_created=created,
        date_sent=aware(instance.date_sent),
        segments=whole_number(instance.num_segments) or None,
    )
