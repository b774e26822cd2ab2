"""Customers, groups and templates in a browser: found, added, changed, opted out, grouped, written to."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.services import customers, groups
from tests.browser.conftest import DESKTOP, PHONE, Person

SCHEMES = ["light", "dark"]


def _add_people(actor: Actor, *names: str, state: str = "TX") -> None:
    with db.transaction(actor) as session:
        taken = customers.count_everyone(session, actor)
        for number, name in enumerate(names, start=taken):
            first, _, last = name.partition(" ")
            customers.create_customer(
                session,
                actor,
                phone=f"+1512555{number + 100:04}",
                first_name=first,
                last_name=last,
                city="Austin",
                state=state,
            )


def _rows(page: Page) -> list[str]:
    return page.locator(".table tbody tr .row-link").all_inner_texts()


def test_somebody_without_customers_is_told_the_first_step(person: Person) -> None:
    window = person("nobody-yet@example.com")
    page = window.open("/customers/")
    expect(page.get_by_role("heading", name="No customers yet")).to_be_visible()
    expect(page.get_by_role("link", name="Import a file")).to_be_visible()
    window.check_accessibility()


def test_a_customer_is_added_found_changed_and_deleted(person: Person) -> None:
    window = person("people@example.com")
    _add_people(window.actor, "Ada Abernathy")
    page = window.open("/customers/")
    page.get_by_role("button", name="Add customer").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("First name").fill("Rosa")
    dialog.get_by_label("Last name").fill("Delgado")
    dialog.get_by_label("Mobile number").fill("(512) 555-01")
    dialog.get_by_role("button", name="Add customer").click()
    expect(dialog.get_by_text("8 digits, needs 10")).to_be_visible()
    dialog.get_by_label("Mobile number").fill("512.555.0178")
    dialog.get_by_role("button", name="Add customer").click()
    expect(dialog).to_be_hidden()

    page.get_by_label("Name, number or email").fill("+1 (512) 555 0178")
    expect(page.locator(".table tbody tr")).to_have_count(1)
    assert _rows(page) == ["Rosa Delgado"]

    page.get_by_role("button", name="Actions for Rosa Delgado").first.click()
    page.get_by_role("menuitem", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Mobile number").fill("(512) 555-0100")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("is the number of Ada Abernathy already")).to_be_visible()
    dialog.get_by_label("Mobile number").fill("(512) 555-0178")
    dialog.get_by_label("City").fill("Round Rock")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".table tbody")).to_contain_text("Round Rock")

    page.get_by_role("button", name="Actions for Rosa Delgado").first.click()
    page.get_by_role("menuitem", name="Delete customer").click()
    expect(page.get_by_role("heading", name="Delete Rosa Delgado?")).to_be_visible()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete customer").click()
    expect(page.get_by_text("Nobody matches")).to_be_visible()


def test_many_are_put_into_a_group_and_taken_out_again_by_undo(person: Person) -> None:
    window = person("many@example.com")
    _add_people(window.actor, *[f"Person {letter}" for letter in "ABCDE"])
    _add_people(window.actor, "Olive Oak", state="OK")
    with db.transaction(window.actor) as session:
        groups.create_group(session, window.actor, name="VIP")
    page = window.open("/customers/")
    page.get_by_role("button", name="State", exact=True).click()
    page.get_by_label("Texas").click()
    expect(page.locator(".table tbody tr")).to_have_count(5)
    page.keyboard.press("Escape")
    page.locator("thead .check").click()
    expect(page.get_by_text("5 selected")).to_be_visible()
    page.locator(".selection-bar").get_by_role("button", name="Add to group").click()
    page.get_by_role("dialog").get_by_role("button", name="VIP").click()
    expect(page.get_by_text("5 customers added to VIP")).to_be_visible()
    expect(page.locator(".table .group-chip")).to_have_count(5)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".table .group-chip")).to_have_count(0)


def test_an_opt_out_is_recorded_and_undone_and_stops_texts(person: Person) -> None:
    window = person("consent@example.com")
    _add_people(window.actor, "Rosa Delgado")
    page = window.open("/customers/")
    page.locator(".table .row-link").click()
    expect(page.get_by_role("heading", name="Rosa Delgado")).to_be_visible()
    page.get_by_role("button", name="Record opt-out").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Record opt-out").click()
    expect(page.get_by_text("Rosa gets no texts.")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("Opted out")
    window.check_accessibility()
    page.get_by_role("button", name="Undo opt-out").click()
    expect(page.get_by_label("Write to Rosa")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("Opt-out taken back")


def test_a_text_to_one_customer_arrives_while_the_page_is_open(person: Person) -> None:
    window = person("writer@example.com")
    _add_people(window.actor, "Rosa Delgado")
    page = window.open("/customers/")
    page.locator(".table .row-link").click()
    page.get_by_role("button", name="Send text").click()
    expect(page.get_by_text("Write the text first.")).to_be_visible()
    page.get_by_label("Write to Rosa").fill("Hi {first_name}, your rug is here")
    expect(page.get_by_text("1 segment")).to_be_visible()
    page.get_by_role("button", name="Send text").click()
    expect(page.locator(".bubble.out")).to_contain_text("Hi Rosa, your rug is here")
    expect(page.locator(".bubble.out .outcome")).to_contain_text("Sent", timeout=30_000)


def test_a_group_is_made_changed_copied_and_deleted(person: Person) -> None:
    window = person("groups@example.com")
    page = window.open("/groups/")
    page.get_by_role("button", name="New group").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make group").click()
    expect(dialog.get_by_text("Give the group a name.")).to_be_visible()
    dialog.get_by_label("Name").fill("Regulars")
    dialog.get_by_label("Pink").click(force=True)
    window.check_accessibility()
    dialog.get_by_role("button", name="Make group").click()
    expect(page.locator(".table tbody")).to_contain_text("Regulars")
    page.get_by_role("button", name="Actions for Regulars").first.click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.locator(".table tbody")).to_contain_text("Regulars (copy)")
    page.get_by_role("button", name="Actions for Regulars (copy)").first.click()
    page.get_by_role("menuitem", name="Delete group").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete group").click()
    expect(page.locator(".table tbody tr")).to_have_count(1)


def test_a_template_is_written_with_a_preview_and_deleted_with_an_undo(person: Person) -> None:
    window = person("templates@example.com")
    page = window.open("/templates/")
    page.get_by_role("button", name="New template").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Rugs")
    dialog.get_by_role("textbox", name="Text").fill("Hi {first_nam}, rugs are here")
    expect(dialog.get_by_text("Did you mean {first_name}?")).to_be_visible()
    dialog.get_by_role("textbox", name="Text").fill("Hi {first_name|there}, rugs are here")
    expect(dialog.locator(".phone")).to_contain_text("rugs are here")
    expect(dialog.locator(".phone .filled")).to_be_visible()
    window.check_accessibility()
    dialog.get_by_role("button", name="Save template").click()
    expect(page.locator(".template-cell", has_text="Rugs")).to_be_visible()
    page.get_by_role("button", name="Actions for Rugs").click()
    page.get_by_role("menuitem", name="Delete template").click()
    expect(page.locator(".template-cell", has_text="Rugs")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".template-cell", has_text="Rugs")).to_be_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/customers/", "/groups/", "/templates/"])
def test_the_lists_fit_and_can_be_read_by_everybody(
    person: Person, path: str, viewport: dict[str, int], scheme: str
) -> None:
    window = person("reader@example.com", viewport=viewport, scheme=scheme)
    with db.transaction(window.actor, read_only=True) as session:
        is_new = customers.count_everyone(session, window.actor) == 0
    if is_new:
        _add_people(window.actor, "Rosa Delgado", "Bryce Adams")
        with db.transaction(window.actor) as session:
            groups.create_group(session, window.actor, name="VIP", description="Ask first")
    page = window.open(path)
    expect(page.locator(".row-link:visible").first).to_be_visible()
    window.check_fits()
    window.check_accessibility()
