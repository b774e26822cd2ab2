"""Changing one's password, and an admin's links to a new one, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from mbs_app import db
from mbs_app.models import UserProfile
from mbs_app.services import accounts, password_resets
from tests.browser.conftest import DESKTOP, PATIENCE_MS, PHONE, Person, Window, until_awake
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.inbox import link_in, wait_for_mail
from tests.support.product import Product

NEW = "lamps in the evening rain"


def _fill(page: Page, current: str, new: str) -> None:
    page.get_by_label("Your password now", exact=True).fill(current)
    page.get_by_label("New password", exact=True).fill(new)
    page.get_by_role("dialog").get_by_role("button", name="Change password").click()


def _expect_refused(window: Window, status: int) -> None:
    """The browser itself complains of the answer; of nothing else."""
    assert window.complaints and all(str(status) in one for one in window.complaints)
    window.complaints.clear()


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(
    person: Person, product: Product
) -> None:
    email = "changes@example.com"
    here, there = person(email), person(email)
    there.open("/settings")
    page = here.open("/settings/security")
    page.get_by_role("button", name="Change password").click()
    _fill(page, "not it", NEW)
    expect(page.get_by_text("That isn’t your password now.")).to_be_visible()
    _fill(page, PASSWORD, "Maya Okafor in the rain")
    expect(page.locator(".field-error").get_by_text("Leave your name out")).to_be_visible()
    _expect_refused(here, 422)
    _fill(page, PASSWORD, NEW)
    news = page.get_by_text("Your password is changed, and you are signed out")
    expect(news).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("Changed today")).to_be_visible()
    page.goto(f"{product.address}/groups")
    expect(page.get_by_role("heading", level=1)).to_have_text("Groups")
    # In a tab of its own: the open one is on its way to the sign-in page already.
    later = there.page.context.new_page()
    later.goto(f"{product.address}/groups")
    expect(later).to_have_url(re.compile("/signin"))
    assert "Chrome" in wait_for_mail(product.simulator, email, "Your password at")


def test_who_has_no_password_has_a_link_mailed_to_set_one(person: Person, product: Product) -> None:
    email = "provided@example.com"
    window = person(email)
    with db.transaction(SYSTEM) as session:
        user = accounts.find_user(session, email)
        assert user is not None
        session.merge(UserProfile(**{**user.model_dump(), "password_hash": ""}))
    page = window.open("/settings/security")
    page.get_by_role("button", name="Mail me a link to set one").click()
    expect(page.get_by_text(f"A link is on its way to {email}")).to_be_visible()
    page.goto(link_in(wait_for_mail(product.simulator, email, "Choose a new password"), "/reset"))
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    until_awake(page)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/signin"))


def test_an_admin_sends_a_link_and_sees_it_used(
    person: Person, visitor: Page, product: Product
) -> None:
    email = "quilla@example.com"
    with db.transaction(SYSTEM) as session:
        make_user(session, email, name="Quilla Vance")
    page = person("boss@example.com", role="admin").open("/team/resets")
    page.get_by_role("button", name="Send a reset link").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Send link").click()
    expect(dialog.get_by_text("Choose who gets the link.")).to_be_visible()
    dialog.get_by_placeholder("Name or email").fill("quil")
    dialog.get_by_role("button", name=re.compile("Quilla Vance")).click()
    dialog.get_by_role("button", name="Send link").click()
    expect(dialog.get_by_text("Say why, for those who look")).to_be_visible()
    dialog.get_by_label("Reason").fill("Called from the shop")
    dialog.get_by_role("button", name="Send link").click()
    expect(page.get_by_text("A link is on its way to Quilla Vance")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Quilla Vance")
    expect(row).to_contain_text("Called from the shop")
    expect(row).to_contain_text("Waiting")
    text = wait_for_mail(product.simulator, email, "Choose a new password")
    assert "24 hours" in text
    visitor.goto(link_in(text, "/reset"))
    visitor.get_by_label("New password", exact=True).fill(NEW)
    visitor.get_by_role("button", name="Set the password").click()
    expect(visitor.get_by_text("Your password is changed")).to_be_visible()
    page.reload()
    expect(row).to_contain_text("Completed")


def test_an_admin_takes_a_link_back(person: Person, visitor: Page, product: Product) -> None:
    email = "rosalind@example.com"
    with db.transaction(SYSTEM) as session:
        make_user(session, email, name="Rosalind Thorne")
    page = person("boss@example.com", role="admin").open("/team/resets")
    page.get_by_role("button", name="Send a reset link").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_placeholder("Name or email").fill("rosalind")
    dialog.get_by_role("button", name=re.compile("Rosalind Thorne")).click()
    dialog.get_by_label("Reason").fill("Asked in person")
    dialog.get_by_role("button", name="Send link").click()
    link = link_in(wait_for_mail(product.simulator, email, "Choose a new password"), "/reset")
    page.get_by_role("button", name="Actions for Rosalind Thorne").click()
    page.get_by_role("menuitem", name="Cancel the link").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Cancel the link").click()
    expect(page.get_by_text("The link to Rosalind Thorne no longer works")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Canceled")).click()
    row = page.get_by_role("row").filter(has_text="Rosalind Thorne")
    expect(row.get_by_role("cell").nth(2)).to_have_text("Canceledby an admin")
    visitor.goto(link)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("This link no longer works")


def test_the_list_is_searched_and_a_marketer_does_not_see_it(person: Person) -> None:
    boss = person("boss@example.com", role="admin")
    with db.transaction(SYSTEM) as session:
        sent_to = make_user(session, "tamsin@example.com", name="Tamsin Reed")
    with db.transaction(boss.actor.administrating()) as session:
        password_resets.request_by_admin(
            session, boss.actor.administrating(), sent_to.id, "Asked in person"
        )
    page = boss.open("/team/resets")
    page.get_by_placeholder("Name or email").fill("nobody is called this")
    expect(page.get_by_text("No resets match")).to_be_visible()
    page.get_by_role("button", name="Show all resets").click()
    expect(page.get_by_placeholder("Name or email")).to_have_value("")
    user = person("marketer@example.com").open("/team/resets")
    expect(user.get_by_role("heading", name="This page is for admins")).to_be_visible()
    expect(user.get_by_role("row")).to_have_count(0)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_these_pages_fit_and_pass_axe(
    person: Person, viewport: dict[str, int], scheme: str
) -> None:
    window = person("boss@example.com", role="admin", viewport=viewport, scheme=scheme)

    def look() -> None:
        window.check_fits()
        window.check_accessibility()

    page = window.open("/team/resets")
    expect(page.get_by_role("button", name="Send a reset link").first).to_be_visible()
    look()
    page.get_by_role("button", name="Send a reset link").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look()
    page.keyboard.press("Escape")
    page = window.open("/settings/security")
    page.get_by_role("button", name="Change password").click()
    page.get_by_label("New password", exact=True).fill("correcthorse")
    expect(page.get_by_text("One more word")).to_be_visible()
    look()
