"""The composer and the check in a browser, beyond the main job: typing, fields, audiences, times, lists."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from mbs_app import db
from mbs_app.models import Customer, Group, GroupMembership, Suppression
from mbs_app.services import campaigns
from tests.browser.conftest import DESKTOP, PHONE, Person, Window
from tests.support.accounts import SYSTEM

BODY = "Hi {first_name|there}, {points} points wait for you. Reply STOP to opt out"


def _give_customers(window: Window, numbers: str) -> None:
    """Six people, two of them in a group, one opted out, one without a name."""
    actor = window.actor
    names = ["Rosa", "Marcus", "Zoë", "Christopher", "", "Ann"]
    with db.transaction(actor) as session:
        people = [
            Customer(
                user_id=actor.user_id,
                phone=f"+1512556{numbers}{number:02}",
                first_name=name,
                last_name="Delgado" if name else "",
                city="Austin",
                state="TX" if number % 2 else "OK",
                attributes={"points": 10**number},
            )
            for number, name in enumerate(names)
        ]
        group = Group(user_id=actor.user_id, name="Loyalty")
        session.add_all([*people, group])
        session.flush()
        for person in people[:2]:
            session.add(
                GroupMembership(user_id=actor.user_id, group_id=group.id, customer_id=person.id)
            )
    with db.transaction(SYSTEM) as session:
        session.add(Suppression(user_id=actor.user_id, address=people[5].phone, reason="recorded"))


def _open_draft(window: Window, body: str = BODY) -> Page:
    with db.transaction(window.actor) as session:
        draft = campaigns.create_draft(
            session, window.actor, name="Double points", message_body=body
        )
    page = window.open(f"/campaigns/{draft.id}/edit")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    return page


def test_fields_go_in_at_the_caret_and_the_text_is_kept(person: Person) -> None:
    window = person("composer-fields@example.com")
    _give_customers(window, "01")
    page = _open_draft(window, "Hi , see you")
    editor = page.get_by_role("textbox", name="Message")
    editor.click()
    editor.press("Home")
    for _ in range(3):
        editor.press("ArrowRight")
    page.get_by_role("button", name="First name", exact=True).click()
    expect(editor).to_have_value("Hi {first_name|there}, see you")
    expect(page.locator(".bubble-text")).to_contain_text(re.compile(r"Hi \w+, see you"))
    page.get_by_role("button", name="Add “Reply STOP to opt out”").click()
    expect(editor).to_have_value("Hi {first_name|there}, see you. Reply STOP to opt out")
    expect(page.get_by_text(re.compile("^Saved"))).to_be_visible()
    page.wait_for_timeout(800)
    page.reload()
    expect(editor).to_have_value("Hi {first_name|there}, see you. Reply STOP to opt out")


def test_an_unknown_field_is_pointed_out_and_does_not_reach_the_button(person: Person) -> None:
    window = person("composer-unknown@example.com")
    _give_customers(window, "02")
    page = _open_draft(window, "Hi {first_nam}. Reply STOP to opt out")
    expect(page.get_by_text("Did you mean {first_name}?")).to_be_visible()
    window.check_accessibility()
    page.get_by_role("button", name="Check before sending").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check before sending")
    expect(page.get_by_role("alert").get_by_text("Did you mean {first_name}?")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Send to"))).to_be_disabled()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_the_audience_is_counted_as_it_is_chosen(person: Person, viewport: dict[str, int]) -> None:
    window = person(f"composer-reach-{viewport['width']}@example.com", viewport=viewport)
    _give_customers(window, "03" if viewport is DESKTOP else "04")
    page = _open_draft(window)
    expect(page.locator(".reach")).to_contain_text("1 left out: 1 opted out")
    page.get_by_text("Groups and states", exact=True).click()
    page.get_by_role("button", name="Group", exact=True).click()
    page.get_by_label("Loyalty").check()
    page.keyboard.press("Escape")
    expect(page.locator(".reach")).to_contain_text("of 2 who match")
    page.get_by_role("button", name="State", exact=True).click()
    page.get_by_label("Texas").check()
    page.keyboard.press("Escape")
    expect(page.locator(".reach")).to_contain_text("of 1 person who matches")
    window.check_accessibility()
    window.check_fits()
    page.get_by_text("Chosen people", exact=True).click()
    page.get_by_role("searchbox", name="Name, number or email").fill("christ")
    page.get_by_role("button", name=re.compile("Christopher Delgado")).first.click()
    expect(page.get_by_role("button", name="Remove Christopher Delgado")).to_be_visible()
    expect(page.locator(".reach")).to_contain_text("of 1 person who matches")
    window.check_accessibility()
    window.check_fits()


def test_a_time_is_picked_in_a_zone_and_one_that_never_occurs_is_refused(person: Person) -> None:
    window = person("composer-time@example.com")
    _give_customers(window, "05")
    page = _open_draft(window)
    page.get_by_text("At a set time", exact=True).click()
    page.get_by_label("Date").fill("2027-03-14")
    page.get_by_label("Time", exact=True).fill("02:30")
    expect(page.get_by_text(re.compile("clocks go forward"))).to_be_visible()
    page.get_by_role("button", name="Check before sending").click()
    expect(page).to_have_url(re.compile("/edit"))
    page.get_by_label("Time", exact=True).fill("20:15")
    expect(page.get_by_text("Mar 14, 2027 8:15 PM CT")).to_be_visible()
    page.get_by_role("button", name="Check before sending").click()
    send = page.get_by_role("button", name="Send to 5 people on Mar 14, 2027 at 8:15 PM")
    expect(send).to_be_enabled()
    send.dblclick()
    expect(page).to_have_url(re.compile(r"/campaigns/[0-9a-f-]+/?$"))
    page = window.open("/campaigns")
    expect(page.get_by_role("row", name=re.compile("Double points"))).to_contain_text("Scheduled")


@pytest.mark.parametrize(
    ("viewport", "scheme", "numbers"), [(DESKTOP, "dark", "06"), (PHONE, "light", "07")]
)
def test_the_numbers_of_the_check_open_their_lists(
    person: Person, viewport: dict[str, int], scheme: str, numbers: str
) -> None:
    window = person(f"check-{numbers}@example.com", viewport=viewport, scheme=scheme)
    _give_customers(window, numbers)
    page = _open_draft(window)
    page.get_by_role("button", name="Check before sending").click()
    expect(page.get_by_text("Adds up")).to_be_visible()
    window.check_accessibility()
    window.check_fits()
    page.get_by_role("button", name="List: Opted out").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Ann Delgado")).to_be_visible()
    window.check_accessibility()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="List: First name: “there”").click()
    expect(dialog.get_by_text("Hi there, 10000 points")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Read more").click()
    expect(dialog.get_by_text("Rows 1–5 of 5")).to_be_visible()


def test_a_test_text_asks_for_ones_number_once(person: Person) -> None:
    window = person("composer-test@example.com")
    _give_customers(window, "08")
    page = _open_draft(window)
    page.get_by_role("button", name="Text me a test").click()
    page.get_by_label("Your mobile number").fill("(512) 556-0899")
    window.check_accessibility()
    page.get_by_role("button", name="Send the test").click()
    expect(page.get_by_text("Test on its way to (512) 556-0899")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Text me a test").click()
    expect(page.get_by_label("Your mobile number")).to_have_value("(512) 556-0899")


def test_a_template_takes_the_place_of_the_text_until_undone(person: Person) -> None:
    window = person("composer-template@example.com")
    page = _open_draft(window)
    editor = page.get_by_role("textbox", name="Message")
    page.get_by_role("button", name="Start from a template").click()
    page.get_by_role("searchbox", name="Name or words of a template").fill("weekend")
    page.get_by_role("button", name=re.compile("Weekend sale")).click()
    expect(editor).to_have_value(re.compile("20% off"))
    page.get_by_role("button", name="Undo").click()
    expect(editor).to_have_value(BODY)


def test_the_list_searches_duplicates_and_deletes(person: Person) -> None:
    window = person("campaign-list@example.com")
    _open_draft(window)
    page = window.open("/campaigns")
    page.get_by_role("button", name="More for Double points").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page).to_have_url(re.compile("/edit"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Double points (copy)")
    page = window.open("/campaigns")
    page.get_by_role("searchbox", name="Name or words of the text").fill("copy")
    expect(page.get_by_text("Rows 1–1 of 1")).to_be_visible()
    page.get_by_role("button", name="More for Double points (copy)").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete campaign").click()
    expect(page.get_by_text("“Double points (copy)” deleted")).to_be_visible()
    expect(page.get_by_text("No campaigns match")).to_be_visible()
    window.check_accessibility()
