"""Resend's webhook: good, forged, old and replayed requests, and what each report changes."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mbs_app import db
from mbs_app.api.app import create_api
from mbs_app.domain.vocabulary import MailKind, MailStatus
from mbs_app.models import AuditEvent, MailEvent, OutgoingMail, Suppression
from mbs_app.providers import factory
from mbs_app.providers.simulator.svix import svix_headers
from mbs_app.services import mails
from mbs_app.settings import get_settings, read_settings
from mbs_app.webhooks import resend
from tests.support.accounts import SYSTEM

PATH = "/webhooks/resend"


@pytest.fixture
def client(database: str) -> TestClient:
    api = create_api()
    api.include_router(resend.router)
    return TestClient(api, base_url="http://internal.example", raise_server_exceptions=False)


@pytest.fixture
def sent(database: str) -> UUID:
    """A mail the service has under the id ``re_1``."""
    with db.transaction(SYSTEM) as session:
        mail = mails.queue(
            session, MailKind.APPROVED, "Ann@Example.com", name="Ann", link="http://x"
        )
        session.flush()
        mails.note_accepted(session, mail, "re_1", mail.created_at)
        return mail.id


def event(kind: str, mail_id: UUID | None = None, **data: Any) -> dict[str, Any]:
    tags = {"tags": {mails.TAG: str(mail_id)}} if mail_id else {}
    common = {"email_id": "re_1", "to": ["ann@example.com"], "subject": "Hi"}
    return {"type": kind, "created_at": "2026-11-28T19:00:00Z", "data": {**common, **tags, **data}}


def post(
    client: TestClient,
    payload: Any,
    *,
    event_id: str | None = None,
    at: float | None = None,
    secret: str | None = None,
    without: str = "",
    **headers: str,
) -> int:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    signed = svix_headers(
        secret or factory.resend_webhook_secret(get_settings()) or "",
        event_id or f"msg_{uuid4().hex}",
        body,
        at,
    )
    given = {name: value for name, value in (signed | headers).items() if name != without}
    raw = {name.encode(): value.encode("latin-1") for name, value in given.items()}
    return client.post(PATH, content=body, headers=raw).status_code


def mail_of(mail_id: UUID) -> OutgoingMail:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.exec(select(OutgoingMail).where(OutgoingMail.id == mail_id)).one()


def events() -> list[MailEvent]:
    with db.transaction(SYSTEM, read_only=True) as session:
        return list(session.exec(select(MailEvent)).all())


def aside() -> list[tuple[str, str]]:
    with db.transaction(SYSTEM, read_only=True) as session:
        return [(one.address, one.reason) for one in session.exec(select(Suppression)).all()]


# Signatures ------------------------------------------------------------------------------------------


def test_a_signed_report_is_kept_and_moves_the_mail(client: TestClient, sent: UUID) -> None:
    assert post(client, event("email.delivered")) == 204
    mail = mail_of(sent)
    assert (mail.status, mail.problem) == (MailStatus.DELIVERED, "")
    assert mail.delivered_at is not None
    (kept,) = events()
    assert (kept.kind, kept.provider_id) == ("email.delivered", "re_1")
    assert kept.payload["data"]["subject"] == "Hi"


@pytest.mark.parametrize("missing", ["svix-id", "svix-timestamp", "svix-signature"])
def test_a_request_without_one_of_the_headers_is_refused(
    client: TestClient, sent: UUID, missing: str
) -> None:
    assert post(client, event("email.bounced"), without=missing) == 403
    assert events() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"svix-signature": "v1,Zm9yZ2Vk"},
        {"svix-signature": ""},
        {"svix-signature": "v1"},
        {"svix-signature": "\xfc" * 20},
        {"svix-id": "msg_other"},
        {"svix-timestamp": "tomorrow"},
    ],
)
def test_a_forged_request_is_refused_and_leaves_nothing(
    client: TestClient, sent: UUID, headers: dict[str, str]
) -> None:
    assert post(client, event("email.bounced"), **headers) == 403
    assert (events(), aside(), mail_of(sent).status) == ([], [], MailStatus.SENT)


def test_another_installations_simulator_is_not_believed(client: TestClient, sent: UUID) -> None:
    from mbs_app.providers.simulator.credentials import RESEND_WEBHOOK_SECRET

    assert post(client, event("email.bounced"), secret=RESEND_WEBHOOK_SECRET) == 403


def test_a_changed_body_breaks_the_signature(client: TestClient, sent: UUID) -> None:
    signed = svix_headers(
        factory.resend_webhook_secret(get_settings()) or "", "msg_1", b'{"type": "email.sent"}'
    )
    assert (
        client.post(PATH, content=b'{"type": "email.bounced"}', headers=signed).status_code == 403
    )


@pytest.mark.parametrize("off_by", [-301, 330])
def test_an_old_request_and_one_from_the_future_are_refused(
    client: TestClient, sent: UUID, off_by: int
) -> None:
    assert post(client, event("email.bounced"), at=time.time() + off_by) == 403
    assert events() == []


def test_a_replay_is_answered_and_changes_nothing(client: TestClient, sent: UUID) -> None:
    for _ in range(3):
        assert (
            post(client, event("email.bounced", bounce={"type": "Permanent"}), event_id="m1") == 204
        )
    assert len(events()) == 1
    assert aside() == [("ann@example.com", "bounced")]


def test_without_a_secret_nothing_is_believed(
    client: TestClient, sent: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = read_settings(_env_file=None, resend_api_key="re_x", resend_from_email="a@b.example")
    monkeypatch.setattr(resend, "get_settings", lambda: real)
    assert post(client, event("email.delivered")) == 403


# Odd bodies ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "payload",
    [
        None,
        [],
        3,
        "text",
        {},
        {"type": 5, "data": []},
        {"type": "email.bounced", "data": None},
        {"type": "email.bounced", "data": {"email_id": {}, "to": 3, "bounce": "x", "tags": "y"}},
        {"type": "email.invented", "data": {"email_id": "re_1"}},
        {"type": "x" * 500, "data": {"email_id": "y" * 500, "tags": {"mbs_mail": "no id"}}},
        {"type": "domain.created", "data": {"id": "d1"}},
        {"type": "email.sent", "data": {"subject": "a\0b", "to": ["\ud800"], "n\0": 1}},
        {"type": "email.sent", "data": {"tags": [{"name": "a", "value": 1}, 3]}},
    ],
)
def test_a_signed_body_of_any_shape_is_kept_and_answered(
    client: TestClient, sent: UUID, payload: Any
) -> None:
    assert post(client, payload) == 204
    assert len(events()) == 1
    assert mail_of(sent).status == MailStatus.SENT


def test_numbers_that_are_none_are_kept_as_nothing(client: TestClient, sent: UUID) -> None:
    assert post(client, b'{"type": "email.opened", "data": {"score": NaN}}') == 204
    assert events()[0].payload["data"] == {"score": None}


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff\xfe"])
def test_a_signed_body_that_is_no_json_is_refused(
    client: TestClient, sent: UUID, body: bytes
) -> None:
    answer = (
        post(client, body) if body != b"\xff\xfe" else client.post(PATH, content=body).status_code
    )
    assert answer in (403, 422)
    assert events() == []


def test_an_enormous_body_is_refused(client: TestClient, sent: UUID) -> None:
    assert post(client, b" " * (resend.LARGEST_BODY + 1)) == 422


# What a report changes -------------------------------------------------------------------------------


def test_a_mail_only_moves_up(client: TestClient, sent: UUID) -> None:
    reached = []
    for kind in ("delivered", "sent", "complained", "bounced", "delivered", "failed"):
        assert post(client, event(f"email.{kind}")) == 204
        reached.append(mail_of(sent).status)
    assert reached == ["delivered", "delivered"] + ["complained"] * 4


@pytest.mark.parametrize(
    ("kind", "data", "status", "held"),
    [
        (
            "bounced",
            {"bounce": {"type": "Permanent", "message": "No such user."}},
            "bounced",
            "bounced",
        ),
        ("bounced", {"bounce": {"type": "Temporary", "message": "Mailbox full."}}, "bounced", None),
        ("bounced", {"bounce": {"type": "Undetermined"}}, "bounced", None),
        ("complained", {}, "complained", "complained"),
        ("suppressed", {"suppressed": {"message": "On the list."}}, "failed", "bounced"),
        ("failed", {"failed": {"reason": "reached_daily_quota"}}, "failed", None),
    ],
)
def test_bad_news_is_told_in_words_and_sets_the_address_aside_where_it_is_for_good(
    client: TestClient, sent: UUID, kind: str, data: dict[str, Any], status: str, held: str | None
) -> None:
    assert post(client, event(f"email.{kind}", **data)) == 204
    mail = mail_of(sent)
    assert mail.status == status
    assert mail.problem.endswith(".") or "reached_daily_quota" in mail.problem
    assert aside() == ([("ann@example.com", held)] if held else [])
    with db.transaction(SYSTEM, read_only=True) as session:
        noted = session.exec(select(AuditEvent.action)).all()
    assert list(noted) == (["mail_address.set_aside"] if held else [])


def test_a_delay_is_told_and_forgotten_once_it_arrives(client: TestClient, sent: UUID) -> None:
    assert post(client, event("email.delivery_delayed")) == 204
    assert (mail_of(sent).status, bool(mail_of(sent).problem)) == (MailStatus.SENT, True)
    assert post(client, event("email.delivered")) == 204
    assert mail_of(sent).problem == ""


def test_a_report_before_the_answer_finds_its_mail_by_our_own_id(
    client: TestClient, database: str
) -> None:
    with db.transaction(SYSTEM) as session:
        mail = mails.queue(
            session, MailKind.APPROVED, "ann@example.com", name="Ann", link="http://x"
        )
        mail.status = MailStatus.SENDING
    assert post(client, event("email.delivered", mail.id)) == 204
    found = mail_of(mail.id)
    assert (found.status, found.provider_id) == (MailStatus.DELIVERED, "re_1")
    assert (found.subject, found.html, found.text) == ("", "", "")
    assert found.sent_at is not None


def test_a_mail_given_up_in_doubt_was_sent_after_all_when_the_service_says_so(
    client: TestClient, database: str
) -> None:
    with db.transaction(SYSTEM) as session:
        mail = mails.queue(
            session, MailKind.APPROVED, "ann@example.com", name="Ann", link="http://x"
        )
        mails.end(mail, MailStatus.FAILED, "Whether it was sent isn’t known.")
    assert post(client, event("email.sent", mail.id)) == 204
    assert (mail_of(mail.id).status, mail_of(mail.id).problem) == (MailStatus.SENT, "")


def test_a_report_about_somebody_elses_mail_is_only_kept(client: TestClient, sent: UUID) -> None:
    other = event("email.bounced", uuid4(), email_id="re_9", bounce={"type": "Permanent"})
    assert post(client, other) == 204
    assert (len(events()), aside(), mail_of(sent).status) == (1, [], MailStatus.SENT)


def test_an_id_of_ours_under_another_id_of_theirs_is_another_mail(
    client: TestClient, sent: UUID
) -> None:
    assert post(client, event("email.bounced", sent, email_id="re_9")) == 204
    assert mail_of(sent).status == MailStatus.SENT
