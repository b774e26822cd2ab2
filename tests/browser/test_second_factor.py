"""Second factors in a real browser: set up, shown at sign-in, asked for by an admin, and what never leaves the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mbs_app import db
from mbs_app.domain.vocabulary import SecondFactorFor
from mbs_app.services import workspace
from tests.browser.conftest import DESKTOP, PHONE, Person, Window, open_sign_in
from tests.support.accounts import PASSWORD, SYSTEM
from tests.support.product import Product
from tests.support.second_factors import code_of, wrong_code_of
from tests.support.sessions import let_pass_for

SECURITY = "/settings/security"
GROUPS = re.compile(r":\d+/groups")
CODE = re.compile(r"[a-z2-9]{5}-[a-z2-9]{5}")


@pytest.fixture
def frames() -> list[str]:
    """All that went over the websockets of the pages that :func:`_listen` listens to."""
    return []


@pytest.fixture
def policy(product: Product) -> Iterator[None]:
    """Whatever a test asks for, nobody is asked afterwards."""
    yield
    db.configure(product.database_url)
    with db.transaction(SYSTEM) as session:
        workspace.get_workspace(session).second_factor_for = SecondFactorFor.NOBODY


def _listen(page: Page, frames: list[str]) -> None:
    def note(payload: str | bytes) -> None:
        frames.append(payload if isinstance(payload, str) else payload.decode(errors="replace"))

    def open_socket(socket: object) -> None:
        socket.on("framesent", note)
        socket.on("framereceived", note)

    page.on("websocket", open_socket)


def _give_passkey_device(page: Page, *, obliging: bool = True) -> Callable[[bool], None]:
    """A device with a fingerprint reader, and an obliging finger; call what comes back to change that."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": obliging,
        "automaticPresenceSimulation": True,
    }
    device = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def oblige(does: bool) -> None:
        of_this = {"authenticatorId": device["authenticatorId"], "isUserVerified": does}
        cdp.send("WebAuthn.setUserVerified", of_this)

    return oblige


def _until_the_clipboard_has(page: Page, words: str) -> None:
    """What is shown in groups of four is copied as it stands there."""
    page.wait_for_function(
        "async (words) => (await navigator.clipboard.readText()).replaceAll(' ', '') === words",
        arg=words,
    )


def _forgive_refusal(window: Window) -> None:
    """Browsers complain about each answer that is a refusal; here one was wanted."""
    window.complaints[:] = [one for one in window.complaints if "status of 4" not in one]


def _set_up_app(page: Page) -> str:
    """Up to the moment before the code; the secret."""
    page.get_by_role("button", name="Set up an app").click()
    secret = page.locator("#app-secret")
    expect(secret).to_have_text(re.compile(r"^([A-Z2-7]{4} ?){8}$"))
    picture = page.get_by_role("img", name="QR code of the key")
    expect(picture).to_have_attribute("src", re.compile("^data:image/svg"))
    assert picture.evaluate("(it) => it.naturalWidth") > 100  # drawn, not only there
    return (secret.text_content() or "").replace(" ", "")


def _kept_codes(page: Page) -> list[str]:
    """The recovery codes that are shown, and that they were kept."""
    sheet = page.locator("#recovery-codes")
    expect(sheet).to_have_text(CODE)
    codes = CODE.findall(sheet.text_content() or "")
    assert len(codes) == 10
    return codes


def _add_passkey(page: Page) -> None:
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("textbox", name="Name").fill("Work laptop")
    page.get_by_role("button", name="Add passkey").click()


def _type_password(page: Page, product: Product, email: str) -> None:
    open_sign_in(page, product, "?next=/groups")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_an_app_is_set_up_and_its_codes_sign_in(
    person: Person,
    visitor: Page,
    frames: list[str],
    tmp_path: Path,
    size: dict[str, int],
    scheme: str,
) -> None:
    email = f"app-{scheme}@example.com"
    window = person(email, viewport=size, scheme=scheme)
    page = window.page
    _listen(page, frames)
    window.open(SECURITY)
    window.check_accessibility()
    secret = _set_up_app(page)
    window.check_accessibility()
    page.get_by_label("Code").fill(wrong_code_of(secret))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("That code isn’t right")).to_be_visible()
    _forgive_refusal(window)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("heading", name="Keep these codes")).to_be_visible()
    codes = _kept_codes(page)
    window.check_accessibility()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "codes.txt")
    assert all(code in (tmp_path / "codes.txt").read_text() for code in codes)
    page.emulate_media(media="print")
    expect(page.locator("#recovery-codes")).to_be_visible()
    expect(page.get_by_text("10 codes left")).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("10 codes left")).to_be_visible()
    expect(page.locator("#recovery-codes")).to_have_count(0)
    assert codes[0] not in page.content()
    window.check_fits()
    window.check_accessibility()
    # Neither the secret nor a code ever reached the server's memory of this tab.
    said = " ".join(frames)
    assert "security_state" in said
    assert secret not in said.replace(" ", "") and not any(code in said for code in codes)

    _type_password(visitor, window.product, email)
    expect(visitor.get_by_role("heading", name="Enter your code")).to_be_visible()
    visitor.get_by_label("Code").fill(code_of(secret, steps=1))  # the one before it is used up
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor).to_have_url(GROUPS)
    visitor.context.clear_cookies()
    _type_password(visitor, window.product, email)
    visitor.get_by_role("button", name="Use a recovery code").click()
    visitor.get_by_label("Recovery code").fill(codes[3])
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor).to_have_url(GROUPS)

    page.reload()
    expect(page.get_by_text("9 codes left")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove the app").click()
    expect(page.get_by_text("Not set up.")).to_be_visible()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_hidden()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_passkey_signs_in_alone_and_after_the_password(
    person: Person, size: dict[str, int]
) -> None:
    email = f"passkey-{size['width']}@example.com"
    window = person(email, viewport=size)
    page = window.page
    _give_passkey_device(page)
    window.open(SECURITY)
    _add_passkey(page)
    _kept_codes(page)
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("Work laptop")).to_be_visible()
    window.check_fits()
    window.check_accessibility()

    page.context.clear_cookies()
    open_sign_in(page, window.product, "?next=/groups")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(GROUPS)
    page.context.clear_cookies()
    _type_password(page, window.product, email)
    expect(page.get_by_role("heading", name="Show your passkey")).to_be_visible()
    window.check_fits()
    window.check_accessibility()
    page.get_by_role("button", name="Use your passkey").click()
    expect(page).to_have_url(GROUPS)

    window.open(SECURITY)
    expect(page.get_by_text("last used today")).to_be_visible()
    page.get_by_role("button", name="Rename Work laptop").click()
    page.get_by_role("textbox", name="Name").fill("Old laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Remove Old laptop").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("“Old laptop”")
    window.check_accessibility()
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.get_by_text("None yet.")).to_be_visible()


def test_a_passkey_that_is_not_shown_says_so_and_the_page_goes_on(person: Person) -> None:
    window = person("nothing-shown@example.com")
    page = window.page
    _give_passkey_device(page)  # with no passkey on it
    page.context.clear_cookies()
    open_sign_in(page, window.product)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was shown")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_a_second_step_without_its_passkey_says_so_and_ends_with_a_recovery_code(
    person: Person, visitor: Page
) -> None:
    email = "elsewhere@example.com"
    window = person(email)
    _give_passkey_device(window.page)
    window.open(SECURITY)
    _add_passkey(window.page)
    codes = _kept_codes(window.page)

    _give_passkey_device(visitor)  # another one, without this account's passkey
    _type_password(visitor, window.product, email)
    use = visitor.get_by_role("button", name="Use your passkey")
    for _ in range(2):
        use.click()
        expect(visitor.get_by_role("alert")).to_contain_text("Nothing was shown")
        expect(use).to_be_enabled()
    visitor.goto(f"{window.product.address}/groups")
    expect(visitor).to_have_url(re.compile("/signin"))  # the password alone opens nothing
    _type_password(visitor, window.product, email)
    visitor.get_by_role("button", name="Use a recovery code").click()
    visitor.get_by_label("Recovery code").fill(codes[0])
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor).to_have_url(GROUPS)


def test_a_passkey_that_is_not_made_says_so_and_is_made_at_the_next_try(person: Person) -> None:
    window = person("not-made@example.com")
    page = window.page
    finger = _give_passkey_device(page, obliging=False)
    window.open(SECURITY)
    _add_passkey(page)
    expect(page.get_by_role("dialog")).to_contain_text("Nothing was shown")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Work laptop")
    window.check_accessibility()
    finger(True)
    page.get_by_role("button", name="Add passkey").click()
    _kept_codes(page)
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("Work laptop")).to_be_visible()


def test_the_secret_and_the_codes_are_copied_as_they_are_shown(person: Person) -> None:
    window = person("copied@example.com")
    page = window.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    window.open(SECURITY)
    secret = _set_up_app(page)
    page.get_by_role("button", name="Copy the key").click()
    _until_the_clipboard_has(page, secret)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Confirm").click()
    codes = _kept_codes(page)
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_text("The codes are copied")).to_be_visible()
    assert CODE.findall(page.evaluate("navigator.clipboard.readText()")) == codes


def test_an_old_session_confirms_and_the_change_goes_on(person: Person) -> None:
    window = person("old-session@example.com")
    page = window.open(SECURITY)
    let_pass_for(window.actor.user_id, timedelta(hours=1))
    page.get_by_role("button", name="Set up an app").click()
    expect(page.get_by_role("heading", name="Confirm that it’s you")).to_be_visible()
    window.check_accessibility()
    page.get_by_label("Your password", exact=True).fill("not my password")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("That isn’t your password.")).to_be_visible()
    _forgive_refusal(window)
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_who_is_asked_for_a_second_factor_sets_one_up_and_goes_on(
    person: Person, policy: None, size: dict[str, int]
) -> None:
    admin = person(f"asks-{size['width']}@example.com", role="admin", viewport=size)
    _give_passkey_device(admin.page)
    admin.open(SECURITY)
    _add_passkey(admin.page)
    _kept_codes(admin.page)
    admin.page.get_by_role("button", name="I have kept them").click()
    asked = person(f"asked-{size['width']}@example.com", viewport=size)
    asked.open("/groups")

    admin.page.get_by_role("radio", name=re.compile("Everybody")).click()
    expect(admin.page.get_by_role("alertdialog")).to_contain_text("none yet")
    admin.check_accessibility()
    admin.page.get_by_role("button", name="Ask everybody").click()
    expect(admin.page.get_by_text("Everybody must have a second factor")).to_be_visible()

    page = asked.page
    page.goto(f"{asked.product.address}/customers")
    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    expect(page).to_have_url(re.compile(SECURITY))
    asked.check_fits()
    asked.check_accessibility()
    expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
    page.get_by_role("button", name="Use an authenticator app").click()
    expect(page.locator("#app-secret")).not_to_be_empty()
    secret = (page.locator("#app-secret").text_content() or "").replace(" ", "")
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Confirm").click()
    _kept_codes(page)
    page.get_by_role("button", name="I have kept them").click()
    page.goto(f"{asked.product.address}/customers")
    expect(page.get_by_role("heading", name="Customers").first).to_be_visible()


def test_a_browser_signed_in_before_shows_the_second_factor_once(
    person: Person, policy: None
) -> None:
    email = "two-browsers@example.com"
    first, second = person(email), person(email, viewport=PHONE)
    first.open(SECURITY)
    secret = _set_up_app(first.page)
    first.page.get_by_label("Code").fill(code_of(secret))
    first.page.get_by_role("button", name="Confirm").click()
    _kept_codes(first.page)
    with db.transaction(SYSTEM) as session:
        workspace.get_workspace(session).second_factor_for = SecondFactorFor.EVERYBODY
    second.page.goto(f"{second.product.address}/groups")
    expect(second.page.get_by_role("heading", name="Show your second factor")).to_be_visible()
    second.check_fits()
    second.check_accessibility()
    second.page.get_by_label("Code").fill(code_of(secret, steps=1))
    second.page.get_by_role("button", name="Confirm").click()
    expect(second.page.get_by_role("heading", name="Show your second factor")).to_be_hidden()
    second.open("/groups")
    expect(second.page).to_have_url(GROUPS)


def test_the_sign_in_page_says_what_happened_before(visitor: Page, product: Product) -> None:
    visitor.goto(f"{product.address}/signin?notice=password-changed")
    expect(visitor.get_by_text("Your password is changed.")).to_be_visible()
    expect(visitor.get_by_role("link", name="Forgot it?")).to_have_attribute("href", "/forgot")
    expect(visitor.get_by_role("link", name="Join with a code")).to_have_attribute("href", "/join")
    visitor.goto(f"{product.address}/signin?notice=<b>nonsense")
    expect(visitor.get_by_label("Email")).to_be_visible()
    expect(visitor.get_by_text("nonsense")).to_have_count(0)


def test_a_second_step_that_is_over_starts_again(visitor: Page, product: Product) -> None:
    open_sign_in(visitor, product, "?step=second-factor&methods=authenticator")
    visitor.get_by_label("Code").fill("123456")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_text("This took too long")).to_be_visible()
    expect(visitor.get_by_label("Email")).to_be_visible()


def test_signing_in_anew_while_signed_in_leads_on(person: Person) -> None:
    window = person("again@example.com")
    _type_password(window.page, window.product, "again@example.com")
    expect(window.page).to_have_url(GROUPS)


def test_an_admin_takes_a_lost_second_factor_off(person: Person) -> None:
    lost = person("lost-phone@example.com")
    lost.open(SECURITY)
    secret = _set_up_app(lost.page)
    lost.page.get_by_label("Code").fill(code_of(secret))
    lost.page.get_by_role("button", name="Confirm").click()
    _kept_codes(lost.page)

    admin = person("helps@example.com", role="admin")
    let_pass_for(admin.actor.user_id, timedelta(hours=1))
    page = admin.open("/team")
    _choose_to_take_it_off(page)
    admin.check_accessibility()
    page.get_by_role("button", name="Take it off").click()
    # Not without showing again that it is the admin.
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url(re.compile(r"/team/?\?person="))
    # The question is still open there.
    page.get_by_role("button", name="Take it off").click()
    expect(page.get_by_text("signs in with the password alone now")).to_be_visible()

    lost.page.context.clear_cookies()
    _type_password(lost.page, lost.product, "lost-phone@example.com")
    expect(lost.page).to_have_url(GROUPS)


def _choose_to_take_it_off(page: Page) -> None:
    page.get_by_role("searchbox").fill("lost-phone@")
    of_one = page.get_by_role("button", name=re.compile("Actions for"))
    expect(of_one).to_have_count(1)
    expect(page.get_by_text("lost-phone@example.com").first).to_be_visible()
    of_one.click()
    page.get_by_role("menuitem", name="Take second factor off").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("Maya Okafor")
