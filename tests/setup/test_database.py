"""The admin that the command line makes."""

from __future__ import annotations

import pytest
from sqlmodel import select

from mbs_app import db
from mbs_app.models import AuditEvent, UserProfile
from mbs_app.services.passwords import verify_password
from mbs_app.setup.database import create_admin
from tests.support.accounts import PASSWORD, SYSTEM, make_user

EMAIL = "maya@example.com"


def _accounts() -> list[UserProfile]:
    with db.transaction(SYSTEM) as session:
        return list(session.exec(select(UserProfile)))


def test_an_admin_is_made_and_the_hash_waits_in_no_transaction(
    database: str, held_meanwhile: list[int]
) -> None:
    create_admin("Maya@Example.com", " Maya Okafor ", PASSWORD)
    (admin,) = _accounts()
    assert (admin.email, admin.name) == (EMAIL, "Maya Okafor")
    assert (admin.role, admin.status, admin.approved_at is None) == ("admin", "approved", False)
    assert verify_password(PASSWORD, admin.password_hash)
    assert held_meanwhile == [0]
    with db.transaction(SYSTEM) as session:
        assert session.exec(select(AuditEvent.action)).all() == ["account.create"]


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        (EMAIL, "short", "Use at least 12 characters"),
        ("maya", PASSWORD, "Enter an address such as"),
        ("ada@example.com", PASSWORD, "has an account already"),
    ],
)
def test_what_can_not_be_taken_is_said_before_anything_is_hashed(
    database: str,
    held_meanwhile: list[int],
    capsys: pytest.CaptureFixture[str],
    email: str,
    password: str,
    sentence: str,
) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "ada@example.com")
    held_meanwhile.clear()
    with pytest.raises(SystemExit):
        create_admin(email, "Maya Okafor", password)
    said = capsys.readouterr()
    assert sentence in said.out + said.err
    assert held_meanwhile == [] and len(_accounts()) == 1
