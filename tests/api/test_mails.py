"""The outbox over HTTP."""

from __future__ import annotations

from mbs_app import db
from mbs_app.domain.vocabulary import MailKind, MailStatus, SuppressionReason
from mbs_app.services import mails
from tests.api.conftest import SignIn
from tests.support.accounts import SYSTEM


def _queue(to: str, problem: str = "") -> None:
    with db.transaction(SYSTEM) as session:
        mail = mails.queue(session, MailKind.APPROVED, to, name="A", link="http://x/secret-link")
        if problem:
            mails.end(mail, MailStatus.FAILED, problem)


def test_an_admin_reads_what_became_of_mails_and_never_what_they_said(signed_in: SignIn) -> None:
    admin, _ = signed_in("root@example.com", role="admin")
    for nth in range(3):
        _queue(f"p{nth}@example.com")
    _queue("bad@example.com", "It came back.")
    first = admin.get("/api/admin/mails?limit=2").json()
    assert [one["to"] for one in first["data"]] == ["bad@example.com", "p2@example.com"]
    rest = admin.get(f"/api/admin/mails?limit=2&cursor={first['next_cursor']}").json()
    assert [one["to"] for one in rest["data"]] == ["p1@example.com", "p0@example.com"]
    assert "secret-link" not in str(first) + str(rest)
    (bad,) = admin.get("/api/admin/mails?show=problems").json()["data"]
    assert (bad["status"], bad["problem"], bad["kind"]) == ("failed", "It came back.", "approved")
    assert admin.get("/api/admin/mails?show=everything").status_code == 422


def test_an_admin_releases_an_address(signed_in: SignIn) -> None:
    admin, _ = signed_in("root@example.com", role="admin")
    with db.transaction(SYSTEM) as session:
        for name in ("ann", "ben", "eve"):
            mails.set_aside(
                session, SYSTEM, f"{name}@example.com", SuppressionReason.BOUNCED, "No such user."
            )
    page = admin.get("/api/admin/mails/set-aside?limit=2").json()
    assert [one["address"] for one in page["data"]] == ["eve@example.com", "ben@example.com"]
    assert page["data"][0]["note"] == "No such user."
    eve = page["data"][0]["id"]
    assert admin.delete(f"/api/admin/mails/set-aside/{eve}").status_code == 204
    assert admin.delete(f"/api/admin/mails/set-aside/{eve}").status_code == 404
    last = admin.get(f"/api/admin/mails/set-aside?limit=2&cursor={page['next_cursor']}").json()
    assert [one["address"] for one in last["data"]] == ["ann@example.com"]
