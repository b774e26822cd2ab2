"""``make screenshots``: the README's pictures, of the running product with the demo in it."""

from __future__ import annotations

import argparse
import csv
import io
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from playwright.sync_api import Browser, sync_playwright
from sqlmodel import Session, select

from mbs_app import db
from mbs_app.demo import story
from mbs_app.demo.fill import EMAIL, PEOPLE, SEED, fill
from mbs_app.demo.people import make_people
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.vocabulary import CampaignStatus
from mbs_app.models import Campaign, Customer, UserProfile, new_id
from mbs_app.services import imports, sessions
from mbs_app.services.imports import job
from mbs_app.settings import PROJECT_ROOT, read_settings
from mbs_app.setup.separate import Separate, separate

FOLDER = PROJECT_ROOT / "docs" / "screenshots"
_FILE = "spring-signups.csv"
_SYSTEM = Actor.system("screenshots")
_HALF_WAY = 0.55
_RATE = "40"  # segments a second: half-way within a minute, and still moving in every picture
_LONGEST_RUN = 300.0
_WIDE, _PHONE = (1440, 900), (390, 844)


class Shot(NamedTuple):
    """One picture; ``shows`` is a text that is there once the page has loaded."""

    name: str
    path: str
    shows: str
    dark: bool = False
    phone: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    running: UUID
    draft: UUID
    rosa: UUID
    checked_file: UUID
    token: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--chromium", required=True, help="path of the browser")
    options.add_argument("--into", type=Path, default=FOLDER)
    options.add_argument("only", nargs="*", help="names of pictures; all when none is given")
    chosen = options.parse_args()
    chosen.into.mkdir(parents=True, exist_ok=True)
    with separate(TEXTS_PER_SECOND=_RATE) as own:
        known = _prepare(own)
        shots = [shot for shot in _shots(known) if not chosen.only or shot.name in chosen.only]
        with own.running(), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chosen.chromium)
            _wait_for_half_way(known.running)
            for shot in shots:
                _take(browser, own, known.token, shot, chosen.into)
                print(f"docs/screenshots/{shot.name}.png")
            browser.close()
        db.engine().dispose()


def _shots(known: _Known) -> list[Shot]:
    live = f"/campaigns/{known.running}"
    return [
        Shot("campaign", live, "From audience to phone"),
        Shot("campaign-dark", live, "From audience to phone", dark=True),
        Shot("campaign-phone", live, "Delivered", phone=True),
        Shot("overview", "/", "Last 30 days"),
        Shot("overview-dark", "/", "Last 30 days", dark=True),
        Shot("overview-phone", "/", "Overview", phone=True),
        Shot("customers", "/customers", "Abernathy"),
        Shot("customers-phone", "/customers", "Abernathy", phone=True),
        Shot("customer", f"/customers/{known.rosa}", "Yes please, thank you"),
        Shot("import", f"/import/{known.checked_file}", _FILE),
        Shot("composer", f"/campaigns/{known.draft}/edit", story.DRAFTS[1].name),
        Shot("check", f"/campaigns/{known.draft}/check", story.DRAFTS[1].name),
        Shot("invites", "/invites", "Joined lately"),
        Shot("team", "/team", "Second factor"),
    ]


def _prepare(own: Separate) -> _Known:
    """The demo in the new installation, and a session to look at it with."""
    settings = read_settings(
        _env_file=None, data_dir=own.folder, port=own.port, texts_per_second=float(_RATE)
    )
    own.migrate()
    db.configure(own.database_url)
    fill(settings)
    checked_file = _check_a_file()
    with db.transaction(_SYSTEM) as session:
        admin = session.exec(select(UserProfile).where(UserProfile.email == EMAIL)).one()
        token, _ = sessions.start(session, admin, keep=False)
        return _Known(
            running=_campaign(session, story.RUNNING.name),
            draft=_campaign(session, story.DRAFTS[1].name),
            rosa=session.exec(select(Customer.id).where(Customer.phone == story.ROSA)).one(),
            checked_file=checked_file,
            token=token,
        )


def _check_a_file() -> UUID:
    """A file as people have them, checked and not yet imported."""
    with db.transaction(_SYSTEM) as session:
        admin = session.exec(select(UserProfile).where(UserProfile.email == EMAIL)).one()
        actor = Actor.user(admin.id, role=admin.role, label=admin.name)
        file = imports.upload(session, actor, _FILE, [_csv_file()])
        import_id = file.id
    while job.run_next(new_id()):
        pass
    return import_id


def _csv_file() -> bytes:
    """New people, a few whom the demo knows already with news of them, and some lines that can't be taken."""
    chance = random.Random(9)
    known = make_people(PEOPLE, utc_now(), random.Random(SEED))[200:260]
    new = make_people(380, utc_now(), chance)[21:]
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";")
    lines.writerow(["Vorname", "Surname", "Cell #", "E-mail", "Town", "ST", "Points", "Store"])
    for person in [*known, *new]:
        lines.writerow(
            [
                person.first_name,
                person.last_name,
                _as_typed(person.phone, chance),
                person.email,
                person.place.city,
                person.place.state,
                chance.randrange(0, 900, 5),
                person.place.store,
            ]
        )
    for phone in ("512 555 01", "", "5.13E+09", "call first", "(512) 555-0151 / (512) 555-0152"):
        lines.writerow(["Sam", "Rivers", phone, "", "Austin", "TX", "", ""])
    return out.getvalue().encode("cp1252", "replace")


def _as_typed(phone: str, chance: random.Random) -> str:
    area, exchange, line = phone[2:5], phone[5:8], phone[8:]
    forms = (f"({area}) {exchange}-{line}", f"{area}.{exchange}.{line}", f'="{phone}"', phone)
    return chance.choice(forms)


def _campaign(session: Session, name: str) -> UUID:
    return session.exec(select(Campaign.id).where(Campaign.name == name)).one()


def _wait_for_half_way(campaign_id: UUID) -> None:
    deadline = time.monotonic() + _LONGEST_RUN
    while time.monotonic() < deadline:
        with db.transaction(_SYSTEM, read_only=True) as session:
            campaign = session.exec(select(Campaign).where(Campaign.id == campaign_id)).one()
        still_to_go = campaign.pending_count / max(campaign.total_recipients, 1)
        if still_to_go < _HALF_WAY or campaign.status != CampaignStatus.SENDING:
            return
        time.sleep(0.5)


def _take(browser: Browser, own: Separate, token: str, shot: Shot, folder: Path) -> None:
    width, height = _PHONE if shot.phone else _WIDE
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if shot.phone else 1,
        color_scheme="dark" if shot.dark else "light",
        locale="en-US",
        timezone_id="America/Chicago",
        reduced_motion="reduce",
    )
    context.add_cookies(
        [{"name": "mbs_session", "value": token, "url": own.address, "httpOnly": True}]
    )
    page = context.new_page()
    page.goto(own.address + shot.path)
    page.locator(f"text={shot.shows} >> visible=true").first.wait_for(timeout=20_000)
    page.wait_for_selector(".skeleton", state="detached", timeout=20_000)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(1_500)
    page.screenshot(path=folder / f"{shot.name}.png")
    context.close()


if __name__ == "__main__":
    main()
