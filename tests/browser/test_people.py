"""Who gets in, in real browsers: invited, joined, waiting, approved; and shut out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import select, update

from mbs_app import db
from mbs_app.domain.vocabulary import MailKind, Role, UserStatus
from mbs_app.models import InviteCode, OutgoingMail, UserProfile
from mbs_app.services import accounts
from tests.browser.conftest import DESKTOP, PATIENCE_MS, PHONE, Person, Window, until_awake
from tests.support.accounts import PASSWORD, SYSTEM, make_user
from tests.support.invites import make_invite
from tests.support.product import Product

_numbers = count(1)
BOTH = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
def admin(person: Person) -> Window:
    return person("people-root@example.com", role=Role.ADMIN)


@contextmanager
def _stranger(
    browser: Browser, product: Product, viewport: dict[str, int] = DESKTOP
) -> Iterator[Page]:
    """A browser of somebody without a session."""
    context = browser.new_context(viewport=viewport, timezone_id="Europe/Vienna")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def _somebody(status: str = UserStatus.APPROVED, role: str = Role.USER) -> UserProfile:
    number = next(_numbers)
    with db.transaction(SYSTEM) as session:
        return make_user(
            session,
            f"person-{number}@example.com",
            status=status,
            role=role,
            name=f"Person {number}",
        )


def _stored(email: str) -> UserProfile:
    with db.transaction(SYSTEM, read_only=True) as session:
        found = accounts.find_user(session, email)
        assert found is not None
        return found


def _sign_in(page: Page, email: str) -> None:
    """On the sign-in page, wherever somebody was led to it."""
    until_awake(page)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _fill_in(page: Page, email: str, name: str = "Ana Ruiz") -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)


def _choose(page: Page, name: str, item: str) -> None:
    """An item of somebody's, or of some invite's, menu."""
    page.get_by_role("button", name=f"Actions for {name}").locator("visible=true").first.click()
    page.get_by_role("menuitem", name=item).click()


def test_from_an_invite_to_a_working_account(
    admin: Window, browser: Browser, product: Product
) -> None:
    admin.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = admin.open("/invites")
    page.get_by_role("button", name="New invite").first.click()
    expect(page.get_by_role("heading", name="New invite")).to_be_focused()
    page.get_by_label("How many people").fill("5")
    page.get_by_label("Note", exact=True).fill("South Lamar store team")
    page.get_by_role("button", name="Create invite for 5 people").click()
    expect(page.get_by_role("heading", name="Invite for 5 people")).to_be_visible()
    page.get_by_role("button", name="Copy link").last.click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{product.address}/join?code=")

    email = f"ana-{next(_numbers)}@example.com"
    with _stranger(browser, product) as ana:
        ana.goto(link)
        expect(ana.get_by_label("Invite code")).to_have_value(link.rpartition("=")[2])
        expect(ana.get_by_label("Time zone")).to_have_value("Europe/Vienna")
        _fill_in(ana, email)
        ana.get_by_role("button", name="Join", exact=True).click()
        expect(ana.get_by_role("heading", level=1)).to_have_text("Your account waits for approval")
        assert _stored(email).time_zone == "Europe/Vienna"
        ana.get_by_role("link", name="Go to sign-in").click()
        _sign_in(ana, email)
        expect(ana).to_have_url(re.compile("/waiting"))
        expect(ana.get_by_text("This page goes on by itself")).to_be_visible()
        ana.goto(f"{product.address}/customers")
        expect(ana).to_have_url(re.compile("/waiting"))

        page = admin.open("/team?status=pending")
        page.get_by_role("searchbox").fill(email)
        page.get_by_role("button", name="Approve Ana Ruiz").click()
        expect(page.get_by_text("Ana Ruiz is approved. They get a mail.")).to_be_visible()
        # Nobody presses anything on Ana's page.
        expect(ana.get_by_role("heading", level=1)).to_have_text("Overview")
        ana.get_by_role("link", name="Customers").first.click()
        expect(ana.get_by_role("button", name="Add customer").first).to_be_visible()
    page = admin.open("/invites")
    expect(page.get_by_text("1 of 5").first).to_be_visible()
    expect(page.locator(".joined-lately").get_by_text("Ana Ruiz").first).to_be_visible()


def test_a_code_that_does_not_work_is_said_at_its_field_and_nothing_typed_is_lost(
    admin: Window, browser: Browser, product: Product
) -> None:
    tied = make_invite(admin.actor.administrating(), email="@agency.example")
    with _stranger(browser, product, PHONE) as page:
        page.goto(f"{product.address}/join")
        page.get_by_label("Invite code").fill("LAKE-0000-0000")
        _fill_in(page, "bo@example.com", "Bo")
        page.get_by_role("button", name="Join", exact=True).click()
        expect(page.get_by_text("This code doesn’t work.")).to_be_visible()
        expect(page.get_by_label("Email")).to_have_value("bo@example.com")
        page.get_by_label("Invite code").fill(tied.code.lower().replace("-", ""))
        page.get_by_role("button", name="Join", exact=True).click()
        expect(page.get_by_text("addresses ending in @agency.example")).to_be_visible()


def test_a_second_link_opened_in_the_same_tab_brings_its_own_code(
    browser: Browser, product: Product
) -> None:
    with _stranger(browser, product) as page:
        for code in ("LAKE-0000-0001", "LAKE-0000-0002"):
            page.goto(f"{product.address}/join?code={code}")
            expect(page.get_by_label("Invite code")).to_have_value(code)
            _fill_in(page, "bo@example.com", "Bo")
            page.get_by_role("button", name="Join", exact=True).click()
            expect(page.get_by_text("This code doesn’t work.")).to_be_visible()
            expect(page.get_by_label("Your name")).to_have_value("Bo")


def test_an_address_with_an_account_sees_what_everybody_sees(
    admin: Window, browser: Browser, product: Product
) -> None:
    owner, code = _somebody(), make_invite(admin.actor.administrating()).code
    with _stranger(browser, product) as page:
        page.goto(f"{product.address}/join?code={code}")
        _fill_in(page, owner.email, "Eve")
        page.get_by_role("button", name="Join", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your account waits for approval")
        assert page.context.cookies() == []
    assert _stored(owner.email).name == owner.name


def test_who_is_rejected_reads_why(admin: Window, browser: Browser, product: Product) -> None:
    waiting = _somebody(UserStatus.PENDING)
    with _stranger(browser, product, PHONE) as their_page:
        their_page.goto(f"{product.address}/signin")
        _sign_in(their_page, waiting.email)
        expect(their_page).to_have_url(re.compile("/waiting"))
        page = admin.open(f"/team?person={waiting.id}")
        expect(page.get_by_role("heading", name=waiting.name)).to_be_visible()
        page.locator(".drawer-foot").get_by_role("button", name="Reject").click()
        asked = page.locator(".rt-BaseDialogScroll").get_by_role(
            "button", name="Reject", exact=True
        )
        asked.click()
        expect(page.get_by_text("Say why in a sentence.")).to_be_visible()
        page.get_by_label("Reason").fill("We don’t know anybody of this name.")
        asked.click()
        expect(page.get_by_text(f"{waiting.name} is rejected.")).to_be_visible()
        _sign_in(their_page, waiting.email)
        expect(their_page.get_by_text("We don’t know anybody of this name.")).to_be_visible()
        # Minds change: the page goes on.
        page.get_by_role("searchbox").fill(waiting.email)
        _choose(page, waiting.name, "Approve")
        expect(their_page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_a_suspension_takes_open_pages_away_and_a_restored_account_works_again(
    admin: Window, person: Person
) -> None:
    user = _somebody()
    theirs = person(user.email)
    tab, other_tab = theirs.open("/groups"), theirs.page.context.new_page()
    other_tab.goto(f"{theirs.product.address}/templates")
    expect(other_tab.get_by_role("heading", level=1)).to_have_text("Templates")
    page = admin.open("/team")
    page.get_by_role("searchbox").fill(user.email)
    _choose(page, user.name, "Suspend")
    expect(page.get_by_text("They are signed out everywhere at once")).to_be_visible()
    page.get_by_label("Reason").fill("The laptop was stolen.")
    page.get_by_role("button", name="Suspend", exact=True).click()
    expect(other_tab).to_have_url(re.compile("/signin"))
    _sign_in(tab, user.email)
    expect(tab.get_by_text("The laptop was stolen.")).to_be_visible()
    _choose(page, user.name, "Restore")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Overview")


def test_somebody_is_signed_out_everywhere(admin: Window, person: Person) -> None:
    user = _somebody()
    tab = person(user.email).open("/groups")
    page = admin.open("/team")
    page.get_by_role("searchbox").fill(user.email)
    _choose(page, user.name, "Sign out everywhere")
    dialog = page.get_by_role("alertdialog", name=f"Sign {user.name} out everywhere?")
    dialog.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_text(f"{user.name} is signed out everywhere")).to_be_visible()
    expect(tab.get_by_text("You were signed out. Sign in again to go on.")).to_be_visible()


def test_a_new_role_shows_on_open_pages(admin: Window, person: Person) -> None:
    user = _somebody()
    tab = person(user.email).open("/groups")
    main = tab.get_by_role("navigation", name="Main").first
    expect(main.get_by_role("link", name="Team")).to_have_count(0)
    page = admin.open(f"/team?person={user.id}")
    for button, question, is_admin in (
        ("Make admin", f"Make {user.name} an admin?", 1),
        ("Make marketer", f"Make {user.name} a marketer?", 0),
    ):
        page.locator(".drawer-foot").get_by_role("button", name=button).click()
        expect(page.get_by_role("alertdialog", name=question)).to_be_visible()
        page.get_by_role("alertdialog").get_by_role("button", name=button).click()
        expect(main.get_by_role("link", name="Team")).to_have_count(is_admin)
    tab.goto(f"{admin.product.address}/team")
    expect(tab.get_by_role("heading", name="This page is for admins")).to_be_visible()
    expect(tab.get_by_text(user.email)).to_have_count(0)


@contextmanager
def _as_the_only_admin(keep: Window) -> Iterator[None]:
    """The others of this workspace are marketers meanwhile."""
    others = (UserProfile.role == Role.ADMIN, UserProfile.id != keep.actor.user_id)
    with db.transaction(SYSTEM) as session:
        ids = list(session.exec(select(UserProfile.id).where(*others)))
        session.exec(update(UserProfile).where(*others).values(role=Role.USER))
    yield
    with db.transaction(SYSTEM) as session:
        back: Any = UserProfile.id.in_(ids)
        session.exec(update(UserProfile).where(back).values(role=Role.ADMIN))


def test_the_last_admin_can_not_be_made_a_marketer_nor_suspended(admin: Window) -> None:
    with _as_the_only_admin(admin):
        page = admin.open(f"/team?person={admin.actor.user_id}")
        expect(page.get_by_text("This is you.")).to_be_visible()
        page.locator(".drawer-foot").get_by_role("button", name="Make marketer").click()
        dialog = page.get_by_role("alertdialog")
        dialog.get_by_role("button", name="Make marketer").click()
        expect(dialog.get_by_text("This is the last admin.")).to_be_visible()
        dialog.get_by_role("button", name="Keep as is").click()
        page.locator(".drawer-foot").get_by_role("button", name="Suspend").click()
        page.get_by_label("Reason").fill("Holiday")
        page.get_by_role("dialog").get_by_role("button", name="Suspend").click()
        expect(page.get_by_role("dialog").get_by_text("This is the last admin.")).to_be_visible()
    assert admin.actor.user_id is not None
    assert _stored("people-root@example.com").status == UserStatus.APPROVED


@BOTH
def test_an_invite_is_mailed_looked_into_and_revoked(
    person: Person, viewport: dict[str, int]
) -> None:
    admin = person("people-root@example.com", role=Role.ADMIN, viewport=viewport)
    note = f"Note {next(_numbers)}"
    invite = make_invite(admin.actor.administrating(), note=note, max_uses=3)
    page = admin.open("/invites")
    page.get_by_role("searchbox").fill(note)
    expect(page.get_by_text(invite.code).locator("visible=true")).to_have_count(1)
    _choose(page, invite.code, "Send by email")
    page.get_by_role("dialog").get_by_role("button", name="Send invite").click()
    expect(page.get_by_text("Enter an address such as")).to_be_visible()
    page.get_by_role("dialog").get_by_label("Email").fill("cy@example.com")
    page.get_by_role("dialog").get_by_role("button", name="Send invite").click()
    expect(page.get_by_text("The invite is on its way to cy@example.com")).to_be_visible()
    with db.transaction(SYSTEM, read_only=True) as session:
        to = select(OutgoingMail.kind).where(OutgoingMail.to_email == "cy@example.com")
        assert MailKind.INVITATION in session.exec(to).all()
    _choose(page, invite.code, "See who used it")
    expect(page.get_by_role("dialog").get_by_text("Nobody yet.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    _choose(page, invite.code, "Revoke")
    expect(page.get_by_text("it was good for 3 people")).to_be_visible()
    page.get_by_role("button", name="Revoke code").click()
    expect(
        page.get_by_text(f"{invite.code[:-4]}••••").locator("visible=true").first
    ).to_be_visible()
    with db.transaction(SYSTEM, read_only=True) as session:
        assert session.get_one(InviteCode, invite.id).revoked_at is not None


def test_a_field_of_a_new_invite_says_what_it_can_not_take_and_keeps_what_was_typed(
    admin: Window,
) -> None:
    page = admin.open("/invites")
    page.get_by_role("button", name="New invite").first.click()
    page.get_by_label("How many people").fill("0")
    page.get_by_label("Note", exact=True).fill("Night crew")
    page.get_by_role("button", name=re.compile("Create invite")).click()
    expect(page.get_by_text("Enter a number from 1 to 100.")).to_be_visible()
    expect(page.get_by_label("Note", exact=True)).to_have_value("Night crew")
    page.get_by_label("How many people").fill("2")
    page.get_by_label("Only for this address or ending").fill("nobody")
    page.get_by_role("button", name="Create invite for 2 people").click()
    expect(page.get_by_text("or an ending such as @example.com")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="New invite")).to_have_count(0)
    expect(page.get_by_role("button", name="New invite").first).to_be_focused()


def test_a_password_link_is_mailed_to_somebody(admin: Window) -> None:
    user = _somebody()
    page = admin.open("/team")
    page.get_by_role("searchbox").fill(user.email)
    _choose(page, user.name, "Send password reset")
    page.get_by_label("Reason").fill("Called the front desk.")
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text("gets a mail with a link")).to_be_visible()
    with db.transaction(SYSTEM, read_only=True) as session:
        to = select(OutgoingMail.kind).where(OutgoingMail.user_id == user.id)
        assert session.exec(to).all() == [MailKind.PASSWORD_RESET]


@BOTH
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_about_people_fit_and_pass_axe(
    person: Person, viewport: dict[str, int], scheme: str
) -> None:
    admin = person("people-root@example.com", role=Role.ADMIN, viewport=viewport, scheme=scheme)
    make_invite(admin.actor.administrating(), note="Front desk", max_uses=3)
    waiting = _somebody(UserStatus.PENDING)
    page = admin.open("/invites")
    expect(page.get_by_text("Front desk").locator("visible=true").first).to_be_visible()
    _check(admin)
    page.get_by_role("button", name="New invite").first.click()
    expect(page.get_by_role("heading", name="New invite")).to_be_visible()
    _check(admin)
    page = admin.open(f"/team?person={waiting.id}")
    expect(page.get_by_role("heading", name=waiting.name)).to_be_visible()
    _check(admin)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text(waiting.email).locator("visible=true").first).to_be_visible()
    _check(admin)
    shut_out = _somebody(UserStatus.SUSPENDED)
    theirs = person(shut_out.email, viewport=viewport, scheme=scheme)
    expect(theirs.open("/waiting").get_by_text("suspended")).to_be_visible()
    _check(theirs)
    theirs.page.context.clear_cookies()
    expect(theirs.open("/join").get_by_label("Invite code")).to_be_visible()
    _check(theirs)


def _check(window: Window) -> None:
    window.check_fits()
    window.check_accessibility()
