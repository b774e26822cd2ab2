"""The content security policy in a real browser: every page keeps to it, and what was slipped in doesn't run."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, WebSocket, expect

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus, Role
from mbs_app.models import CampaignMessage
from mbs_app.services import campaigns, imports
from mbs_app.ui import pages
from tests.browser.conftest import PHONE, Person, Window
from tests.support.accounts import PASSWORD
from tests.support.campaigns import make_campaign
from tests.support.product import Product

_TELL = """document.addEventListener("securitypolicyviolation", (event) => window.tellOfViolation(
  `${event.violatedDirective} ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`))"""
# Playwright's own wait_for_function runs text in the page, which the policy forbids it, too.
_APPLY = """async (event) => {
  while (!window.__reflex) await new Promise((done) => setTimeout(done, 20));
  window.__reflex["$/utils/state"].applyEvent(event, null, null, {current: {}});
}"""
DEAD_LINK = "409 (Conflict)"
_SLIP_IN = """() => {
  const script = document.createElement("script");
  script.textContent = "window.ran = 'inline'";
  document.head.append(script);
  const button = document.createElement("button");
  button.setAttribute("onclick", "window.ran = 'attribute'");
  document.body.append(button);
  button.click();
  const image = document.createElement("div");
  image.innerHTML = "<img src='data:,' onerror='window.ran = `error`'>";
  document.body.append(image);
  const link = document.createElement("a");
  link.href = "javascript:window.ran='link'";
  document.body.append(link);
  link.click();
  setTimeout("window.ran = 'text'", 0);
  const other = document.createElement("script");
  other.src = "data:text/javascript,window.ran='data'";
  document.head.append(other);
}"""


def _watch(page: Page) -> list[str]:
    """Every violation of the policy on this page and those it goes to."""
    violations: list[str] = []
    page.expose_function("tellOfViolation", lambda told: violations.append(told))
    page.add_init_script(_TELL)
    return violations


def _apply(page: Page, event: dict[str, Any]) -> None:
    """Let the page act as if the server had sent it ``event``."""
    page.evaluate(_APPLY, event)


def _walk(window: Window, addresses: list[str]) -> dict[str, list[str]]:
    """Open the pages one after another; each draws all it has to say before the next.

    What the policy forbade or the browser complained of, at the first address where there was any.
    """
    violations = _watch(window.page)
    for address in addresses:
        # The gallery of parts shows skeletons for good.
        window.open(address, until_loaded=False).wait_for_load_state("networkidle")
        # The page that a mailed link leads to asks about a link that isn’t there, and is told so.
        window.complaints[:] = [one for one in window.complaints if DEAD_LINK not in one]
        if violations or window.complaints:
            return {address: [*violations, *window.complaints]}
    return {}


def _addresses_of_somebody(actor: Actor) -> list[str]:
    """The address of every page, with one thing of each kind behind it."""
    with db.transaction(actor) as session:
        outcomes = {MessageStatus.DELIVERED: 6, MessageStatus.SENT: 2, MessageStatus.FAILED: 1}
        shown = make_campaign(session, actor, outcomes, status=CampaignStatus.PAUSED)
        text = session.exec(CampaignMessage.__table__.select()).first()
        draft = campaigns.create_draft(session, actor, name="Draft", message_body="Hi {first_name}")
        file = b"Mobile,First name\n+15125557777,Rosa\n"
        upload = imports.upload(session, actor, "people.csv", [file])
        ids = {
            "campaign_id": shown.id,
            "customer_id": text.customer_id,
            "import_id": upload.id,
        }
    addresses = []
    for route in (page.ROUTE for page in pages.PAGES if page.ROUTE != "/404"):
        of_draft = route.endswith(("/edit", "/check"))
        known = {**ids, "campaign_id": draft.id} if of_draft else ids
        addresses.append(
            # A thing of a kind made elsewhere isn't found, which is a page, too.
            re.sub(
                r"\[(\w+)\]", lambda match, known=known: str(known.get(match[1], uuid4())), route
            )
        )
    return addresses


def test_every_page_keeps_to_the_policy(person: Person) -> None:
    window = person("policy@example.com", role=Role.ADMIN)
    assert _walk(window, _addresses_of_somebody(window.actor)) == {}


def test_every_page_keeps_to_the_policy_on_a_phone_in_the_dark(person: Person) -> None:
    window = person("policy-phone@example.com", role=Role.ADMIN, viewport=PHONE, scheme="dark")
    assert _walk(window, _addresses_of_somebody(window.actor)) == {}


def test_pages_without_a_file_and_without_a_session_keep_to_it(
    visitor: Page, product: Product
) -> None:
    violations = _watch(visitor)
    for path in ("/signin", "/setup?token=old", "/nothing-here", "/customers/nobody", "/api/docs"):
        visitor.goto(product.address + path)
        expect(visitor.get_by_role("heading", level=1)).to_be_visible()
        assert violations == [], path


def test_the_pages_of_the_simulator_keep_to_its_own(visitor: Page, product: Product) -> None:
    violations = _watch(visitor)
    visitor.goto(product.simulator)
    visitor.wait_for_load_state("networkidle")
    assert violations == []


def test_a_script_that_was_slipped_in_does_not_run(visitor: Page, product: Product) -> None:
    violations = _watch(visitor)
    visitor.goto(f"{product.address}/signin")
    expect(visitor.get_by_label("Email")).to_be_visible()
    visitor.evaluate(_SLIP_IN)
    visitor.wait_for_timeout(300)
    assert visitor.evaluate("window.ran") is None
    refused = sorted({violation.split()[0] for violation in violations})
    assert refused == ["script-src", "script-src-attr", "script-src-elem"]
    assert len(violations) == 6


def test_an_event_with_code_or_an_unknown_name_is_refused(visitor: Page, product: Product) -> None:
    said: list[str] = []
    visitor.on("console", lambda message: said.append(message.text))
    visitor.goto(f"{product.address}/signin")
    expect(visitor.get_by_label("Email")).to_be_visible()
    code = {"name": "_call_script", "payload": {"javascript_code": "window.ran = 1"}}
    _apply(visitor, code)
    order = {"do": "constructor", "with": ["window.ran = 1"], "then": None}
    _apply(visitor, {"name": "_in_browser", "payload": order})
    assert visitor.evaluate("window.ran") is None
    assert [text for text in said if "was refused" in text]
    assert [text for text in said if "doesn’t know how to do “constructor”" in text]


@pytest.mark.parametrize("body_for", ["", "event"])
def test_a_form_answers_with_a_body_only_where_it_was_asked_for(
    visitor: Page, product: Product, body_for: str
) -> None:
    frames: list[str] = []

    def on_socket(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames.append(str(frame)))

    visitor.on("websocket", on_socket)
    visitor.goto(f"{product.address}/signin")
    visitor.get_by_label("Email").fill("nobody@example.com")
    visitor.get_by_label("Password", exact=True).fill(PASSWORD)
    then = {"name": "nowhere.heard", "payload": {"row_id": "7"}, "free": "answer"}
    form = ["sign-in", "/api/auth/login", "POST", body_for]
    order = {"do": "postForm", "with": form, "then": then}
    with visitor.expect_response("**/api/auth/login"):
        _apply(visitor, {"name": "_in_browser", "payload": order})
    visitor.wait_for_timeout(300)
    [frame] = [frame for frame in frames if "nowhere.heard" in frame]
    assert PASSWORD not in frame
    [_, event] = json.loads(frame[frame.index("[") :])
    payload: dict[str, Any] = event["payload"]
    answer = payload["answer"]
    assert (payload["row_id"], answer["ok"], answer["status"]) == ("7", False, 401)
    assert "don’t match an account" in answer["detail"]
    assert (answer["body"] or {}).get("status") == (401 if body_for else None)


def test_what_is_shown_once_is_kept_in_the_page_until_it_is_forgotten(
    visitor: Page, product: Product
) -> None:
    def order(name: str, *values: str) -> dict[str, Any]:
        return {"name": "_in_browser", "payload": {"do": name, "with": values, "then": None}}

    visitor.goto(f"{product.address}/signin")
    email = visitor.get_by_label("Email")
    with visitor.expect_response("**/api/auth/renew"):
        _apply(visitor, order("postForm", "sign-in", "/api/auth/renew", "POST", "page"))
    visitor.wait_for_timeout(200)
    _apply(visitor, order("showKept", "sign-in", "signed_in", "email"))
    expect(email).to_have_value("false")
    _apply(visitor, order("forgetKept", "sign-in"))
    email.fill("")
    _apply(visitor, order("showKept", "sign-in", "signed_in", "email"))
    visitor.wait_for_timeout(200)
    expect(email).to_have_value("")


def test_the_sidebar_stays_as_it_was_left(person: Person) -> None:
    window = person("rail@example.com")
    page = window.open("/settings")
    page.get_by_role("button", name="Close or open the sidebar").click()
    expect(page.locator("html")).to_have_attribute("data-rail", "closed")
    # Set by the document itself, before anything of the bundle has run.
    page.route("**/assets/*.js", lambda route: route.abort())
    page.reload(wait_until="commit")
    expect(page.locator("html")).to_have_attribute("data-rail", "closed")
    window.complaints.clear()


def test_a_password_is_shown_and_hidden_again(visitor: Page, product: Product) -> None:
    visitor.goto(f"{product.address}/signin")
    field = visitor.get_by_label("Password", exact=True)
    eye = visitor.get_by_role("button", name="Show password")
    field.fill("what was typed")
    for kind, pressed in (("text", "true"), ("password", "false")):
        eye.click()
        expect(field).to_have_attribute("type", kind)
        expect(eye).to_have_attribute("aria-pressed", pressed)
        expect(field).to_be_focused()
