"""The page in a real browser: read a text, answer it, read a mail; at both widths and in both themes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from mbs_app.providers.simulator import credentials
from tests.providers.receiver import Receiver
from tests.providers.talking import ANN, Simulate, a_text, send

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=os.environ.get("MBS_CHROMIUM") or shutil.which("chromium"),
            args=ARGUMENTS,
        )
        yield found
        found.close()


@pytest.fixture(params=[(1440, "light"), (390, "dark")], ids=["wide", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    # What the frame of a mail is there for: the browser says so when it keeps a script from running.
    blocked = "Blocked script execution in 'about:srcdoc'"
    assert [problem for problem in problems if not problem.startswith(blocked)] == []


def assert_in_order(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    assert [violation["id"] for violation in found] == []


def test_a_text_is_read_and_answered(simulate: Simulate, receiver: Receiver, page: Page) -> None:
    simulator = simulate(inbound_url=f"{receiver.url}/in")
    page.goto(simulator.url)
    expect(page.get_by_text("No texts yet.")).to_be_visible()
    send(simulator.url, a_text(ANN, body="Sale <b>today</b>. Reply STOP to opt out"))
    page.get_by_role("link", name="(512) 555-0101").click()
    phone = page.get_by_role("log", name="Texts")
    expect(phone.get_by_text("Sale <b>today</b>.")).to_be_visible()
    expect(phone.get_by_text("Delivered")).to_be_visible()
    page.get_by_label("Answer as this person").fill("Do you open at 9?")
    page.get_by_role("button", name="Send the answer").click()
    expect(phone.get_by_text("Do you open at 9?")).to_be_visible()
    page.get_by_role("button", name="STOP", exact=True).click()
    expect(page.get_by_text("This person has opted out")).to_be_visible()
    assert [post.form["Body"] for post in receiver.posted] == ["Do you open at 9?", "STOP"]
    assert_in_order(page)


def mail(url: str, html: str, text: str = "Welcome") -> None:
    requests.post(
        f"{url}/emails",
        json={
            "from": credentials.MAIL_FROM,
            "to": "ann@example.com",
            "subject": "You’re invited",
            "html": html,
            "text": text,
            "headers": {"Auto-Submitted": "auto-generated"},
        },
        headers={"Authorization": f"Bearer {credentials.RESEND_API_KEY}"},
        timeout=5,
    )


def test_a_mail_is_shown_without_running_or_loading_anything(
    simulate: Simulate, page: Page
) -> None:
    simulator = simulate()
    mail(simulator.url, "<p>Welcome</p>", "Welcome: https://shop.example/a?b=1&c=2")
    page.goto(f"{simulator.url}/#mails")
    page.get_by_role("link", name="You’re invited").click()
    expect(page.get_by_role("heading", name="You’re invited")).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Welcome")).to_be_visible()
    assert_in_order(page)
    page.get_by_role("button", name="Plain text").click()
    expect(page.locator("pre")).to_have_text("Welcome: https://shop.example/a?b=1&c=2")
    expect(page.get_by_role("link", name="https://shop.example/a?b=1&c=2")).to_be_visible()
    page.get_by_role("button", name="Headers").click()
    expect(page.locator("pre")).to_have_text("Auto-Submitted: auto-generated")
    assert_in_order(page)


def test_a_link_in_a_mail_opens_a_page_that_may_run(
    simulate: Simulate, receiver: Receiver, page: Page
) -> None:
    # The receiver's page says whether it could run a script; the mail itself must not.
    receiver.answer = "<title>blocked</title><script>document.title='running'</script>"
    receiver.content_type = "text/html"
    simulator = simulate()
    mail(
        simulator.url,
        f"<title>t</title><p id=a>Still</p><a href='{receiver.url}/join'>Accept</a>"
        "<script>document.getElementById('a').textContent='Changed'</script>",
    )
    page.goto(f"{simulator.url}/#mails")
    page.get_by_role("link", name="You’re invited").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Still")).to_be_visible()
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Accept").click()
    expect(opened.value).to_have_title("running")
    assert opened.value.evaluate("window.opener") is None
