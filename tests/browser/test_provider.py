"""Signing in through a real OpenID provider, in a real browser, with a product that is set up for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from mbs_app import db
from mbs_app.domain.vocabulary import Role
from mbs_app.services import invites, sessions, workspace
from tests.browser.conftest import PATIENCE_MS, PHONE
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.openid.server import CLIENT_ID, CLIENT_SECRET, running_provider
from tests.support.product import Product, free_port, start_product


@pytest.fixture(scope="module")
def own_product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with ExitStack() as running:
        port = free_port()
        here = f"http://localhost:{port}"
        provider = running.enter_context(running_provider(f"{here}/api/auth/provider/callback"))
        product = start_product(
            tmp_path_factory.mktemp("provider"),
            {
                "PORT": str(port),
                "PUBLIC_BASE_URL": here,
                "OIDC_ISSUER": provider.issuer,
                "OIDC_CLIENT_ID": CLIENT_ID,
                "OIDC_CLIENT_SECRET": CLIENT_SECRET,
                "OIDC_NAME": "Example ID",
            },
        )
        running.callback(product.stop)
        yield product


@pytest.fixture
def page(browser: Browser, own_product: Product) -> Iterator[Page]:
    engine = db.configure(own_product.database_url)
    context = browser.new_context(viewport=PHONE)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    context.close()
    engine.dispose()


def _sign_in_there(page: Page, name: str) -> None:
    page.get_by_placeholder("Enter any login").fill(name)
    page.get_by_placeholder("and password").fill("anything")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_somebody_joins_with_a_code_waits_and_comes_back_without_one(
    page: Page, own_product: Product
) -> None:
    with db.transaction(SYSTEM) as session:
        workspace.get_workspace(session).name = "Lakeline Plaza"
        root = actor_of(make_user(session, "root@example.com", role=Role.ADMIN)).administrating()
    with db.transaction(root) as session:
        code = invites.create_invite(session, root).code
    page.goto(f"{own_product.address}/join?code={code}")
    page.get_by_role("link", name="Continue with Example ID").click()
    _sign_in_there(page, "ana")
    expect(page).to_have_url(re.compile("/waiting"))
    context = page.context
    context.clear_cookies()
    page.close()  # it would go to the sign-in page by itself, and cross ours on its way
    page = context.new_page()
    page.goto(f"{own_product.address}/signin")
    page.get_by_role("link", name="Continue with Example ID").click()
    _sign_in_there(page, "ana")
    expect(page).to_have_url(re.compile("/waiting"))


def test_a_stranger_is_told_how_to_get_in(page: Page, own_product: Product) -> None:
    page.goto(f"{own_product.address}/signin")
    page.get_by_role("link", name="Continue with Example ID").click()
    _sign_in_there(page, "stranger")
    expect(page.get_by_text("No account here is connected")).to_be_visible()


def test_somebody_signed_in_connects_it_and_takes_it_away(page: Page, own_product: Product) -> None:
    with db.transaction(SYSTEM) as session:
        user = make_user(session, "maya@example.com")
        token, _ = sessions.start(session, user, keep=False)
    page.context.add_cookies(
        [{"name": "mbs_session", "value": token, "url": own_product.address, "httpOnly": True}]
    )
    page.goto(f"{own_product.address}/settings/security")
    page.get_by_role("button", name="Connect Example ID").click()
    _sign_in_there(page, "maya")
    expect(page.get_by_text("The sign-in is connected")).to_be_visible()
    page.get_by_role("button", name="Disconnect maya@example.com").click()
    page.get_by_role("button", name="Disconnect", exact=True).click()
    expect(page.get_by_text("Not connected.")).to_be_visible()
