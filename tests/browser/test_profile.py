"""One's own profile in a real browser: the address and its mail, and an appearance that comes along."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from mbs_app import db
from mbs_app.services import email_changes
from tests.browser.conftest import PHONE, Person
from tests.support.accounts import PASSWORD
from tests.support.inbox import link_in, wait_for_mail

NEW = "moved@new.example"


def _ask(page: Page, password: str) -> None:
    page.get_by_role("button", name="Change your email").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("New email").fill(NEW)
    dialog.get_by_label("Your password", exact=True).fill(password)
    dialog.get_by_role("button", name="Send the link").click()


def test_an_address_changes_once_the_mails_button_is_pressed(person: Person, visitor: Page) -> None:
    window = person("moving@example.com")
    page = window.open("/settings")
    _ask(page, "not this one at all")
    expect(page.get_by_text("That isn’t your password.")).to_be_visible()
    window.check_accessibility()
    expect(page.get_by_label("New email")).to_have_value(NEW)
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text("We sent a link to")).to_contain_text(NEW)
    window.check_accessibility()
    window.complaints[:] = [one for one in window.complaints if "422" not in one]

    mail = wait_for_mail(window.product.simulator, NEW, "Confirm your new address")
    visitor.goto(link_in(mail, "/confirm-email"))
    visitor.get_by_role("button", name="Confirm this address").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("is confirmed")
    expect(visitor.get_by_text(NEW)).to_be_visible()
    assert "token" not in visitor.url
    page.reload()
    expect(page.get_by_text(NEW)).to_be_visible()
    expect(page.get_by_text("We sent a link to")).to_have_count(0)
    told = wait_for_mail(window.product.simulator, "moving@example.com", "was changed")
    assert NEW in told


def test_one_may_stay_with_the_address_one_has(person: Person) -> None:
    window = person("staying@example.com")
    with db.transaction(window.actor) as session:
        email_changes.ask(session, window.actor, "stays@new.example", address="http://x.example")
    page = window.open("/settings")
    page.get_by_role("button", name="Keep the old address").click()
    expect(page.get_by_text("We sent a link to")).to_have_count(0)


def test_a_link_that_works_no_longer_says_what_to_do(person: Person) -> None:
    window = person("late@example.com", viewport=PHONE)
    page = window.open("/confirm-email?token=made-up")
    window.check_accessibility()
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("no longer works")
    window.check_fits()
    window.check_accessibility()
    window.complaints[:] = [one for one in window.complaints if "404" not in one]


def test_an_appearance_chosen_here_holds_in_another_browser(person: Person) -> None:
    here, there = person("dark@example.com"), person("dark@example.com")
    page = here.open("/settings")
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    other = there.open("/settings")
    expect(other.locator("html")).to_have_class(re.compile("dark"))
    other.reload()
    expect(other.locator("html")).to_have_class(re.compile("dark"))
    # What is chosen there comes back here, with the next page.
    other.get_by_role("button", name="Light", exact=True).click()
    expect(other.get_by_role("button", name="Light", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    other.wait_for_timeout(500)
    page.reload()
    expect(page.locator("html")).to_have_class(re.compile("light"))


def test_the_profile_fits_a_phone(person: Person) -> None:
    window = person("profile@example.com", viewport=PHONE, scheme="dark")
    with db.transaction(window.actor) as session:
        email_changes.ask(
            session,
            window.actor,
            "somebody-with-a-very-long-address@a-long-name.example",
            address="http://x.example",
        )
    page = window.open("/settings")
    expect(page.get_by_text("We sent a link to")).to_be_visible()
    window.check_fits()
    window.check_accessibility()
    page.get_by_label("Name").fill("Maya O. Okafor")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Your settings are saved")).to_be_visible()
