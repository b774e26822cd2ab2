"""The product as it is served behind a proxy that ends TLS: cookies, origins and addresses.

``PUBLIC_BASE_URL`` is an https address and one proxy is trusted; the tests speak as that proxy does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from http.cookies import SimpleCookie

import aiohttp
import httpx2
import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.models import AuditEvent, UserSession
from mbs_app.ui.sessions.state import SessionsState
from mbs_app.ui.shell.state import ShellState
from mbs_app.ui.sockets import FLOOD, PIECES_IN_A_ROW
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.product import Product, start_product
from tests.support.wire import HYDRATE, answer_to_socket, open_page

PUBLIC = "https://sms.example.com"
CALLER, FORGED = "203.0.113.7", "198.51.100.66"
FORWARDED = f"{FORGED}, {CALLER}"
FORM = {"email": "maya@example.com", "password": PASSWORD}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = start_product(
        tmp_path_factory.mktemp("proxied"),
        {"PUBLIC_BASE_URL": PUBLIC, "TRUSTED_PROXY_HOPS": "1", "RUN_WORKER": "false"},
    )
    engine = db.configure(running.database_url)
    with db.transaction(SYSTEM) as session:
        make_user(session, name="Maya Okafor")
    yield running
    engine.dispose()
    running.stop()


@pytest.fixture(autouse=True)
def _its_database(product: Product) -> None:
    """Another module's tests may have made theirs this process's meanwhile."""
    db.configure(product.database_url)


def sign_in(product: Product) -> httpx2.Response:
    return httpx2.post(
        f"{product.address}/api/auth/login",
        json=FORM,
        headers={
            "Host": "sms.example.com",
            "Origin": PUBLIC,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": FORWARDED,
        },
        timeout=60,
    )


def session_token(answer: httpx2.Response) -> str:
    cookies = SimpleCookie(answer.headers.get_list("set-cookie")[0])
    return cookies["__Host-mbs_session"].value


def test_each_cookie_is_tied_to_this_very_host_over_https(product: Product) -> None:
    answer = sign_in(product)
    assert answer.status_code == 200
    given = answer.headers.get_list("set-cookie")
    assert [one.partition("=")[0] for one in given] == ["__Host-mbs_session", "__Host-mbs_device"]
    for one in given:
        # What browsers ask of a cookie with this prefix; else they drop it.
        attributes = {part.strip().lower() for part in one.split(";")[1:]}
        assert {"secure", "path=/", "httponly", "samesite=lax"} <= attributes
        assert not [part for part in attributes if part.startswith("domain")]


def test_signing_out_takes_the_cookie_away_in_the_form_browsers_obey(product: Product) -> None:
    token = session_token(sign_in(product))
    answer = httpx2.post(
        f"{product.address}/api/auth/logout",
        headers={"Cookie": f"__Host-mbs_session={token}", "Origin": PUBLIC},
        timeout=60,
    )
    taken = answer.headers["set-cookie"]
    assert taken.startswith('__Host-mbs_session="";')
    assert "Max-Age=0" in taken and "Secure" in taken and "Path=/" in taken
    assert "domain" not in taken.lower()


def test_the_websocket_reads_the_session_from_that_cookie_and_from_no_other(
    product: Product,
) -> None:
    token = session_token(sign_in(product))

    async def what_a_page_gets(cookie: str, until: str) -> str:
        async with open_page(product.address, cookie=cookie, origin=PUBLIC) as page:
            await page.send(HYDRATE, path="/signin")
            await page.send(f"{ShellState.get_full_name()}.load", path="/customers")
            await page.until(until)
            return str(page.updates)

    async def story() -> None:
        got = await what_a_page_gets(f"__Host-mbs_session={token}", "Maya Okafor")
        assert token not in got
        # The name without the prefix, which another host of the domain could set, opens nothing.
        got = await what_a_page_gets(f"mbs_session={token}", "/signin?next=/customers")
        assert "Maya Okafor" not in got

    asyncio.run(story())


def test_the_audit_log_has_the_address_the_proxy_saw(product: Product) -> None:
    sign_in(product)
    token = session_token(sign_in(product))

    async def story() -> None:
        headers = {"cookie": f"__Host-mbs_session={token}", "x_forwarded_for": FORWARDED}
        async with open_page(product.address, **headers) as page:
            await page.send(HYDRATE, path="/sessions")
            await page.send(f"{SessionsState.get_full_name()}.end_others", path="/sessions")
            await page.until("other session")

    asyncio.run(story())
    with db.transaction(SYSTEM, read_only=True) as session:
        noted = set(session.exec(select(AuditEvent.action, AuditEvent.ip)).all())
        assert set(session.exec(select(UserSession.ip)).all()) == {CALLER}
    assert ("session.start", CALLER) in noted and ("session.end_others", CALLER) in noted
    assert FORGED not in {ip for _, ip in noted}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": PUBLIC}, 101),
        ({"origin": PUBLIC, "host": "sms.example.com"}, 101),
        # By another name of the same host, such as the machine's own.
        ({"origin": "http://mbs.lan:8000", "host": "mbs.lan:8000"}, 101),
        ({}, 101),  # a program: browsers always name an origin
        ({"origin": "http://sms.example.com", "host": "mbs.lan:8000"}, 403),
        ({"origin": "https://sms.example.com.evil.example"}, 403),
        ({"origin": "https://evil.example", "host": "sms.example.com"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_a_websocket_opens_for_pages_of_this_site_only(
    product: Product, headers: dict[str, str], status: int
) -> None:
    assert asyncio.run(answer_to_socket(product.address, **headers)) == status


def test_a_page_that_floods_its_websocket_loses_it_and_the_next_is_served(
    product: Product,
) -> None:
    async def story() -> int | None:
        url = f"{product.address}/_event/?EIO=4&transport=websocket&token=flood"
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            with suppress(ConnectionError):
                for _ in range(2 * PIECES_IN_A_ROW):
                    await socket.send_str("2")
            while not (await socket.receive(60)).type.name.startswith("CLOS"):
                pass
            return socket.close_code

    assert asyncio.run(story()) == FLOOD
    assert asyncio.run(answer_to_socket(product.address)) == 101
    assert "closed a websocket of nobody at 127.0.0.1" in product.output()
