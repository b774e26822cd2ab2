"""A forgotten password, in a real browser: the mail, its link, the new password, and what it ends."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from mbs_app import db
from mbs_app.services import accounts, password_resets
from tests.browser.conftest import DESKTOP, PHONE, Person, open_sign_in
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.inbox import link_in, wait_for_mail
from tests.support.product import Product

NEW = "lamps in the evening rain"
CHOOSE = "Choose a new password"


def _ask(page: Page, product: Product, email: str) -> None:
    open_sign_in(page, product)
    page.get_by_label("Email").fill(email)
    page.get_by_role("link", name="Forgot it?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forgot your password?")
    expect(page.get_by_label("Email")).to_have_value(email)  # it came along
    assert email not in unquote(page.url)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("a link is on its way")).to_contain_text(email)


def _mailed_link(product: Product, email: str, number: int = 1) -> str:
    text = wait_for_mail(product.simulator, email, CHOOSE, number=number)
    return link_in(text, "/reset")


def test_from_a_forgotten_password_to_a_new_one(
    visitor: Page, person: Person, product: Product
) -> None:
    email = "forgetful@example.com"
    elsewhere = person(email)
    elsewhere.open("/settings")
    _ask(visitor, product, email)
    link = _mailed_link(product, email)
    visitor.goto(link)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(CHOOSE)
    expect(visitor.get_by_text(f"For {email}")).to_be_visible()
    assert "token" not in visitor.url
    visitor.get_by_label("New password", exact=True).fill(NEW)
    visitor.get_by_role("button", name="Set the password").click()
    expect(visitor.get_by_text("Your password is changed. Sign in")).to_be_visible()
    assert visitor.evaluate("Object.values(sessionStorage).join()").find(link[-43:]) < 0
    for password, outcome in ((PASSWORD, "don’t match an account"), (NEW, "")):
        visitor.get_by_label("Email").fill(email)
        visitor.get_by_label("Password", exact=True).fill(password)
        visitor.get_by_role("button", name="Sign in", exact=True).click()
        if outcome:
            expect(visitor.get_by_text(outcome)).to_be_visible()
    expect(visitor).not_to_have_url(re.compile("/signin"))
    # In a tab of its own: the open one is on its way to the sign-in page already.
    later = elsewhere.page.context.new_page()
    later.goto(f"{product.address}/settings")
    expect(later).to_have_url(re.compile("/signin"))
    wait_for_mail(product.simulator, email, "Your password at")


def test_a_used_link_and_nonsense_lead_to_a_new_one(visitor: Page, product: Product) -> None:
    email = "twice@example.com"
    with db.transaction(SYSTEM) as session:
        make_user(session, email)
    _ask(visitor, product, email)
    link = _mailed_link(product, email)
    visitor.goto(link)
    visitor.get_by_label("New password", exact=True).fill(NEW)
    visitor.get_by_role("button", name="Set the password").click()
    expect(visitor.get_by_text("Your password is changed")).to_be_visible()
    for dead in (link, f"{product.address}/reset?token=nonsense", f"{product.address}/reset"):
        visitor.goto(dead)
        expect(visitor.get_by_role("heading", level=1)).to_have_text("This link no longer works")
        expect(visitor.get_by_role("link", name="Ask for a new link")).to_be_visible()
    visitor.get_by_role("link", name="Ask for a new link").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Forgot your password?")


def test_a_link_that_dies_while_one_types_says_so(visitor: Page, product: Product) -> None:
    email = "slow@example.com"
    with db.transaction(SYSTEM) as session:
        make_user(session, email)
    _ask(visitor, product, email)
    visitor.goto(_mailed_link(product, email))
    visitor.get_by_label("New password", exact=True).fill(NEW)
    with db.transaction(SYSTEM) as session:
        user = accounts.find_user(session, email)
        assert user is not None
        password_resets.end_links(session, user.id, password_resets.PASSWORD_CHANGED)
    visitor.get_by_role("button", name="Set the password").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("This link no longer works")


def test_a_link_outlives_a_reload_and_nothing_of_it_is_sent_to_the_page_s_state(
    visitor: Page, product: Product
) -> None:
    email = "reload@example.com"
    with db.transaction(SYSTEM) as session:
        make_user(session, email)
    _ask(visitor, product, email)
    link = _mailed_link(product, email)
    token = link.partition("token=")[2]
    frames: list[str] = []
    visitor.on(
        "websocket", lambda socket: socket.on("framesent", lambda sent: frames.append(str(sent)))
    )
    visitor.goto(link)
    visitor.get_by_label("New password", exact=True).fill("typed but not sent, no")
    visitor.reload()
    expect(visitor.get_by_text(f"For {email}")).to_be_visible()
    visitor.get_by_label("New password", exact=True).fill(NEW)
    visitor.get_by_role("button", name="Set the password").click()
    expect(visitor.get_by_text("Your password is changed")).to_be_visible()
    assert len(frames) > 3
    assert not [frame for frame in frames if token in frame or NEW in frame]
    assert token not in product.output() and NEW not in product.output()


def test_an_unknown_address_is_told_the_same(visitor: Page, product: Product) -> None:
    _ask(visitor, product, "stranger@example.com")
    visitor.get_by_role("button", name="ask again").click()
    expect(visitor.get_by_label("Email")).to_have_value("stranger@example.com")
    visitor.get_by_label("Email").fill("stranger@example")
    visitor.get_by_role("button", name="Send the link").click()
    expect(visitor.get_by_text("Enter an address such as")).to_be_visible()


def test_the_strength_shows_while_one_types(visitor: Page, product: Product) -> None:
    email = "strong@example.com"
    with db.transaction(SYSTEM) as session:
        make_user(session, email, name="Tilda Swan")
    _ask(visitor, product, email)
    visitor.goto(_mailed_link(product, email))
    field = visitor.get_by_label("New password", exact=True)
    meter = visitor.locator(".strength")
    words = meter.locator("p")
    expect(visitor.get_by_text("At least 12 characters.")).to_be_visible()
    for typed, parts, said in (
        ("swan", "1", "8 more are needed"),
        ("password1234", "1", "Too common."),
        ("swan in the rain", "1", "Leave your name out"),
        ("correcthorse", "2", "One more word"),
        ("dragon password", "3", "Good."),
        (NEW, "4", "Strong."),
    ):
        field.fill(typed)
        expect(words).to_contain_text(said)
        expect(meter).to_have_attribute("data-parts", parts)
    expect(visitor.get_by_text("At least 12 characters.")).to_be_hidden()
    field.fill("")
    expect(visitor.get_by_text("At least 12 characters.")).to_be_visible()
    field.fill("password1234")
    visitor.get_by_role("button", name="Set the password").click()
    error = visitor.locator(".new-password .field-error")
    expect(error).to_have_text("Too common. Use a few words that don’t belong together.")
    field.fill(NEW)
    expect(error).to_be_hidden()
    expect(words).to_have_text("Strong.")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_these_pages_fit_and_pass_axe(
    person: Person, product: Product, viewport: dict[str, int], scheme: str
) -> None:
    email = f"fits-{scheme}-{viewport['width']}@example.com"
    window = person(email, viewport=viewport, scheme=scheme)
    window.page.context.clear_cookies()

    def look() -> None:
        window.check_fits()
        window.check_accessibility()

    window.open("/forgot")
    look()
    _ask(window.page, product, email)
    look()
    window.page.goto(_mailed_link(product, email))
    window.page.get_by_label("New password", exact=True).fill("password1234")
    expect(window.page.get_by_text("Too common.")).to_be_visible()
    look()
    window.page.get_by_label("New password", exact=True).fill(NEW)
    expect(window.page.get_by_text("Strong.")).to_be_visible()
    look()
