"""What the mails say, in both of their forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from mbs_app import db
from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import Workspace
from mbs_app.services.mails import writing
from mbs_app.services.mails.letters import LETTERS
from mbs_app.services.mails.writing import Written
from tests.support.accounts import SYSTEM
from tests.support.databases import SqliteDatabases
from tests.support.mails import FACTS, SITE

AUSTIN = "America/Chicago"


@pytest.fixture(autouse=True)
def _one_database(sqlite_databases: SqliteDatabases) -> Iterator[None]:
    """Words don't depend on the kind of database."""
    with sqlite_databases.fresh() as url:
        engine = db.configure(url)
        yield
        engine.dispose()


def write(kind: MailKind, *, workspace: str = "Lakeline Plaza", **changes: Any) -> Written:
    with db.transaction(SYSTEM) as session:
        row = session.get(Workspace, 1) or Workspace(id=1)
        row.name = workspace
        session.add(row)
        session.flush()
        return writing.write(
            session, kind, FACTS[kind] | changes, to="jonas@example.com", zone=AUSTIN
        )


class Reader(HTMLParser):
    """The words of an HTML mail, and what it links to and would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.links, self.loads, self.tags = "", list[str](), list[str](), list[str]()
        self._silent = 0
        self.feed(html)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self._silent += tag in ("style", "title")
        if tag == "a":
            self.links.append(given["href"] or "")
        self.loads += [value for name, value in attrs if name in ("src", "background") and value]
        self.loads += re.findall(r"url\([^)]*\)", given.get("style") or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words += data


def test_each_kind_has_a_letter_and_a_sample() -> None:
    assert set(LETTERS) == set(MailKind) == set(FACTS)


@pytest.mark.parametrize("kind", MailKind)
def test_both_forms_say_the_same(kind: MailKind) -> None:
    mail = write(kind)
    read = Reader(mail.html)
    for line in mail.text.splitlines():
        words = " ".join(line.removeprefix("> ").split())
        if words in ("", "--"):
            continue
        if (fact := re.fullmatch(r"([A-Z][a-z ]+): (.+)", words)) is not None:
            assert f"{fact[1]} {fact[2]}" in read.words or words in read.words
        else:
            assert words.rstrip(":") in read.words


@pytest.mark.parametrize("kind", MailKind)
def test_a_link_is_a_button_and_spelled_out(kind: MailKind) -> None:
    mail = write(kind)
    read = Reader(mail.html)
    # One thing to do; a new password has two: look at what else lets one in, or choose another one.
    assert len(set(read.links)) <= (2 if kind is MailKind.PASSWORD_CHANGED else 1)
    for link in set(read.links):
        assert link.startswith(SITE)
        assert read.links.count(link) == 2
        assert link in read.words
        assert link in mail.text
    if "link" in FACTS[kind]:
        assert set(read.links) == {FACTS[kind]["link"]}


@pytest.mark.parametrize("kind", MailKind)
def test_a_mail_loads_and_runs_nothing(kind: MailKind) -> None:
    read = Reader(write(kind).html)
    assert read.loads == []
    assert not {"script", "img", "link", "iframe", "form"} & set(read.tags)


@pytest.mark.parametrize("kind", MailKind)
def test_missing_and_unknown_facts_fail(kind: MailKind) -> None:
    for name in FACTS[kind]:
        fewer = {key: value for key, value in FACTS[kind].items() if key != name}
        with db.transaction(SYSTEM) as session, pytest.raises(TypeError, match=name):
            writing.write(session, kind, fewer, to="jonas@example.com", zone=AUSTIN)
    with pytest.raises(TypeError, match="surplus"):
        write(kind, surplus=1)


def test_times_are_in_the_readers_zone_and_name_it() -> None:
    assert "When:             Sat, Nov 28, 2026, 7:23 PM CT" in write(MailKind.NEW_DEVICE).text


def test_device_address_and_what_to_do_are_told() -> None:
    mail = write(MailKind.NEW_DEVICE)
    assert "Chrome on Windows" in mail.text
    assert "2001:db8:85a3::8a2e:370:7334" in mail.text
    assert "Wasn’t you?" in mail.text
    assert f"{SITE}/forgot" in mail.text
    unknown = write(MailKind.NEW_DEVICE, device="", ip="")
    assert "Device:           Unknown" in unknown.text


@pytest.mark.parametrize(
    ("passkeys", "providers", "api_keys", "words"),
    [
        (1, "", 0, "1 passkey"),
        (0, "login.example", 0, "the sign-in through login.example"),
        (3, "a.example, b.example", 1, "3 passkeys, the sign-in through a.example, b.example"),
        (0, "", 12, "12 API keys"),
    ],
)
def test_a_new_password_says_what_else_still_works(
    passkeys: int, providers: str, api_keys: int, words: str
) -> None:
    others = {"passkeys": passkeys, "providers": providers, "api_keys": api_keys}
    mail = write(MailKind.PASSWORD_CHANGED, **others)
    assert re.search(rf"Still works: +{words}", mail.text)
    assert f"{SITE}/settings/security" in mail.text and f"{SITE}/forgot" in mail.text


def test_a_new_password_beside_which_nothing_works_speaks_of_nothing_else() -> None:
    mail = write(MailKind.PASSWORD_CHANGED, passkeys=0, providers="", api_keys=0)
    assert "works" not in mail.text
    assert set(Reader(mail.html).links) == {f"{SITE}/forgot"}


def test_a_reset_says_who_asked_and_how_long_the_link_works() -> None:
    by_user = write(MailKind.PASSWORD_RESET).text
    assert "asked for a new password" in by_user
    assert "The link works once, for 30 minutes." in by_user
    by_admin = write(MailKind.PASSWORD_RESET, by_admin=True, minutes=1440).text
    assert "An admin of Lakeline Plaza sends you this link" in by_admin
    assert "for 24 hours." in by_admin


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (30, "30 minutes"), (60, "1 hour"), (90, "90 minutes"), (2880, "2 days")],
)
def test_minutes_are_said_in_the_largest_unit_that_is_whole(minutes: int, words: str) -> None:
    assert f"for {words}." in write(MailKind.PASSWORD_RESET, minutes=minutes).text


def test_an_invitation_without_an_end_names_none() -> None:
    assert "Use it until" in write(MailKind.INVITATION).text
    assert "Use it until" not in write(MailKind.INVITATION, expires_at=None).text
    assert "You’re invited to Lakeline Plaza" in write(MailKind.INVITATION, inviter="").html


def test_a_reason_keeps_its_lines_and_may_be_missing() -> None:
    assert (
        "> We can’t tell who you are from your name.\n> Join with" in write(MailKind.REJECTED).text
    )
    assert "They gave no reason." in write(MailKind.REJECTED, reason="  ").text


@pytest.mark.parametrize("kind", MailKind)
def test_names_can_not_add_markup(kind: MailKind) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=y>"
    facts = {
        name: evil
        for name, value in FACTS[kind].items()
        if isinstance(value, str) and name != "link"
    }
    mail = write(kind, workspace=evil, **facts)
    assert not {"script", "img"} & set(Reader(mail.html).tags)
    assert evil in Reader(mail.html).words


@pytest.mark.parametrize("kind", MailKind)
def test_names_can_not_add_headers_or_lines(kind: MailKind) -> None:
    evil = "Lakeline\r\nBcc: eve@example.com\u2028X"
    mail = write(kind, workspace=evil, **({"name": evil} if "name" in FACTS[kind] else {}))
    assert not set(mail.subject) & set("\r\n\u2028")
    assert not any(line.startswith(("Bcc", "X")) for line in mail.text.splitlines())


def test_a_subject_fits_its_column() -> None:
    mail = write(MailKind.INVITATION, workspace="W" * 80, inviter="I" * 120)
    assert len(mail.subject) <= writing.LONGEST_SUBJECT
    assert len(writing._subject("x" * 300)) == writing.LONGEST_SUBJECT


def test_a_workspace_without_a_name_is_called_mbs() -> None:
    assert write(MailKind.APPROVED, workspace="").subject == "Your account at MBS is approved"
