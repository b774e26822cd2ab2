"""Mails through Resend's API, with the official library."""

from __future__ import annotations

import json
from email.utils import parseaddr

import aiohttp
import resend
from resend.exceptions import ResendError

from mbs_app.providers.base import (
    MailAccepted,
    MailNotAnswered,
    MailOutcome,
    MailRejected,
    MailSenderRefused,
    MailTakenBefore,
    OutgoingMail,
    ProviderUnavailable,
)
from mbs_app.providers.resend.http import CONNECT_TIMEOUT, READ_TIMEOUT, KeepAliveHttp

API_URL = "https://api.resend.com"

_SENDER_ERRORS = {
    "missing_api_key": "Resend got no API key. Set RESEND_API_KEY.",
    "invalid_api_key": "Resend refused the API key. Make a new one in its dashboard and set RESEND_API_KEY.",
    "restricted_api_key": "This Resend key may only send. Use one that fits, or give it more rights.",
    "invalid_from_address": "The sender isn’t an address Resend accepts. Correct RESEND_FROM_EMAIL.",
    "validation_error_from": "The sender’s domain isn’t verified. Verify it in Resend’s dashboard.",
    "daily_quota_exceeded": "Resend’s daily quota is used up. Raise the plan, or wait until tomorrow.",
    "monthly_quota_exceeded": "Resend’s monthly quota is used up. Raise the plan in its dashboard.",
    "invalid_access": "Resend doesn’t allow this account to send. See its dashboard.",
    "security_error": "Resend stopped this account for its safety. See its dashboard.",
}
_UNKNOWN_SENDER_ERROR = "Resend refused the request. Check RESEND_API_KEY and RESEND_FROM_EMAIL."


class ResendMails:
    """A :class:`~mbs_app.providers.base.MailProvider`. ``sender`` is the From of every mail."""

    def __init__(
        self,
        api_key: str,
        sender: str,
        *,
        base_url: str | None = None,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
    ) -> None:
        self._sender = sender
        self._http = KeepAliveHttp(
            api_key,
            base_url=base_url or API_URL,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
        )

    async def send(self, mail: OutgoingMail) -> MailOutcome:
        """Hand over one mail. A repeat within 24 hours with the same key and content sends nothing new."""
        params: resend.Emails.SendParams = {
            "from": self._sender,
            "to": [mail.to],
            "subject": mail.subject,
            "html": mail.html,
            "text": mail.text,
        }
        if mail.headers:
            params["headers"] = dict(mail.headers)
        if mail.tags:
            params["tags"] = [
                {"name": name, "value": mail.tags[name]} for name in sorted(mail.tags)
            ]
        options: resend.Emails.SendOptions = {"idempotency_key": mail.idempotency_key}
        try:
            answer = await self._through_library(params, options)
        except ResendError as error:
            return outcome_of_error(error)
        provider_id = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(provider_id, str) or not provider_id:
            return MailNotAnswered(None, "Resend’s answer held no id.")
        return MailAccepted(provider_id)

    async def why_not(self) -> str:
        """What keeps mails from leaving, in words, by key and domain; empty for nothing.

        A key that may only send can't look at domains; that it is refused for that says that it is a good one.
        Raises ProviderUnavailable.
        """
        try:
            body, status, _ = await self._http.request("GET", "/domains", {})
            answer = json.loads(body)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise ProviderUnavailable("Resend doesn’t answer.") from error
        name = answer.get("name", "") if isinstance(answer, dict) else ""
        if name == "restricted_api_key":
            return ""
        if status == 429 or status >= 500:
            raise ProviderUnavailable("Resend is too busy to be asked.")
        if status != 200:
            return _SENDER_ERRORS.get(name, _UNKNOWN_SENDER_ERROR)
        wanted = parseaddr(self._sender)[1].rpartition("@")[2].lower()
        listed = answer.get("data") or []
        verified = {str(one.get("name")) for one in listed if one.get("status") == "verified"}
        return "" if wanted in verified else _SENDER_ERRORS["validation_error_from"]

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _through_library(
        self, params: resend.Emails.SendParams, options: resend.Emails.SendOptions
    ) -> object:
        # The library reads these module variables before its first await, so no other coroutine of
        # this loop can come between. Address and key are put on by our client.
        resend.default_async_http_client = self._http
        resend.api_url = ""
        return await resend.Emails.send_async(params, options)


def outcome_of_error(error: ResendError) -> MailOutcome:
    """What an error of the library means for this mail. Its ``code`` is the HTTP status."""
    status, name = int(error.code), error.error_type
    if name in ("daily_quota_exceeded", "monthly_quota_exceeded"):
        return MailSenderRefused(name, error.message, _SENDER_ERRORS[name])
    if status == 429 or status == 408 or status >= 500 or name == "concurrent_idempotent_requests":
        return MailNotAnswered(_retry_after(error), error.message or name)
    if name == "invalid_idempotent_request":
        return MailTakenBefore()
    if name == "validation_error" and "domain" in error.message and "verif" in error.message:
        name = "validation_error_from"
    if name in _SENDER_ERRORS or status in (401, 403) or status < 400:
        words = _SENDER_ERRORS.get(name, _UNKNOWN_SENDER_ERROR)
        return MailSenderRefused(name, error.message, words)
    return MailRejected(name, error.message, "The mail service refused this mail.")


def _retry_after(error: ResendError) -> float | None:
    given = error.headers.get("retry-after") or error.headers.get("ratelimit-reset") or ""
    try:
        return max(0.0, float(given))
    except ValueError:
        return None
