"""Pages for admins, opened by somebody who is none."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from mbs_app.ui.access import Access, accesses_of
from mbs_app.ui.pages import PAGES
from tests.browser.conftest import DESKTOP, PHONE, Person

FOR_ADMINS = sorted(
    page.ROUTE for page in PAGES if Access.ADMIN in accesses_of(getattr(page, "ON_LOAD", []))
)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_page_for_admins_says_so_and_leads_back(person: Person, size: dict[str, int]) -> None:
    window = person("no-admin@example.com", viewport=size)
    assert {"/audit", "/invites", "/system", "/system/mails", "/team"} <= {*FOR_ADMINS}
    for address in FOR_ADMINS:
        page = window.open(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("This page is for admins")
        expect(page.get_by_role("status")).to_have_count(0)
        expect(page.locator(".skeleton")).to_have_count(0)
    window.check_fits()
    window.check_accessibility()
    page.get_by_role("link", name="Go to the overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_an_admin_sees_it(person: Person) -> None:
    page = person("is-admin@example.com", role="admin").open("/audit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
    expect(page.get_by_role("searchbox")).to_be_visible()  # loaded
    expect(page.get_by_text("This page is for admins")).to_have_count(0)
