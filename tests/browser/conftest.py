"""A real Chromium against the running product.

``product`` is started once for all browser tests. ``person`` signs somebody in: call it with an address to get a
page of theirs. Every page is watched: a console error or a failed request fails the test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import Role
from mbs_app.services import accounts, sessions, templates, workspace
from mbs_app.setup import browser as chromium
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.product import Product, start_product

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# Without these Chromium calls home at every start, which a closed network answers with errors.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000
# What is fading in has the contrast of neither its start nor its end, and what opens begins a few frames late.
_WAIT_FOR_TRANSITIONS = """async () => {
  const fading = () => document.getAnimations().some(
    (one) => one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity
  );
  for (let still = 0; still < 12; still = fading() ? 0 : still + 1) {
    await new Promise(requestAnimationFrame);
  }
}"""
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    running = start_product(tmp_path_factory.mktemp("product"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("MBS_CHROMIUM") or chromium.find_or_install()
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Window:
    """One page of one person, and what went wrong on it."""

    page: Page
    actor: Actor
    product: Product
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, *, until_loaded: bool = True) -> Page:
        """Go to a page and wait until it shows its content: a page that is loaded later closes its dialogs."""
        self.page.goto(self.product.address + path)
        self.page.wait_for_selector("h1", timeout=PATIENCE_MS)
        if until_loaded:
            expect(self.page.locator(".skeleton")).to_have_count(0)
        return self.page

    def check_accessibility(self, *leave_out: str) -> None:
        """No violation of WCAG 2.2 AA that axe-core can find; ``leave_out`` names rules."""
        self.page.evaluate(_WAIT_FOR_TRANSITIONS)
        rules = {rule: {"enabled": False} for rule in leave_out}
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = Axe().run(
            self.page,
            options={"runOnly": {"type": "tag", "values": tags}, "rules": rules},
        )
        assert found.violations_count == 0, found.generate_report()

    def check_fits(self) -> None:
        """The page doesn't scroll sideways."""
        overflow = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{self.page.url} is {overflow} px too wide"


def open_sign_in(page: Page, product: Product, query: str = "") -> None:
    """The sign-in page, awake: what is pressed before that is lost."""
    page.goto(f"{product.address}/signin{query}")
    until_awake(page)


def until_awake(page: Page) -> None:
    """Wait until the sign-in page has heard from the server."""
    expect(page.get_by_text("Runs on")).to_be_visible()


Person = Callable[..., Window]


@pytest.fixture
def person(browser: Browser, product: Product) -> Iterator[Person]:
    """Call it as ``person("maya@example.com", viewport=PHONE, scheme="dark")``.

    The same address twice is the same person in another browser.
    """
    engine = db.configure(product.database_url)
    windows: list[tuple[Window, BrowserContext]] = []

    def sign_in(
        email: str,
        *,
        viewport: dict[str, int] = DESKTOP,
        scheme: str = "light",
        role: str = Role.USER,
    ) -> Window:
        actor, token = _session_for(email, role)
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        context.add_cookies(
            [
                {
                    "name": "mbs_session",
                    "value": token,
                    "url": product.address,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )
        window = Window(_watched_page(context), actor, product)
        _collect_complaints(window)
        windows.append((window, context))
        return window

    yield sign_in
    complaints = [complaint for window, _ in windows for complaint in window.complaints]
    for _, context in windows:
        context.close()
    engine.dispose()
    assert complaints == []


@pytest.fixture
def visitor(browser: Browser, product: Product) -> Iterator[Page]:
    """A page of somebody who isn't signed in."""
    db.configure(product.database_url)
    context = browser.new_context(viewport=DESKTOP)
    yield _watched_page(context)
    context.close()


def _watched_page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def _collect_complaints(window: Window) -> None:
    def on_console(message: object) -> None:
        if getattr(message, "type", "") == "error":
            window.complaints.append(str(getattr(message, "text", message)))

    window.page.on("console", on_console)
    window.page.on("pageerror", lambda error: window.complaints.append(str(error)))


def _session_for(email: str, role: str) -> tuple[Actor, str]:
    with db.transaction(SYSTEM) as session:
        if not workspace.get_workspace(session).name:
            workspace.get_workspace(session).name = "Lakeline Plaza"
        stored = accounts.find_user(session, email)
        if stored is None:
            stored = make_user(session, email, role=role)
            templates.give_default_templates(session, stored.id)
        token, _ = sessions.start(session, stored, keep=False)
        return actor_of(stored), token
