"""Twilio's signature: the published example, forgeries, and the ways requests really come."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

import pytest

from mbs_app.providers.twilio.signature import (
    Form,
    sign,
    verify,
    verify_form,
    verify_json,
    webhook_url,
)

TOKEN = "12345"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
EXAMPLE = b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
EXAMPLE_SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="  # from Twilio's documentation


def test_twilios_published_example_verifies() -> None:
    assert verify(TOKEN, URL, EXAMPLE, FORM, EXAMPLE_SIGNATURE)
    assert sign(TOKEN, URL, Form.parse(EXAMPLE)) == EXAMPLE_SIGNATURE


@pytest.mark.parametrize(
    "signature", [None, "", "x", EXAMPLE_SIGNATURE[:-1], EXAMPLE_SIGNATURE.lower(), "é" * 28]
)
def test_a_missing_or_wrong_signature_is_refused(signature: str | None) -> None:
    assert not verify(TOKEN, URL, EXAMPLE, FORM, signature)


def test_anything_changed_is_refused() -> None:
    assert not verify(TOKEN + "6", URL, EXAMPLE, FORM, EXAMPLE_SIGNATURE)
    assert not verify(TOKEN, URL + "&baz=3", EXAMPLE, FORM, EXAMPLE_SIGNATURE)
    assert not verify(TOKEN, URL, EXAMPLE + b"&New=1", FORM, EXAMPLE_SIGNATURE)
    assert not verify(TOKEN, URL, EXAMPLE.replace(b"1234&", b"1235&"), FORM, EXAMPLE_SIGNATURE)


def test_an_empty_token_verifies_nothing() -> None:
    assert not verify("", URL, EXAMPLE, FORM, sign("", URL, Form.parse(EXAMPLE)))


def test_blank_and_unknown_parameters_are_part_of_the_signature() -> None:
    body = b"MessageSid=SM1&Body=&FromZip=&SomethingNew=yes"
    signature = sign(
        TOKEN, URL, {"MessageSid": "SM1", "Body": "", "FromZip": "", "SomethingNew": "yes"}
    )
    assert verify(TOKEN, URL, body, FORM, signature)
    assert not verify(TOKEN, URL, b"MessageSid=SM1", FORM, signature)


def test_repeated_parameters_are_signed_each() -> None:
    form = Form.parse(b"A=2&A=1&B=x")
    assert form.getlist("A") == ["2", "1"]
    assert verify_form(TOKEN, URL, form, sign(TOKEN, URL, form))
    assert not verify_form(TOKEN, URL, Form.parse(b"A=2&B=x"), sign(TOKEN, URL, form))


def test_letters_beyond_ascii_are_signed_as_utf8() -> None:
    body = b"Body=Gr%C3%BC%C3%9Fe+%F0%9F%8E%89&From=%2B1512"
    assert verify(TOKEN, URL, body, FORM, sign(TOKEN, URL, {"Body": "Grüße 🎉", "From": "+1512"}))


@pytest.mark.parametrize(
    "signed_for", ["https://sms.example.com/a", "https://sms.example.com:443/a"]
)
def test_twilio_may_sign_with_or_without_the_port(signed_for: str) -> None:
    signature = sign(TOKEN, signed_for, {"A": "1"})
    assert verify(TOKEN, "https://sms.example.com/a", b"A=1", FORM, signature)


def _json_url(body: bytes) -> str:
    return f"https://sms.example.com/hook?bodySHA256={sha256(body).hexdigest()}"


def test_a_json_body_is_verified_by_its_hash() -> None:
    body = b'{"MessageSid": "SM1"}'
    url = _json_url(body)
    signature = sign(TOKEN, url)
    assert verify(TOKEN, url, body, "application/json", signature)
    assert not verify(TOKEN, url, body + b" ", "application/json", signature)
    assert not verify(TOKEN, url, b"\xff", "application/json", signature)


def test_a_json_body_without_its_hash_is_refused() -> None:
    url = "https://sms.example.com/hook"
    assert not verify_json(TOKEN, url, b"{}", sign(TOKEN, url))


def test_a_flood_of_fields_is_refused() -> None:
    body = "&".join(f"f{n}=1" for n in range(5000)).encode()
    assert not verify(TOKEN, URL, body, FORM, "x")


def test_the_signed_url_is_the_public_address_with_the_raw_path_and_query() -> None:
    assert webhook_url("https://a.example/", b"/hooks/s%20t", b"m=1%2B1") == (
        "https://a.example/hooks/s%20t?m=1%2B1"
    )
    assert webhook_url("https://a.example", "/hooks") == "https://a.example/hooks"


def test_signing_is_hmac_sha1_over_the_url_and_the_sorted_parameters() -> None:
    expected = base64.b64encode(hmac.digest(b"12345", b"https://x/yA1B2", "sha1")).decode()
    assert sign(TOKEN, "https://x/y", {"B": "2", "A": "1"}) == expected
