"""Resets in the words of the list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from mbs_app.domain.vocabulary import AdminResetStatus, ResetType
from mbs_app.services.password_resets import ResetRow
from mbs_app.ui.resets.rows import line_of

NOW = datetime(2026, 10, 16, 20, 0, tzinfo=UTC)  # 3 PM in Austin
ZONE = "America/Chicago"


def _row(**changed: Any) -> ResetRow:
    facts: dict[str, Any] = {
        "id": uuid4(),
        "reset_id": uuid4(),
        "kind": ResetType.ADMIN,
        "status": AdminResetStatus.PENDING,
        "person_id": uuid4(),
        "person": "Maya Okafor",
        "email": "maya@example.com",
        "sender": "Ada Whitfield",
        "reason": "Called from the shop",
        "note": "",
        "created_at": NOW - timedelta(hours=1),
        "expires_at": NOW + timedelta(hours=23),
        "completed_at": None,
    }
    return ResetRow(**{**facts, **changed})


@pytest.mark.parametrize(
    ("changed", "status", "ends"),
    [
        ({}, "Waiting", "until tomorrow 2:00 PM"),
        (
            {"status": AdminResetStatus.EXPIRED, "expires_at": NOW - timedelta(minutes=5)},
            "Expired",
            "today 2:55 PM",
        ),
        (
            {"status": AdminResetStatus.COMPLETED, "completed_at": NOW - timedelta(days=2)},
            "Completed",
            "Oct 14 3:00 PM",
        ),
        (
            {"status": AdminResetStatus.CANCELLED, "note": "Canceled by an admin"},
            "Canceled",
            "by an admin",
        ),
    ],
)
def test_where_a_link_stands(changed: dict[str, Any], status: str, ends: str) -> None:
    line = line_of(_row(**changed), NOW, ZONE)
    assert (line.status_words, line.ends) == (status, ends)
    assert line.sent == "Today 2:00 PM"


def test_only_an_admins_open_link_can_be_canceled() -> None:
    assert line_of(_row(), NOW, ZONE).reset_id
    used = _row(status=AdminResetStatus.COMPLETED, completed_at=NOW)
    own = _row(kind=ResetType.USER, reset_id=None, sender="", reason="")
    assert line_of(used, NOW, ZONE).reset_id == line_of(own, NOW, ZONE).reset_id == ""


def test_who_sent_it() -> None:
    assert line_of(_row(), NOW, ZONE).how == "Sent by Ada Whitfield"
    assert line_of(_row(sender=""), NOW, ZONE).how == "Sent by an admin whose account is gone"
    assert line_of(_row(kind=ResetType.USER), NOW, ZONE).how == "Asked for it themselves"
