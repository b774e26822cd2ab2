"""The audit log in a browser: read, narrowed, unfolded, followed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from mbs_app import db
from mbs_app.domain.vocabulary import Role
from mbs_app.services import audit
from tests.browser.conftest import DESKTOP, PHONE, Person, Window
from tests.support.accounts import SYSTEM, actor_of, make_user

SCHEMES = ["light", "dark"]


def _admin(person: Person, email: str, **options: object) -> Window:
    return person(email, role=Role.ADMIN, **options)


def _happen(window: Window, name: str, *actions: str) -> None:
    """Things that an admin of this name did."""
    with db.transaction(SYSTEM) as session:
        did = actor_of(make_user(session, f"{name.split()[0].lower()}@audit.example", name=name))
        for action in actions:
            audit.record(session, did, action, "campaign", f"c-{name}", name=f"{name}’s sale")


def _sentences(page: Page) -> list[str]:
    return page.locator(".table .sentence").all_inner_texts()


def test_an_admin_reads_who_did_what_and_narrows_it(person: Person) -> None:
    window = _admin(person, "auditor@example.com")
    _happen(window, "Ursula Bright", "campaign.launch", "campaign.pause")
    _happen(window, "Tomas Quill", "campaign.launch")
    page = window.open("/audit/")
    expect(page.locator(".table .sentence").first).to_have_text(
        "Tomas Quill pressed Send for “Tomas Quill’s sale”"
    )

    page.get_by_role("button", name="Person", exact=True).click()
    page.get_by_placeholder("Name or email").fill("ursula")
    page.locator(".people-picker").get_by_role("button", name="Ursula Bright").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("2 events")).to_be_visible()
    assert _sentences(page) == [
        "Ursula Bright paused “Ursula Bright’s sale”",
        "Ursula Bright pressed Send for “Ursula Bright’s sale”",
    ]

    page.get_by_label("Name, act or detail").fill("paused")
    expect(page.locator(".table .sentence")).to_have_count(1)
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator(".table .sentence").first).to_have_text(
        re.compile("looked up what Ursula Bright did")
    )


def test_an_event_unfolds_and_leads_to_others_like_it(person: Person) -> None:
    window = _admin(person, "unfolder@example.com")
    _happen(window, "Wanda Pike", "campaign.launch", "campaign.cancel")
    page = window.open("/audit/")
    page.get_by_label(re.compile("Show the details of: Wanda Pike canceled")).first.click()
    expect(page.locator(".opened-detail .audit-facts")).to_contain_text("campaign.cancel")
    window.check_accessibility()
    page.get_by_role("button", name="Everything done to “Wanda Pike’s sale”").click()
    expect(page.locator(".table .sentence")).to_have_count(2)
    expect(page.locator(".chip.set")).to_contain_text("Wanda Pike’s sale")


def test_what_happens_meanwhile_waits_behind_a_button(person: Person) -> None:
    window = _admin(person, "watcher@example.com")
    _happen(window, "Vera Stone", "campaign.launch")
    page = window.open("/audit/?group=work")
    expect(page.locator(".table .sentence").first).to_contain_text("Vera Stone pressed Send")
    _happen(window, "Yuri Lane", "campaign.launch", "campaign.pause")
    newer = page.get_by_role("button", name="2 newer")
    expect(newer).to_be_visible(timeout=15_000)
    expect(page.locator(".table .sentence").first).to_contain_text("Vera Stone")
    newer.click()
    expect(page.locator(".table .sentence").first).to_contain_text("Yuri Lane paused")
    expect(newer).to_have_count(0)


def test_an_address_that_is_none_is_refused_at_its_field(person: Person) -> None:
    window = _admin(person, "addresses@example.com")
    page = window.open("/audit/")
    page.get_by_role("button", name="Address", exact=True).click()
    page.get_by_label("IP address").fill("over there")
    expect(page.get_by_text("Enter an address such as 203.0.113.7.")).to_be_visible()
    page.get_by_label("IP address").fill("192.0.2.200")
    expect(page.get_by_role("heading", name="Nothing like this happened")).to_be_visible()
    page.get_by_role("button", name="Clear search and filters").click()
    expect(page.locator(".table .sentence").first).to_be_visible()


def test_what_is_shown_is_what_is_exported(person: Person) -> None:
    window = _admin(person, "exporter@example.com")
    _happen(window, "Xenia Ford", "campaign.launch", "campaign.pause")
    page = window.open("/audit/")
    page.get_by_label("Name, act or detail").fill("xenia paused")
    expect(page.locator(".table .sentence")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Xenia Ford paused “Xenia Ford’s sale”" in text
    assert "pressed Send" not in text


def test_somebody_who_is_no_admin_sees_nothing_of_it(person: Person) -> None:
    window = person("curious@example.com")
    page = window.open("/audit/")
    expect(page.get_by_role("heading", name="This page is for admins")).to_be_visible()
    expect(page.locator(".sentence")).to_have_count(0)


def test_a_phone_narrows_in_a_dialog(person: Person) -> None:
    window = _admin(person, "thumbs@example.com", viewport=PHONE)
    _happen(window, "Zoe Marsh", "campaign.launch")
    page = window.open("/audit/")
    page.get_by_role("button", name="Filter").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Kind").select_option("work")
    dialog.get_by_label("When").select_option("today")
    window.check_accessibility()
    dialog.get_by_role("button", name="Show").click()
    expect(page.locator(".cards .sentence").first).to_contain_text("Zoe Marsh pressed Send")
    expect(page.locator(".chip.set")).to_have_count(2)
    page.locator(".cards").get_by_label(re.compile("Show the details of: Zoe Marsh")).first.click()
    expect(page.locator(".card-detail")).to_contain_text("campaign.launch")
    window.check_fits()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_log_fits_and_can_be_read_by_everybody(
    person: Person, viewport: dict[str, int], scheme: str
) -> None:
    window = _admin(person, "log-reader@example.com", viewport=viewport, scheme=scheme)
    page = window.open("/audit/")
    expect(page.locator(".sentence:visible").first).to_be_visible()
    window.check_fits()
    window.check_accessibility()
