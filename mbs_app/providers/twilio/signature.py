"""Twilio's webhook signature: is a request from Twilio, for the address it was sent to?

Rules: https://www.twilio.com/docs/usage/security#validating-requests. Verified by the official library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

SIGNATURE_HEADER = "X-Twilio-Signature"
_MOST_FIELDS = 500


class Form(Mapping[str, str]):
    """A form as it was posted: every field, blank ones and repeated ones too.

    As a mapping it gives the first value of each field; ``getlist`` gives all, as the library wants.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    @classmethod
    def parse(cls, body: bytes) -> Form:
        """Raises ValueError for more than 500 fields."""
        return cls(cls.pairs(body))

    @staticmethod
    def pairs(body: bytes) -> list[tuple[str, str]]:
        """As :meth:`parse`, field by field."""
        text = body.decode("utf-8", "replace")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)

    def getlist(self, name: str) -> list[str]:
        return self._values[name]

    def __getitem__(self, name: str) -> str:
        return self._values[name][0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def webhook_url(address: str, raw_path: str | bytes, query: str | bytes = b"") -> str:
    """The URL Twilio signed: our public address, then path and query exactly as they arrived."""
    path = raw_path.decode("latin-1") if isinstance(raw_path, bytes) else raw_path
    asked = query.decode("latin-1") if isinstance(query, bytes) else query
    return f"{address.rstrip('/')}{path}{'?' + asked if asked else ''}"


def verify_form(auth_token: str, url: str, form: Form, signature: str | None) -> bool:
    """Whether Twilio signed this form for this URL. No or an odd signature is simply False."""
    return _verify(auth_token, url, form, signature)


def verify_json(auth_token: str, url: str, body: bytes, signature: str | None) -> bool:
    """Whether Twilio signed this JSON body, by the ``bodySHA256`` in the URL's query.

    A URL without ``bodySHA256`` says nothing of the body, so it is refused.
    """
    if "bodySHA256=" not in url:
        return False
    try:
        return _verify(auth_token, url, body.decode("utf-8"), signature)
    except UnicodeDecodeError:
        return False


def verify(
    auth_token: str, url: str, body: bytes, content_type: str, signature: str | None
) -> bool:
    """Verify a request as it came, by its content type."""
    if content_type.partition(";")[0].strip().lower() == "application/json":
        return verify_json(auth_token, url, body, signature)
    try:
        return verify_form(auth_token, url, Form.parse(body), signature)
    except ValueError:
        return False


def sign(auth_token: str, url: str, params: Mapping[str, str] | None = None) -> str:
    """The signature Twilio would put on a form posted to ``url``."""
    return str(RequestValidator(auth_token).compute_signature(url, params or {}))


def _verify(auth_token: str, url: str, params: Form | str, signature: str | None) -> bool:
    if not signature or not auth_token:
        return False
    return bool(RequestValidator(auth_token).validate(url, params, signature))
