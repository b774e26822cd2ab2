"""API keys and sessions in a real browser: made and shown once, seen and ended."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Person
from tests.support.accounts import PASSWORD, make_api_key
from tests.support.sessions import let_pass_for, user_of


def _get(address: str, key: str) -> int:
    request = urllib.request.Request(
        f"{address}/api/me", headers={"Authorization": f"Bearer {key}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            json.load(answer)
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def _make_key(page: Page, name: str) -> str:
    page.get_by_role("button", name="New key").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Send").check()
    dialog.get_by_role("button", name="Make key").click()
    shown = page.get_by_label("Your new key")
    expect(shown).to_have_value(re.compile(r"^mbs_[0-9a-f]{32}_"))
    return shown.input_value()


def test_a_key_is_made_shown_once_used_and_revoked(person: Person) -> None:
    window = person("keys@example.com")
    page = window.open("/settings/keys")
    expect(page.get_by_role("heading", name="No API keys yet")).to_be_visible()
    window.check_accessibility()
    key = _make_key(page, "Stock sync")
    window.check_accessibility()
    assert _get(window.product.address, key) == 200
    page.get_by_role("button", name="I have copied it").click()
    row = page.get_by_role("row", name=re.compile("Stock sync"))
    expect(row).to_contain_text("Read, send")
    page.reload()
    expect(row).to_contain_text("Just now")
    assert key not in page.content()
    row.get_by_role("button", name="Revoke Stock sync").click()
    page.get_by_role("button", name="Revoke key").click()
    expect(row).to_contain_text("Revoked today")
    assert _get(window.product.address, key) == 401


def test_an_old_session_confirms_and_comes_back_to_the_form(person: Person) -> None:
    window = person("keys-late@example.com")
    page = window.open("/settings/keys")
    expect(page.get_by_role("heading", name="No API keys yet")).to_be_visible()
    let_pass_for(window.actor.user_id, timedelta(hours=1))
    page.get_by_role("button", name="New key").first.click()
    expect(page.get_by_role("heading", name="Confirm that it’s you")).to_be_visible()
    window.check_accessibility()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="New API key")).to_be_visible()
    dialog.get_by_label("Name").fill("Stock sync")
    dialog.get_by_role("button", name="Make key").click()
    expect(page.get_by_label("Your new key")).to_have_value(re.compile("^mbs_"))


def test_who_left_the_form_open_for_long_confirms_first(person: Person) -> None:
    window = person("keys-open@example.com")
    page = window.open("/settings/keys")
    page.get_by_role("button", name="New key").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Stock sync")
    let_pass_for(window.actor.user_id, timedelta(hours=1))
    page.get_by_role("button", name="Make key").click()
    expect(page.get_by_role("heading", name="Confirm that it’s you")).to_be_visible()
    # A refusal is no fault of the page's; Chromium says so all the same.
    window.complaints[:] = [one for one in window.complaints if "403" not in one]


def test_the_key_is_copied_as_it_is_shown(person: Person) -> None:
    window = person("keys-copied@example.com")
    window.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.open("/settings/keys")
    key = _make_key(page, "Stock sync")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("The key is copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == key
    expect(page.get_by_label("Your new key")).to_have_value(key)


def test_a_key_that_the_browser_will_not_copy_stays_to_be_marked(person: Person) -> None:
    window = person("keys-not-copied@example.com")
    window.page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.execCommand = () => false;"
    )
    page = window.open("/settings/keys")
    key = _make_key(page, "Stock sync")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Mark the key and copy it")).to_be_visible()
    expect(page.get_by_label("Your new key")).to_have_value(key)


def test_a_key_says_what_is_wrong_with_it_and_keeps_what_was_typed(person: Person) -> None:
    window = person("keys-wrong@example.com")
    page = window.open("/settings/keys")
    page.get_by_role("button", name="New key").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Stock sync")
    dialog.get_by_label("Read").uncheck()
    dialog.get_by_role("button", name="Make key").click()
    expect(dialog.get_by_text("Choose at least one")).to_be_visible()
    expect(dialog.get_by_label("Name")).to_have_value("Stock sync")
    dialog.get_by_label("Works for").select_option("date")
    expect(dialog.get_by_label("Last day")).to_be_visible()
    window.check_accessibility()
    # A refused form is no fault of the page's; Chromium says so all the same.
    window.complaints[:] = [one for one in window.complaints if "422" not in one]


def test_only_an_admin_is_offered_the_scope_for_admins(person: Person) -> None:
    for email, role, offered in (
        ("keys-user@example.com", "user", 0),
        ("keys-admin@example.com", "admin", 1),
    ):
        page = person(email, role=role).open("/settings/keys")
        page.get_by_role("button", name="New key").first.click()
        expect(page.get_by_label("Send")).to_be_visible()
        expect(page.get_by_label("Admin")).to_have_count(offered)


def test_other_sessions_are_seen_and_ended_at_once(person: Person) -> None:
    here, there = person("sessions@example.com"), person("sessions@example.com")
    other = there.open("/templates")
    page = here.open("/settings/sessions")
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("row").nth(1)).to_contain_text("This device")
    here.check_accessibility()
    page.get_by_role("button", name="End all others").click()
    expect(page.get_by_role("alertdialog")).to_be_visible()
    here.check_accessibility()
    page.get_by_role("button", name="End 1 session").click()
    expect(page.get_by_role("row")).to_have_count(2)
    other.get_by_role("button", name="New template").first.click()
    expect(other).to_have_url(re.compile("/signin"))


def test_keys_and_sessions_fit_a_phone(person: Person) -> None:
    window = person("phone-keys@example.com", viewport=PHONE, scheme="dark")
    make_api_key(user_of(window.actor), "read", "write")
    page = window.open("/settings/keys")
    expect(page.get_by_role("listitem")).to_contain_text("Never used")
    window.check_fits()
    window.check_accessibility()
    _make_key(page, "Second")
    window.check_fits()
    window.check_accessibility()
    page = window.open("/settings/sessions")
    expect(page.get_by_role("listitem")).to_contain_text("This device")
    window.check_fits()
    window.check_accessibility()
