"""A key in its list: what it may do, how long it holds, when it was used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mbs_app.models import ApiKey, new_id
from mbs_app.services import api_keys
from mbs_app.ui.api_keys.rows import key_row

NOW = datetime(2026, 10, 16, 15, 6, tzinfo=UTC)  # 10:06 AM in Austin
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "utc_now", lambda: NOW)


def _row(**values: Any) -> Any:
    made: dict[str, Any] = {"user_id": new_id(), "name": "Stock sync", "key_hash": "x"}
    key = ApiKey(**{**made, "scopes": ["read", "send"], "created_at": NOW - DAY, **values})
    return key_row(key, NOW, "America/Chicago")


@pytest.mark.parametrize(
    ("values", "status", "ends"),
    [
        ({}, "active", "No end"),
        ({"expires_at": NOW + 20 * DAY}, "active", "Ends Nov 5"),
        ({"expires_at": NOW + 13 * DAY}, "soon", "Ends Oct 29"),
        ({"expires_at": NOW + timedelta(hours=1)}, "soon", "Ends today"),
        ({"expires_at": NOW - DAY}, "expired", "Expired yesterday"),
        ({"expires_at": NOW + DAY, "revoked_at": NOW}, "revoked", "Revoked today"),
    ],
)
def test_how_long_it_holds(values: dict[str, Any], status: str, ends: str) -> None:
    row = _row(**values)
    assert (row.status, row.ends) == (status, ends)


def test_what_it_may_do_and_when_it_was_used() -> None:
    assert (_row().may, _row().summary, _row().made) == (
        "Read, send",
        "Never used",
        "Made yesterday",
    )
    used = _row(last_used_at=NOW, last_used_ip="203.0.113.7")
    assert (used.summary, used.used, used.used_from) == ("Used just now", "Just now", "203.0.113.7")
