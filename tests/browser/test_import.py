"""Importing in a browser: files of all kinds, changed columns, a group, stopping, and mending what was refused."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from mbs_app import db
from mbs_app.models import Customer, GroupMembership, Suppression
from tests.browser.conftest import DESKTOP, PHONE, Person, Window
from tests.support.accounts import SYSTEM

FIXTURES = Path(__file__).parent.parent / "fixtures" / "csv"
WORK_MS = 60_000


def _upload(window: Window, file: Path | dict[str, object]) -> Page:
    page = window.open("/import/")
    page.locator("input[type=file]").set_input_files(file)
    return page


def _checked(window: Window, file: Path | dict[str, object]) -> Page:
    """Upload a file and wait for its check."""
    page = _upload(window, file)
    expect(page.get_by_text("Put all")).to_be_visible(timeout=WORK_MS)
    return page


def _line(page: Page, name: str) -> Locator:
    return page.locator(".import-ledger > li").filter(has=page.locator("b", has_text=name))


def _customers(window: Window) -> dict[str, Customer]:
    with db.transaction(SYSTEM, read_only=True) as session:
        found = session.exec(
            Customer.__table__.select().where(Customer.user_id == window.actor.user_id)
        ).all()
    return {row.phone: row for row in found}


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")],
)
def test_every_step_can_be_read_and_fits(
    person: Person, viewport: dict[str, int], scheme: str
) -> None:
    kind = f"{viewport['width']}-{scheme}"
    window = person(f"look-{kind}@example.com", viewport=viewport, scheme=scheme)
    page = window.open("/import/")
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    window.check_accessibility()
    window.check_fits()
    page = _checked(window, FIXTURES / "loyalty-export.csv")
    expect(page.get_by_text("Adds up")).to_be_visible()
    window.check_accessibility()
    window.check_fits()
    page.get_by_role("button", name="Import 232 customers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Import finished", timeout=WORK_MS)
    window.check_accessibility()
    window.check_fits()
    assert len(_customers(window)) == 232


@pytest.mark.parametrize("name", ["loyalty-utf-16.csv", "loyalty-windows-1252.csv"])
def test_other_encodings_and_delimiters_are_read(person: Person, name: str) -> None:
    window = person(f"{name}@example.com")
    page = _checked(window, FIXTURES / name)
    expect(_line(page, "Added").locator(".figure")).to_have_text(re.compile("39"))


def test_a_workbook_is_told_from_a_csv(person: Person) -> None:
    window = person("workbook@example.com")
    page = _upload(
        window, {"name": "people.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04rest"}
    )
    expect(page.get_by_role("alert")).to_contain_text("This is an Excel workbook, not a CSV file.")
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()


def test_columns_a_group_and_opt_outs(person: Person) -> None:
    window = person("columns@example.com")
    rosa = "+15125550178"
    with db.transaction(SYSTEM) as session:
        session.add(Suppression(user_id=window.actor.user_id, address=rosa, reason="recorded"))
    page = _checked(window, FIXTURES / "loyalty-export.csv")
    expect(_line(page, "Stay opted out").locator(".figure")).to_have_text("1")
    expect(page.get_by_text("Opt-outs always win.")).to_be_visible()

    page.get_by_label("Where store_cd goes").filter(visible=True).select_option("skip")
    expect(page.get_by_text("8 matched, 1 left out.")).to_be_visible()
    expect(page.get_by_text("Your choice").filter(visible=True)).to_be_visible()
    expect(page.get_by_text("Put all")).to_be_visible(timeout=WORK_MS)

    page.get_by_label("Put all 232 in a group").select_option("new")
    page.get_by_role("dialog").get_by_label("Name").fill("Loyalty")
    page.get_by_role("button", name="Create group").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Import 231 customers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Import finished", timeout=WORK_MS)
    expect(page.get_by_text("Everybody imported is in the group Loyalty.")).to_be_visible()

    people = _customers(window)
    assert people[rosa].first_name == "Rosa"
    assert "store_cd" not in people[rosa].attributes
    with db.transaction(SYSTEM, read_only=True) as session:
        members = session.exec(
            GroupMembership.__table__.select().where(
                GroupMembership.user_id == window.actor.user_id
            )
        ).all()
    assert len(members) == 232


def test_a_file_without_numbers_asks_for_the_column(person: Person, tmp_path: Path) -> None:
    window = person("no-numbers@example.com")
    file = tmp_path / "shoes.csv"
    file.write_text("First name,Ref\nRosa,512555014\nTy,512555015\n")
    page = _upload(window, file)
    expect(page.get_by_text("Choose the column that holds the mobile numbers.")).to_be_visible()
    expect(page.get_by_role("button", name="Import customers")).to_be_disabled()
    page.get_by_label("Where Ref goes").filter(visible=True).select_option("phone")
    expect(_line(page, "Refused").locator(".figure")).to_have_text("2", timeout=WORK_MS)
    expect(page.get_by_text("No row of this file can be imported.")).to_be_visible()


def test_refused_rows_are_filtered_and_come_back_as_a_file(person: Person, tmp_path: Path) -> None:
    window = person("refused@example.com")
    page = _checked(window, FIXTURES / "loyalty-export.csv")
    rows = page.locator(".refused-rows tbody tr")
    expect(rows).to_have_count(8)
    page.get_by_role("button", name="No number 2").click()
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Gloria Menchaca")
    page.get_by_role("button", name="Taken without a value 1").click()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Email left out: not an address")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download refused rows").click()
    file = tmp_path / "refused.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as text:
        table = list(csv.DictReader(text))
    assert len(table) == 8
    assert (table[0]["first_nm"], table[0]["Row in file"]) == ("Pat", "41")
    assert table[0]["Reason"] == "Not a phone number: 8 digits, needs 10"


def test_a_large_import_is_stopped_and_goes_on(person: Person, tmp_path: Path) -> None:
    window = person("large@example.com")
    file = tmp_path / "large.csv"
    people = 30_000
    file.write_text(
        "Mobile,First name\n"
        + "".join(f"512{200 + n // 10_000}{n % 10_000:04d},Rosa\n" for n in range(people))
    )
    page = _checked(window, file)
    page.get_by_role("button", name="Import 30,000 customers").click()
    while not _customers(window):  # stopped before its first rows, it would be as if never started
        page.wait_for_timeout(50)
    page.get_by_role("button", name="Stop", exact=True).click()
    stopped = page.get_by_text("rows are imported; the others are as they were.")
    expect(stopped).to_be_visible(timeout=WORK_MS)
    said = re.search(r"Stopped\. ([\d,]+) of 30,000", stopped.inner_text())
    assert said is not None
    assert len(_customers(window)) == int(said[1].replace(",", "")) < people
    expect(page.get_by_text("Adds up")).to_be_visible()
    page.get_by_role("button", name="Import the rest").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Import finished", timeout=WORK_MS)
    assert len(_customers(window)) == people


def test_an_earlier_import_is_found_again_and_taken_off_the_list(person: Person) -> None:
    window = person("list@example.com")
    _checked(window, FIXTURES / "loyalty-utf-16.csv")
    page = window.open("/import/")
    row = page.locator(".table tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Checked, nothing saved yet")
    page.get_by_role("button", name="Take loyalty-utf-16.csv off the list").first.click()
    page.get_by_role("button", name="Take it off the list").click()
    expect(row).to_have_count(0)


def test_somebody_else_s_import_does_not_exist(person: Person) -> None:
    window = person("owner-of-import@example.com")
    address = _checked(window, FIXTURES / "loyalty-utf-16.csv").url
    other = person("curious@example.com")
    page = other.open(address.removeprefix(other.product.address))
    expect(page.get_by_text("There is no such import")).to_be_visible()
