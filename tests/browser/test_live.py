"""The live pages in real browsers: every open one moves, nothing jumps, and a phone can do it all."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import CampaignStatus, MessageStatus
from mbs_app.models import Campaign, CampaignMessage, Customer
from mbs_app.queries import counters
from tests.browser.conftest import DESKTOP, PHONE, Person
from tests.support.accounts import SYSTEM
from tests.support.campaigns import make_campaign

S = MessageStatus


def start(
    actor: Actor,
    outcomes: dict[MessageStatus, int],
    *,
    status: CampaignStatus = CampaignStatus.PAUSED,
    name: str = "Fall clearance",
    **values: object,
) -> UUID:
    """A campaign nobody sends for: paused, so that the product's own sender leaves it alone."""
    with db.transaction(actor) as session:
        taken = len(session.exec(select(Customer.id)).all())
        assert not taken, "each test has a person of its own"
        return make_campaign(session, actor, outcomes, status=status, name=name, **values).id


def deliver(campaign_id: UUID, count: int) -> None:
    """What receipts do: rows and counters together, in another process than the pages'."""
    with db.transaction(SYSTEM) as session:
        for message in session.exec(
            select(CampaignMessage)
            .where(CampaignMessage.campaign_id == campaign_id, CampaignMessage.status == S.SENT)
            .limit(count)
        ):
            message.status, message.delivered_at = S.DELIVERED, utc_now()
            message.updated_at = utc_now()
            session.add(message)
        session.flush()
        counters.move(session, campaign_id, {(S.SENT, S.DELIVERED): count})


def column(page: Page, outcome: str) -> object:
    return page.locator(".ledger-column", has_text=outcome).locator("b")


def test_two_browsers_move_within_a_second_or_so(person: Person) -> None:
    one, two = person("two@example.com"), person("two@example.com", viewport=PHONE, scheme="dark")
    campaign = start(one.actor, {S.SENT: 40, S.DELIVERED: 20, S.FAILED: 2, S.SKIPPED: 3})
    pages = [window.open(f"/campaigns/{campaign}") for window in (one, two)]
    for page in pages:
        expect(column(page, "Delivered")).to_have_text("20")
        expect(page.locator(".live-dot:visible")).to_have_text("Live")
    deliver(campaign, 7)
    for page in pages:
        expect(column(page, "Delivered")).to_have_text("27")
        expect(column(page, "Sent")).to_have_text("33")
        expect(page.get_by_text("Adds up")).to_be_visible()
    one.check_accessibility()
    two.check_accessibility()
    two.check_fits()


def test_the_list_keeps_its_rows_and_counts_what_is_newer(person: Person) -> None:
    window = person("list@example.com")
    campaign = start(window.actor, {S.SENT: 60, S.FAILED: 4})
    page = window.open(f"/campaigns/{campaign}")
    names = page.locator("tbody tr.table-row td:nth-child(4)")
    expect(names).to_have_count(50)
    before = names.all_inner_texts()
    with db.transaction(SYSTEM) as session:  # the ten below the first page
        last = session.exec(
            select(CampaignMessage)
            .where(CampaignMessage.campaign_id == campaign)
            .order_by(col(CampaignMessage.updated_at))
            .limit(10)
        ).all()
        for message in last:
            message.updated_at = utc_now() + timedelta(seconds=1)
            session.add(message)
        session.flush()
        counters.move(session, campaign, {(S.SENT, S.DELIVERED): 0})
    deliver(campaign, 5)
    expect(page.get_by_role("button", name=re.compile("newer"))).to_be_visible()
    assert names.all_inner_texts() == before
    page.get_by_role("button", name=re.compile("newer")).click()
    expect(page.get_by_role("button", name=re.compile("newer"))).to_have_count(0)
    assert names.all_inner_texts() != before


def test_outcomes_filter_the_list_and_a_row_tells_its_history(person: Person) -> None:
    window = person("filter@example.com")
    campaign = start(window.actor, {S.DELIVERED: 6, S.FAILED: 2})
    page = window.open(f"/campaigns/{campaign}")
    page.get_by_role("tab", name=re.compile("Failed")).click()
    rows = page.locator("tbody tr.table-row")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name=re.compile("Show what happened to")).first.press("Enter")
    opened = page.locator("tr.opened-detail")
    expect(opened).to_contain_text("Text as sent")
    expect(opened).to_contain_text("code 30005")
    window.check_accessibility()
    page.get_by_role("searchbox", name="Name or number").fill("nobody")
    expect(page.get_by_text("No text matches")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(rows).to_have_count(8)


def test_cancelling_names_the_number_and_keeping_on_comes_first(person: Person) -> None:
    window = person("cancel@example.com")
    campaign = start(window.actor, {S.DELIVERED: 5, S.PENDING: 12})
    page = window.open(f"/campaigns/{campaign}")
    page.get_by_role("button", name="Cancel campaign").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Cancel “Fall clearance”?")
    expect(dialog.get_by_role("button", name="Keep it paused")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Cancel campaign").click()
    dialog.get_by_role("button", name="Cancel 12 texts").click()
    expect(page.locator(".title-line").get_by_text("Canceled")).to_be_visible()


@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_a_late_schedule_asks_first(person: Person, viewport: dict[str, int], scheme: str) -> None:
    window = person(f"late-{scheme}@example.com", viewport=viewport, scheme=scheme)
    campaign = start(
        window.actor,
        {},
        status=CampaignStatus.SCHEDULED,
        scheduled_at=utc_now() - timedelta(hours=3),
        late_since=utc_now() - timedelta(hours=1),
        audience={"mode": "all"},
    )
    with db.transaction(SYSTEM) as session:
        row = session.get(Campaign, campaign)
        assert row is not None
        row.launched_at = None
        session.add(Customer(user_id=window.actor.user_id, phone="+15125550199"))
    page = window.open(f"/campaigns/{campaign}")
    expect(page.get_by_text("while the program was down")).to_be_visible()
    expect(page.get_by_role("button", name="Send now to 1 person")).to_be_visible()
    window.check_accessibility()
    window.check_fits()
    page.get_by_role("button", name="Don’t send").click()
    expect(page.get_by_text("This campaign is a draft")).to_be_visible()


def test_another_owner_finds_no_such_campaign(person: Person) -> None:
    mine, theirs = person("mine@example.com"), person("theirs@example.com")
    campaign = start(mine.actor, {S.DELIVERED: 1}, name="A secret sale")
    page = theirs.open(f"/campaigns/{campaign}")
    expect(page.get_by_text("No such campaign")).to_be_visible()
    expect(page.get_by_text("A secret sale")).to_have_count(0)


@pytest.mark.parametrize(("viewport", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")])
def test_the_overview_leads_to_the_first_campaign_and_then_follows_it(
    person: Person, viewport: dict[str, int], scheme: str
) -> None:
    window = person(f"overview-{scheme}@example.com", viewport=viewport, scheme=scheme)
    page = window.open("/")
    expect(page.get_by_text("Three steps to your first campaign")).to_be_visible()
    window.check_accessibility()
    window.check_fits()

    campaign = start(window.actor, {S.SENT: 30, S.DELIVERED: 10, S.FAILED: 2})
    page = window.open("/")
    expect(page.get_by_text("10 delivered so far")).to_be_visible()
    deliver(campaign, 4)
    expect(page.get_by_text("14 delivered so far")).to_be_visible()
    expect(page.get_by_text("Number no longer in service").first).to_be_visible()
    window.check_accessibility()
    window.check_fits()


def test_signing_out_elsewhere_ends_the_live_page(person: Person) -> None:
    window = person("leaver@example.com")
    campaign = start(window.actor, {S.SENT: 5})
    page = window.open(f"/campaigns/{campaign}")
    expect(page.locator(".live-dot:visible")).to_have_text("Live")
    page.evaluate("fetch('/api/auth/logout', {method: 'POST'})")
    time.sleep(1)
    deliver(campaign, 1)
    expect(page).to_have_url(re.compile("/signin"))
    expect(page.get_by_text("You were signed out. Sign in again to go on.")).to_be_visible()
