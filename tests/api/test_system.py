"""How the installation stands, over HTTP."""

from __future__ import annotations

from fastapi.testclient import TestClient

from tests.api.conftest import SignIn

PARTS = {
    "people", "texts", "queue", "callbacks", "mail", "storage", "workers", "version", "setup",
}  # fmt: skip


def test_an_admin_gets_every_part_with_its_checks(signed_in: SignIn) -> None:
    admin, _ = signed_in("root@example.com", role="admin")
    signed_in("p@example.com", status="pending")
    answer = admin.get("/api/admin/overview")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert set(found) == PARTS | {"state"}
    assert found["people"]["by_status"]["pending"] == 1
    assert len(found["texts"]["days"]) == 30
    for part in PARTS:
        for check in found[part]["checks"]:
            assert check["state"] in ("healthy", "look", "broken")
            assert (check["advice"] == "") == (check["state"] == "healthy"), check
    assert found["state"] == "broken"  # no worker runs in a test


def test_days_begin_where_one_asks(signed_in: SignIn) -> None:
    admin, _ = signed_in("root@example.com", role="admin")
    there = admin.get("/api/admin/overview", params={"time_zone": "Asia/Tokyo"}).json()
    assert there["texts"]["zone"] == "Asia/Tokyo"
    assert admin.get("/api/admin/overview", params={"time_zone": "Moon/Base"}).status_code == 422


def test_it_is_documented(anonymous: TestClient) -> None:
    schema = anonymous.get("/api/openapi.json").json()
    assert "/api/admin/overview" in schema["paths"]
    assert "OverviewOut" in schema["components"]["schemas"]
