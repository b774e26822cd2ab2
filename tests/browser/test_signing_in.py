"""Signing in, in a real browser: the first admin's link, the right and the wrong password, signing out."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from mbs_app import db
from mbs_app.services import sessions, workspace
from mbs_app.ui.session import FRESH_SECONDS
from tests.browser.conftest import PHONE, Person, open_sign_in, until_awake
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.product import Product


def test_a_page_asks_to_sign_in_and_leads_back_to_where_one_was_going(
    visitor: Page, product: Product
) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "back@example.com")
    visitor.goto(f"{product.address}/settings")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Sign in")
    until_awake(visitor)
    visitor.get_by_label("Email").fill("back@example.com")
    visitor.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.get_by_role("button", name="Sign in", exact=True).click()
    expect(visitor).to_have_url(re.compile("/settings"))


def test_a_wrong_password_says_so_and_keeps_the_address(visitor: Page, product: Product) -> None:
    open_sign_in(visitor, product)
    visitor.get_by_label("Email").fill("nobody@example.com")
    visitor.get_by_label("Password", exact=True).fill("not the right one")
    visitor.get_by_role("button", name="Sign in", exact=True).click()
    expect(visitor.get_by_text("don’t match an account")).to_be_visible()
    expect(visitor.get_by_label("Email")).to_have_value("nobody@example.com")


def test_a_form_sent_empty_says_at_each_field_what_to_do(visitor: Page, product: Product) -> None:
    visitor.goto(f"{product.address}/join")
    visitor.get_by_role("button", name="Join", exact=True).click()
    for label in ("Invite code", "Your name", "Email", "Password"):
        field = visitor.get_by_label(label, exact=True)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(r"\w+ \w+.*\.$"))


def test_a_used_up_setup_link_says_so(visitor: Page, product: Product) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "first@example.com", role="admin")
        assert workspace.first_admin_link(session, "") is None
    visitor.goto(f"{product.address}/setup?token=old")
    expect(visitor.get_by_text("This link was used")).to_be_visible()


def test_a_page_that_the_browser_kept_and_brings_back_is_loaded_anew(person: Person) -> None:
    window = person("back-again@example.com")
    page = window.open("/groups")
    page.context.clear_cookies()  # signed out meanwhile, in another tab
    with page.expect_navigation():
        # Chromium keeps no pages while it is driven by a program.
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page).to_have_url(re.compile("/signin"))


def test_the_sign_in_page_fits_a_phone_and_passes_axe(person: Person) -> None:
    window = person("fits@example.com", viewport=PHONE)
    window.page.context.clear_cookies()
    window.open("/signin")
    window.check_fits()
    window.check_accessibility()


def test_a_changed_right_renews_the_session_and_an_ended_one_asks_to_sign_in(
    person: Person,
) -> None:
    window = person("renewed@example.com")
    page = window.open("/settings")
    user_id = window.actor.user_id
    assert user_id is not None
    before = page.context.cookies()
    with db.transaction(SYSTEM) as session:
        sessions.renew_all(session, user_id)
    time.sleep(FRESH_SECONDS)
    window.open("/customers/")
    expect(page.get_by_role("heading", name="No customers yet")).to_be_visible()
    [cookie] = page.context.cookies()
    assert cookie["value"] != before[0]["value"]
    with db.transaction(SYSTEM) as session:
        sessions.end_all(session, user_id)
    time.sleep(FRESH_SECONDS)
    page.goto(f"{window.product.address}/groups")
    expect(page).to_have_url(re.compile(r"/signin/?\?next=%2Fgroups"))


def test_signing_out_ends_the_session_in_every_tab(person: Person) -> None:
    window = person("out@example.com")
    page = window.open("/settings")
    page.get_by_role("button", name=re.compile("Maya Okafor")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sign in")
    expect(page.get_by_label("Email")).to_be_visible()
    assert "notice" not in page.url  # they know
    page.goto(f"{window.product.address}/settings")
    expect(page).to_have_url(re.compile("/signin"))
    assert "notice" not in page.url
