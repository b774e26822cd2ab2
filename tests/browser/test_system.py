"""The system overview in a browser: what stands well, what doesn't, while one looks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from mbs_app import db
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import MessageStatus, Role, UserStatus
from mbs_app.models import RefusedCallback
from tests.browser.conftest import DESKTOP, PHONE, Person
from tests.support.accounts import SYSTEM, make_user
from tests.support.campaigns import make_campaign

SCHEMES = ["light", "dark"]
WHOLE = 30_000  # milliseconds in which every part has been read


def test_an_admin_sees_every_part_and_what_to_look_at(person: Person) -> None:
    window = person("operator@example.com", role=Role.ADMIN)
    with db.transaction(SYSTEM) as session:
        make_user(session, "waits@system.example", status=UserStatus.PENDING)
        make_campaign(session, window.actor, {MessageStatus.DELIVERED: 9, MessageStatus.FAILED: 2})
    page = window.open("/system/")
    expect(page.get_by_text(re.compile("things? to look at")).first).to_be_visible(timeout=WHOLE)
    expect(page.locator(".attention")).to_contain_text("Approve or reject them under Team.")
    for title in ("Queue", "Twilio’s callbacks", "People", "Mail", "Storage", "Workers", "Version"):
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(page.locator(".failure-list")).to_contain_text("Number no longer in service 30005")
    expect(page.locator(".live-dot.on")).to_be_visible()
    page.get_by_role("link", name="Waiting", exact=True).click()
    expect(page).to_have_url(re.compile(r"/team\?status=pending"))


def test_what_changes_shows_while_one_looks(person: Person) -> None:
    window = person("watching-operator@example.com", role=Role.ADMIN)
    page = window.open("/system/")
    expect(page.locator(".live-dot.on")).to_be_visible(timeout=WHOLE)
    hour = utc_now().replace(minute=0, second=0, microsecond=0)
    with db.transaction(SYSTEM) as session:
        session.merge(RefusedCallback(hour=hour, kind="twilio", count=4321))
    expect(page.locator(".check-lines").get_by_text("4,321, the last")).to_be_visible(timeout=WHOLE)
    expect(page.locator(".attention")).to_contain_text("Bad signatures, 24 h")


def test_somebody_who_is_no_admin_sees_nothing_of_it(person: Person) -> None:
    window = person("curious-about-system@example.com")
    page = window.open("/system/")
    expect(page.get_by_role("heading", name="This page is for admins")).to_be_visible()
    expect(page.locator(".check-lines")).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_overview_fits_and_can_be_read_by_everybody(
    person: Person, viewport: dict[str, int], scheme: str
) -> None:
    window = person("system-reader@example.com", role=Role.ADMIN, viewport=viewport, scheme=scheme)
    page = window.open("/system/")
    expect(page.locator(".setting-list > li").first).to_be_visible(timeout=WHOLE)
    expect(page.locator(".skeleton")).to_have_count(0, timeout=WHOLE)
    window.check_fits()
    window.check_accessibility()
