"""The audit log over HTTP."""

from __future__ import annotations

import csv
import io

from mbs_app import db
from mbs_app.services import audit
from tests.api.conftest import SignIn
from tests.support.accounts import SYSTEM, actor_of


def _record(user: object, *actions: str) -> None:
    with db.transaction(SYSTEM) as session:
        for action in actions:
            audit.record(session, actor_of(user), action, "campaign", "c1", name="Sale")


def test_an_admin_reads_it_page_by_page(signed_in: SignIn) -> None:
    _, bob = signed_in("bob@example.com")
    admin, _ = signed_in("root@example.com", role="admin")
    _record(bob, "campaign.launch", "campaign.pause", "campaign.resume")
    answer = admin.get("/api/admin/audit", params={"limit": 2, "group": "work"}).json()
    assert [event["action"] for event in answer["data"]] == ["campaign.resume", "campaign.pause"]
    first = answer["data"][0]
    assert first["sentence"] == "Maya Okafor resumed “Sale”"
    assert first["actor_id"] == str(bob.id)
    rest = admin.get(
        "/api/admin/audit", params={"limit": 2, "group": "work", "cursor": answer["next_cursor"]}
    ).json()
    assert [event["action"] for event in rest["data"]] == ["campaign.launch"]
    assert rest["next_cursor"] is None


def test_every_filter_can_be_asked_for(signed_in: SignIn) -> None:
    _, bob = signed_in("bob@example.com")
    admin, _ = signed_in("root@example.com", role="admin")
    _record(bob, "campaign.launch")

    def found(**query: str) -> int:
        answer = admin.get("/api/admin/audit", params=query)
        assert answer.status_code == 200, answer.text
        return len([one for one in answer.json()["data"] if one["action"] == "campaign.launch"])

    assert found(person=str(bob.id), group="work", subject="c1", search="sale") == 1
    assert found(since="2020-01-01T00:00:00Z", until="2090-01-01T00:00:00Z") == 1
    assert found(until="2020-01-01T00:00:00Z") == 0
    assert found(since="0001-01-01T00:00:00+23:59", until="9999-12-31T23:59:59-23:59") == 1
    assert found(address="203.0.113.1") == 0
    assert admin.get("/api/admin/audit", params={"since": "2020-01-01T00:00"}).status_code == 422
    assert admin.get("/api/admin/audit", params={"group": "nonsense"}).status_code == 422
    assert admin.get("/api/admin/audit", params={"cursor": "nonsense"}).status_code == 422


def test_looking_somebody_up_and_exporting_leave_an_entry(signed_in: SignIn) -> None:
    _, bob = signed_in("bob@example.com")
    admin, _ = signed_in("root@example.com", role="admin")
    _record(bob, "campaign.launch")
    admin.get("/api/admin/audit", params={"person": str(bob.id)})
    export = admin.get("/api/admin/audit/export.csv", params={"person": str(bob.id)})
    assert export.headers["content-type"].startswith("text/csv")
    assert export.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(export.text.removeprefix("\ufeff"), newline="")))
    assert [row["Code"] for row in rows] == ["campaign.launch"]
    looks = admin.get("/api/admin/audit", params={"group": "looks"}).json()["data"]
    assert [look["action"] for look in looks] == ["audit.export", "audit.look"]
    assert looks[0]["details"] == {"actor_id": str(bob.id)}


def test_a_look_that_begins_at_a_later_page_is_on_record_once(signed_in: SignIn) -> None:
    _, bob = signed_in("bob@example.com")
    admin, _ = signed_in("root@example.com", role="admin")
    for _ in range(3):
        _record(bob, "campaign.launch")
    _record(bob, "campaign.delete")

    def page(cursor: str, **asked: str) -> str:
        asked = {"limit": "1", "cursor": cursor, **asked}
        found = admin.get("/api/admin/audit", params=asked).json()
        assert found["data"][0]["actor_id"] == str(bob.id)
        return str(found["next_cursor"])

    made_up = admin.get("/api/admin/audit", params={"limit": "1"}).json()["next_cursor"]
    page(page(made_up, person=str(bob.id)), person=str(bob.id))
    looks = admin.get("/api/admin/audit", params={"group": "looks"}).json()["data"]
    assert [(one["action"], one["subject_id"]) for one in looks] == [("audit.look", str(bob.id))]


def test_taking_customers_out_of_the_program_leaves_an_entry(signed_in: SignIn) -> None:
    bob_client, bob = signed_in("bob@example.com")
    bob_client.post("/api/customers", json={"phone": "+15125550178"})
    bob_client.get("/api/customers/export.csv")
    admin, _ = signed_in("root@example.com", role="admin")
    events = admin.get("/api/admin/audit", params={"person": str(bob.id)}).json()["data"]
    assert [event["sentence"] for event in events] == ["Maya Okafor exported 1 customer"]
