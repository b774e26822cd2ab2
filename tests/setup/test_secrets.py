"""The whole product, used from the first admin on: nothing that opens a door is in its output or the audit log."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pyotp
import pytest
import sqlalchemy as sa
from sqlmodel import select

from mbs_app import db
from mbs_app.models import AuditEvent
from tests.support.accounts import SYSTEM
from tests.support.inbox import link_in, wait_for_mail
from tests.support.product import Product, start_product

PATIENCE_SECONDS = 30
ADMIN, SECOND = "maya@example.com", "sam@example.com"
FIRST_PASSWORD = "seven green bicycles uphill"
NEXT_PASSWORD = "nine quiet lanterns at noon"
WRONG_PASSWORD = "this one never was the right one"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = start_product(tmp_path_factory.mktemp("secrets"))
    yield running
    running.stop()


class Session:
    """A browser of somebody, and every secret it has seen."""

    def __init__(self, product: Product, secrets: set[str]) -> None:
        self.product, self.secrets = product, secrets
        self.client = httpx2.Client(base_url=product.address, timeout=30)

    def send(self, method: str, path: str, *, status: int, **body: Any) -> Any:
        answer = self.client.request(method, path, json=body or None)
        assert answer.status_code == status, (path, answer.text)
        self.secrets |= set(self.client.cookies.values())
        return answer.json() if answer.content else None


def _token_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["token"][0]


def _printed_link(product: Product) -> str:
    """The one-time link, which comes once the product has found that it answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := re.findall(r"http\S+/setup\?token=\S+", product.output()):
            return str(found[-1])
        time.sleep(0.1)
    raise AssertionError(product.output())


def _first_admin(product: Product, secrets: set[str]) -> Session:
    setup = _token_of(_printed_link(product))
    admin = Session(product, secrets)
    admin.send(
        "POST",
        "/api/auth/setup",
        status=200,
        token=setup,
        workspace_name="Lakeline Plaza",
        name="Maya Okafor",
        email=ADMIN,
        password=FIRST_PASSWORD,
    )
    return admin


def _second_user(product: Product, admin: Session, secrets: set[str]) -> None:
    invite = admin.send("POST", "/api/admin/invites", status=201, email=SECOND)
    Session(product, secrets).send(
        "POST",
        "/api/auth/register",
        status=202,
        code=invite["code"],
        email=SECOND,
        name="Sam Reed",
        password=FIRST_PASSWORD,
    )


def _forgotten_password(product: Product, secrets: set[str]) -> None:
    somebody = Session(product, secrets)
    somebody.send("POST", "/api/password-reset/request", status=202, email=ADMIN)
    mail = wait_for_mail(product.simulator, ADMIN, "password")
    token = _token_of(link_in(mail, "/reset"))
    secrets.add(token)
    somebody.send("POST", "/api/password-reset/validate", status=200, token=token)
    somebody.send(
        "POST", "/api/password-reset/confirm", status=204, token=token, password=NEXT_PASSWORD
    )


def _sign_in(product: Product, secrets: set[str]) -> Session:
    browser = Session(product, secrets)
    browser.send("POST", "/api/auth/login", status=401, email=ADMIN, password=WRONG_PASSWORD)
    browser.send("POST", "/api/auth/login", status=200, email=ADMIN, password=NEXT_PASSWORD)
    return browser


def _programs(product: Product, browser: Session, secrets: set[str]) -> None:
    key = browser.send("POST", "/api/keys", status=201, name="Stock", scopes=["read"])["key"]
    secrets |= {key, key.rpartition("_")[2]}
    bearer = {"Authorization": f"Bearer {key}"}
    assert httpx2.get(f"{product.address}/api/customers", headers=bearer).status_code == 200
    program = Session(product, secrets)
    tokens = program.send(
        "POST", "/api/auth/login", status=200, email=ADMIN, password=NEXT_PASSWORD, tokens=True
    )
    secrets |= {tokens["access_token"], tokens["refresh_token"]}
    fresh = program.send(
        "POST", "/api/auth/refresh", status=200, refresh_token=tokens["refresh_token"]
    )
    secrets |= {fresh["access_token"], fresh["refresh_token"]}
    program.send("POST", "/api/auth/refresh", status=401, refresh_token=tokens["refresh_token"])


def _second_factor(browser: Session, secrets: set[str]) -> None:
    made = browser.send("POST", "/api/me/authenticator", status=201)
    code = pyotp.TOTP(made["secret"]).now()
    secrets |= {made["secret"], code}
    browser.send("POST", "/api/me/authenticator/confirm", status=200, code=code)
    secrets |= set(browser.send("POST", "/api/me/recovery-codes", status=201)["codes"])


def _events_on_the_socket(product: Product, browser: Session) -> None:
    """What Reflex does with a handshake that carries a session, and with an event it doesn't know."""
    cookie = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())
    with httpx2.Client(base_url=product.address, headers={"Cookie": cookie}) as client:
        client.get("/_event/?EIO=4&transport=polling&token=a-tab")
        client.get("/settings/")
        client.get("/api/nowhere")


def test_no_secret_is_in_the_output_or_the_audit_log(product: Product) -> None:
    secrets = {FIRST_PASSWORD, NEXT_PASSWORD, WRONG_PASSWORD}
    admin = _first_admin(product, secrets)
    _second_user(product, admin, secrets)
    _forgotten_password(product, secrets)
    browser = _sign_in(product, secrets)
    _programs(product, browser, secrets)
    _second_factor(browser, secrets)
    _events_on_the_socket(product, browser)
    assert len(secrets) > 20
    engine = db.configure(product.database_url)
    with db.transaction(SYSTEM, read_only=True) as session:
        audited = "\n".join(repr(event.model_dump()) for event in session.exec(select(AuditEvent)))
        kept = "\n".join(
            repr(row)
            for table in ("sessions", "api_keys", "refresh_tokens", "password_reset_tokens")
            for row in session.connection().execute(sa.text(f"SELECT * FROM {table}")).all()
        )
    engine.dispose()
    assert "session.start" in audited
    written = product.output() + audited + kept
    assert [secret for secret in secrets if secret in written] == []
