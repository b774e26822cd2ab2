"""Customers, groups, templates and campaigns over HTTP."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mbs_app import db
from mbs_app.models import Sender, new_id
from mbs_app.services.imports import run_next
from tests.api.conftest import SignIn
from tests.support.accounts import SYSTEM


@pytest.fixture
def client(signed_in: SignIn) -> TestClient:
    return signed_in()[0]


def _add(client: TestClient, number: int, **more: Any) -> dict[str, Any]:
    form = {"phone": f"(512) 555-{number:04}", "first_name": "Rosa", **more}
    answer = client.post("/api/customers", json=form)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_a_customer_is_added_changed_and_deleted(client: TestClient) -> None:
    rosa = _add(client, 178, attributes={"points": "940"}, state="Texas")
    assert rosa["phone"] == "+15125550178"
    assert rosa["state"] == "TX"
    path = f"/api/customers/{rosa['id']}"
    changed = client.put(path, json={"city": "Austin"}).json()
    assert (changed["city"], changed["first_name"]) == ("Austin", "Rosa")
    assert changed["attributes"] == {"points": "940"}
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_a_number_that_cannot_be_read_says_how_to_mend_it(client: TestClient) -> None:
    answer = client.post("/api/customers", json={"phone": "512-555-01"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "phone"
    assert "8 digits" in answer.json()["errors"][0]["detail"]


def test_a_number_belongs_to_one_customer(client: TestClient) -> None:
    _add(client, 178)
    answer = client.post("/api/customers", json={"phone": "512.555.0178"})
    assert answer.status_code == 409


def test_pages_follow_the_cursor_and_hold_every_row_once(client: TestClient) -> None:
    made = {_add(client, number)["id"] for number in range(100, 107)}
    seen: list[str] = []
    cursor = None
    for _ in range(10):
        params = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/customers", params=params).json()
        seen += [row["id"] for row in page["data"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert set(seen) == made


def test_a_made_up_cursor_is_refused(client: TestClient) -> None:
    assert client.get("/api/customers", params={"cursor": "nonsense"}).status_code == 422


def test_groups_have_members(client: TestClient) -> None:
    rosa = _add(client, 178)
    group = client.post("/api/groups", json={"name": "Loyalty"}).json()
    path = f"/api/groups/{group['id']}"
    assert client.post(f"{path}/members", json={"customer_ids": [rosa["id"]]}).json() == {
        "customer_ids": [rosa["id"]]
    }
    assert client.get("/api/groups").json()["data"][0]["members"] == 1
    assert client.get(f"{path}/members").json()["data"][0]["id"] == rosa["id"]
    assert client.delete(f"{path}/members/{rosa['id']}").status_code == 204
    assert client.put(path, json={"name": "VIP"}).json()["name"] == "VIP"
    assert client.delete(path).status_code == 204


def test_templates_are_kept(client: TestClient) -> None:
    form = {
        "name": "Double points",
        "message_body": "Hi {first_name|there}",
        "category": "marketing",
    }
    made = client.post("/api/templates", json=form).json()
    path = f"/api/templates/{made['id']}"
    assert (
        client.put(path, json={"name": "Triple points"}).json()["message_body"]
        == form["message_body"]
    )
    listed = client.get("/api/templates", params={"category": "marketing"}).json()["data"]
    assert "Triple points" in {row["name"] for row in listed}
    assert (
        client.post("/api/templates", json={**form, "message_body": "Hi {first_nam}"}).status_code
        == 422
    )
    assert client.delete(path).status_code == 204


def test_a_campaign_is_sent_once_however_often_it_is_asked_for(client: TestClient) -> None:
    with db.transaction(SYSTEM) as session:
        session.add(Sender(address="+15125550142"))
    _add(client, 178)
    draft = client.post(
        "/api/campaigns",
        json={"name": "Sale", "message_body": "Hi {first_name|there}", "audience": {"mode": "all"}},
    ).json()
    path = f"/api/campaigns/{draft['id']}"
    assert draft["status"] == "draft"
    first = client.post(f"{path}/send")
    assert first.status_code == 200, first.text
    assert first.json()["status"] == "sending"
    assert client.post(f"{path}/send").json()["status"] == "sending"
    assert client.put(path, json={"name": "Other"}).status_code == 409
    assert client.delete(path).status_code == 409
    assert [row["id"] for row in client.get("/api/campaigns").json()["data"]] == [draft["id"]]


def test_a_campaign_nobody_can_get_is_refused_with_the_reason(client: TestClient) -> None:
    draft = client.post("/api/campaigns", json={"message_body": "Hi"}).json()
    answer = client.post(f"/api/campaigns/{draft['id']}/send")
    assert answer.status_code in (409, 422)
    assert answer.json()["detail"]


def test_an_uploaded_file_is_checked_and_then_imported(client: TestClient) -> None:
    file = "Vorname;Mobile\nRosa;(512) 555-0178\nPat;512-555-01\n".encode("utf-8-sig")
    answer = client.post("/api/customers/import", files={"file": ("kunden.csv", file, "text/csv")})
    assert answer.status_code == 202, answer.text
    path = f"/api/customers/import/{answer.json()['id']}"
    worker = new_id()
    run_next(worker)
    checked = client.get(path).json()
    assert (checked["status"], checked["to_add"], checked["refused"]) == ("checked", 1, 1)
    assert client.post(f"{path}/start").status_code == 202
    run_next(worker)
    assert client.get(path).json()["added"] == 1
    refused = client.get(f"{path}/refused.csv")
    assert "512-555-01" in refused.text and "8 digits" in refused.text
    assert len(client.get("/api/customers").json()["data"]) == 1


def test_the_docs_are_complete_in_themselves(anonymous: TestClient) -> None:
    page = anonymous.get("/api/docs")
    assert page.status_code == 200
    assert "/api/customers/{customer_id}" in page.text
    assert "http://" not in page.text and "https://" not in page.text and "<script" not in page.text
    assert anonymous.get("/api/openapi.json").json()["openapi"].startswith("3.1")


def test_the_docs_say_what_is_in_whatever_they_name(anonymous: TestClient) -> None:
    page = anonymous.get("/api/docs").text
    named, told = (set(re.findall(which, page)) for which in (r"href='#(\w+)'", r"id='(\w+)'"))
    assert {"CustomerPage", "CustomerOut", "Me", "Problem"} <= named == told
    assert "mbs_app" not in page and "ListPage" not in page


@pytest.mark.parametrize("odd", ['"\\u0000"', '"a\\ud800"', "NaN", "-Infinity"])
def test_what_no_database_keeps_is_refused_wherever_it_stands(signed_in: SignIn, odd: str) -> None:
    client, _ = signed_in()
    json_type = {"content-type": "application/json"}
    for path, body in (
        ("/api/customers", f'{{"phone": "+15125550177", "attributes": {{"points": {odd}}}}}'),
        ("/api/campaigns", f'{{"audience": {{"mode": "rules", "states": [{odd}]}}}}'),
        ("/api/templates", f'{{"name": {odd}, "message_body": "Hi"}}'),
        ("/api/auth/login", f'{{"email": {odd}, "password": "x"}}'),
    ):
        answer = client.post(path, content=body, headers=json_type)
        assert answer.status_code == 422, path
    assert client.get("/api/customers", params={"state": "\0"}).status_code == 422
