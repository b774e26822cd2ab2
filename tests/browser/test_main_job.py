"""The main job, as a new user does it: sign in, import a real file, write, check, send, watch, account for all."""

from __future__ import annotations

import json
import re
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from mbs_app import db
from mbs_app.models import Campaign, CampaignMessage
from tests.browser.conftest import DESKTOP, PHONE, Person, Window
from tests.support.accounts import SYSTEM

# As a spreadsheet in Germany writes it: Windows-1252, semicolons, its own headings, one bad row, one twice.
FILE = (
    "Vorname;Nachname;Handy;Ort;Punkte\n"
    'Zoë;Marsh;="(512) 557-{0}01";Austin;940\n'
    "Tyrell;Washington;512.557.{0}02;Round Rock;86\n"
    ";Boone;+1 512 557 {0}03;Austin;12480\n"
    "Pat;Lindqvist;512-557-01;Austin;1\n"
    "Rosa;Delgado;(512) 557-{0}02;Austin;7\n"
)
FINISH_MS = 60_000


def _accepted_by_the_carrier(window: Window) -> Counter[str]:
    with urllib.request.urlopen(f"{window.product.simulator}/simulator/ledger") as answer:
        lines = answer.read().decode().splitlines()
    return Counter(json.loads(line)["to"] for line in lines if line.strip())


def _seen(page: Page, words: str) -> Locator:
    """Tables have a twin of cards for phones; one of the two is hidden."""
    return page.get_by_text(words).filter(visible=True).first


def _import_file(window: Window, folder: Path, digits: str) -> None:
    file = folder / "kunden.csv"
    file.write_bytes(FILE.format(digits).encode("cp1252"))
    page = window.open("/import")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check your import")
    button = page.get_by_role("button", name="Import 3 customers")
    expect(button).to_be_enabled(timeout=FINISH_MS)
    expect(_seen(page, "8 digits")).to_be_visible()
    window.check_accessibility()
    window.check_fits()
    button.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Import finished", timeout=FINISH_MS
    )


def _write_and_send(window: Window) -> Page:
    page = window.open("/campaigns")
    page.get_by_role("button", name="New campaign").filter(visible=True).first.click()
    expect(page).to_have_url(re.compile("/campaigns/.*/edit"))
    editor = page.get_by_role("textbox", name="Message")
    editor.fill("Hi {first_name|there}, you have {punkte} points. Reply STOP to opt out")
    expect(_seen(page, "will get it")).to_be_visible()
    expect(page.get_by_text(re.compile("Saved"))).to_be_visible()
    window.check_accessibility()
    window.check_fits()
    page.get_by_role("button", name="Check before sending").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check before sending")
    send = page.get_by_role("button", name=re.compile("Send to 3 people"))
    expect(send).to_be_enabled(timeout=FINISH_MS)
    window.check_accessibility()
    window.check_fits()
    send.click()
    expect(page).to_have_url(re.compile(r"/campaigns/[0-9a-f-]+/?$"))
    return page


@pytest.mark.parametrize(
    ("viewport", "scheme", "digits"), [(DESKTOP, "light", "01"), (PHONE, "dark", "02")]
)
def test_from_a_file_to_texts_that_are_all_accounted_for(
    person: Person, tmp_path: Path, viewport: dict[str, int], scheme: str, digits: str
) -> None:
    window = person(f"main{digits}@example.com", viewport=viewport, scheme=scheme)
    _import_file(window, tmp_path, digits)
    page = _write_and_send(window)

    expect(_seen(page, "Finished")).to_be_visible(timeout=FINISH_MS)
    expect(_seen(page, "Adds up")).to_be_visible()
    window.check_accessibility()
    window.check_fits()

    with db.transaction(SYSTEM, read_only=True) as session:
        campaign = session.exec(
            Campaign.__table__.select().where(Campaign.user_id == window.actor.user_id)
        ).one()
        texts = session.exec(
            CampaignMessage.__table__.select().where(CampaignMessage.campaign_id == campaign.id)
        ).all()
    assert campaign.total_recipients == 3 == len(texts)
    bodies = {text.message_body for text in texts}
    assert "Hi there, you have 12480 points. Reply STOP to opt out" in bodies
    accepted = _accepted_by_the_carrier(window)
    assert {text.phone_number: accepted[text.phone_number] for text in texts} == {
        f"+1512557{digits}{row:02}": 1 for row in (1, 2, 3)
    }
