"""Mails: how each looks in a window and on a phone, and the page on which an admin sees what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from mbs_app import db
from mbs_app.domain.vocabulary import MailKind, MailStatus, Role, SuppressionReason
from mbs_app.models import OutgoingMail, Suppression, Workspace
from mbs_app.services import mails
from mbs_app.services.mails import writing
from mbs_app.setup.paths import ROOT
from tests.browser.conftest import DESKTOP, PHONE, Person
from tests.support.accounts import SYSTEM
from tests.support.databases import SqliteDatabases
from tests.support.mails import FACTS

PICTURES = ROOT / "test-results" / "mails"
"""One picture of each mail, width and theme, to be looked at."""


@pytest.fixture
def written(sqlite_databases: SqliteDatabases) -> Iterator[dict[MailKind, str]]:
    with sqlite_databases.fresh() as url:
        engine = db.configure(url)
        with db.transaction(SYSTEM) as session:
            session.merge(Workspace(id=1, name="Lakeline Plaza"))
            session.flush()
            yield {
                kind: writing.write(
                    session, kind, facts, to="jonas@lakelineplaza.example", zone="America/Chicago"
                ).html
                for kind, facts in FACTS.items()
            }
        engine.dispose()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 390])
def test_each_mail_fits_and_can_be_read(
    browser: Browser, written: dict[MailKind, str], width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for kind, html in written.items():
        page.set_content(html)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), kind
        found = Axe().run(
            page, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}}
        )
        assert found.violations_count == 0, (kind, found.generate_report())
        picture = PICTURES / f"{kind}-{width}-{scheme}.png"
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=picture, full_page=True)
    context.close()
    assert asked == []  # nothing is loaded from anywhere


def _fill() -> None:
    """Some mails of each outcome, in place of what other tests left."""
    with db.transaction(SYSTEM) as session:
        session.connection().execute(OutgoingMail.__table__.delete())
        session.connection().execute(Suppression.__table__.delete())
        for nth, (kind, facts) in enumerate(FACTS.items()):
            mail = mails.queue(session, kind, f"jonas{nth}@lakelineplaza.example", **facts)
            session.flush()
            mails.note_accepted(session, mail, f"re_{nth}", mail.created_at)
            mail.status, mail.delivered_at = MailStatus.DELIVERED, mail.created_at
        held = mails.queue(
            session, MailKind.PASSWORD_RESET, "ann@example.com", **FACTS[MailKind.PASSWORD_RESET]
        )
        mails.end(held, MailStatus.FAILED, mails.why_set_aside(SuppressionReason.BOUNCED))
        mails.set_aside(
            session, SYSTEM, "ann@example.com", SuppressionReason.BOUNCED, "No such user here."
        )


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["wide", "phone"]
)
def test_an_admin_sees_why_a_mail_was_not_sent_and_releases_the_address(
    person: Person, viewport: dict[str, int], scheme: str, tmp_path: Path
) -> None:
    window = person("root-of-mail@example.com", role=Role.ADMIN, viewport=viewport, scheme=scheme)
    _fill()
    page = window.open("/system/mails")
    expect(page.get_by_role("heading", name="Mails", exact=True)).to_be_visible()
    page.get_by_role("button", name="Problems 1").click()
    shown = (
        page.get_by_role("list", name="Mails") if viewport is PHONE else page.get_by_role("table")
    )
    expect(shown.get_by_text("bounced for good")).to_be_visible()
    expect(shown.get_by_text("Not sent")).to_be_visible()
    window.check_accessibility()
    window.check_fits()
    page.get_by_role("button", name="Send to ann@example.com again").click()
    expect(page.get_by_text("Mail goes to ann@example.com again")).to_be_visible()
    expect(page.get_by_text("None. Every address gets its mail.")).to_be_visible()
    page.get_by_role("button", name="Waiting 0").click()
    page.get_by_role("button", name="Show all mails").click()
    expect(shown.get_by_text("Password reset").first).to_be_visible()
    window.check_accessibility()
    window.check_fits()


def test_a_mail_that_is_queued_reaches_the_simulators_inbox_and_comes_back_as_delivered(
    person: Person,
) -> None:
    window = person("root-of-mail@example.com", role=Role.ADMIN)
    with db.transaction(SYSTEM) as session:
        mail = mails.queue(
            session, MailKind.INVITATION, "new@example.com", **FACTS[MailKind.INVITATION]
        )
    page = window.page
    page.goto(f"{window.product.simulator}/#mails")
    invitation = page.get_by_role("link", name="You’re invited").first
    expect(invitation).to_be_visible(timeout=60_000)  # what other tests queued goes first
    invitation.click()
    link = page.frame_locator("iframe").get_by_role("link", name="Accept invitation")
    expect(link).to_have_attribute("href", FACTS[MailKind.INVITATION]["link"])
    # The whole way round: signed by the simulator, found good by the webhook, applied.
    page.wait_for_timeout(500)
    for _ in range(40):
        with db.transaction(SYSTEM, read_only=True) as session:
            found = session.get(OutgoingMail, mail.id)
            assert found is not None
            if found.status == MailStatus.DELIVERED:
                break
        page.wait_for_timeout(500)
    assert found.status == MailStatus.DELIVERED
    assert found.html == ""
