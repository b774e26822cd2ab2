"""Invites: what an admin can make of them, find among them and take back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from mbs_app.domain.vocabulary import InviteState, MailKind
from mbs_app.models import AuditEvent, InviteCode, OutgoingMail, new_id
from mbs_app.services import invites, workspace
from mbs_app.services.invites import InviteFilter
from tests.support.accounts import SYSTEM, make_actor
from tests.support.invites import make_admin, make_invite


@pytest.fixture
def admin(database: str) -> Actor:
    with db.transaction(SYSTEM) as session:
        workspace.get_workspace(session).name = "Lakeline Plaza"
    return make_admin()


def _over(session: Session, invite: InviteCode, **columns: Any) -> None:
    stored = session.exec(select(InviteCode).where(InviteCode.id == invite.id)).one()
    for name, value in columns.items():
        setattr(stored, name, value)
    session.add(stored)


def test_a_new_invite_has_a_code_of_the_business_and_what_was_chosen(admin: Actor) -> None:
    ends = utc_now() + timedelta(days=7)
    made = make_invite(
        admin,
        role="admin",
        max_uses=5,
        expires_at=ends,
        note="  Front   desk ",
        email="@Example.com",
    )
    assert made.code.startswith("LAKE-")
    assert (made.role, made.max_uses, made.uses) == ("admin", 5, 0)
    assert (made.notes, made.email, made.created_by) == (
        "Front desk",
        "@example.com",
        admin.user_id,
    )
    with db.transaction(admin, read_only=True) as session:
        (entry,) = session.exec(select(AuditEvent).where(AuditEvent.action == "invite.create"))
        assert entry.subject_id == str(made.id) and entry.actor_id == admin.user_id
        assert made.code not in repr(entry.details)


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"max_uses": 0}, "max_uses"),
        ({"max_uses": 101}, "max_uses"),
        ({"role": "viewer"}, "role"),
        ({"note": "x" * 121}, "note"),
        ({"email": "nobody"}, "email"),
        ({"email": "@nowhere"}, "email"),
        ({"email": "a@b.example", "max_uses": 2}, "max_uses"),
        ({"expires_at": utc_now() - timedelta(seconds=1)}, "expires_at"),
        ({"expires_at": utc_now() + timedelta(days=400)}, "expires_at"),
    ],
)
def test_what_can_not_be_taken_is_said_at_its_field(
    admin: Actor, chosen: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_invite(admin, **chosen)
    assert list(refused.value.fields) == [field]


def test_the_list_counts_every_state_and_masks_what_is_over(admin: Actor) -> None:
    active, used_up, expired, revoked = (make_invite(admin, note=f"no {n}") for n in range(4))
    with db.transaction(admin) as session:
        _over(session, used_up, uses=1)
        _over(session, expired, expires_at=utc_now() - timedelta(minutes=1))
        invites.revoke_invite(session, admin, revoked.id)
    with db.transaction(admin, read_only=True) as session:
        page = invites.list_invites(session, admin)
        assert page.counts == dict.fromkeys(InviteState, 1) and page.total == 4
        assert page.rows[0].invite.id == active.id
        assert page.rows[0].shown_code == active.code and page.rows[0].maker == "Maya Okafor"
        shown = {row.invite.id: (row.state, row.shown_code) for row in page.rows[1:]}
        for one, state in (
            (used_up, InviteState.USED_UP),
            (expired, InviteState.EXPIRED),
            (revoked, InviteState.REVOKED),
        ):
            assert shown[one.id] == (state, f"{one.code[:-4]}••••")
        (row,) = invites.list_invites(session, admin, InviteFilter(InviteState.EXPIRED)).rows
        assert row.invite.id == expired.id


def test_an_invite_is_found_by_a_part_of_its_code_its_note_or_its_address(admin: Actor) -> None:
    first = make_invite(admin, note="Front desk, dental")
    second = make_invite(admin, email="ana@agency.example")
    with db.transaction(admin, read_only=True) as session:
        for words, expected in (
            (first.code[5:9].lower(), first),
            ("DESK dental", first),
            ("agency", second),
        ):
            page = invites.list_invites(session, admin, InviteFilter(search=words))
            assert expected.id in {row.invite.id for row in page.rows}
            assert page.total == sum(page.counts.values())
        assert invites.list_invites(session, admin, InviteFilter(search="nothing")).rows == ()


def test_lists_come_in_pages(admin: Actor) -> None:
    made = [make_invite(admin).id for _ in range(5)]
    with db.transaction(admin, read_only=True) as session:
        pages = [
            invites.list_invites(session, admin, offset=offset, limit=2) for offset in (0, 2, 4)
        ]
        assert [row.invite.id for page in pages for row in page.rows] == made[::-1]
        first = invites.invites_after(session, admin, limit=3)
        rest = invites.invites_after(session, admin, after=first[-1].invite.id, limit=3)
        assert [row.invite.id for row in [*first, *rest]] == made[::-1]


def test_revoking_twice_changes_nothing_the_second_time(admin: Actor) -> None:
    made = make_invite(admin)
    for _ in range(2):
        with db.transaction(admin) as session:
            assert invites.revoke_invite(session, admin, made.id).revoked_at is not None
    with db.transaction(admin, read_only=True) as session:
        entries = session.exec(select(AuditEvent).where(AuditEvent.action == "invite.revoke")).all()
        assert len(entries) == 1
        with pytest.raises(NotFound):
            invites.get_invite(session, admin, new_id())


def test_an_invite_is_mailed_to_its_address_or_to_the_one_that_is_given(admin: Actor) -> None:
    fixed = make_invite(admin, email="ana@agency.example")
    ending = make_invite(admin, email="@agency.example", max_uses=5)
    anyone = make_invite(admin)
    with db.transaction(admin) as session:
        assert invites.send_invite(session, admin, fixed.id) == "ana@agency.example"
        assert invites.send_invite(session, admin, ending.id, email="Bo@Agency.example")
        assert invites.send_invite(session, admin, anyone.id, email="cy@example.com")
    with db.transaction(admin, read_only=True) as session:
        mails = session.exec(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        assert [mail.to_email for mail in mails] == [
            "ana@agency.example",
            "bo@agency.example",
            "cy@example.com",
        ]
        assert {mail.kind for mail in mails} == {MailKind.INVITATION}
        assert f"/join?code={anyone.code}" in mails[2].text
        sent = invites.get_invite(session, admin, anyone.id).invite
        assert sent.mailed_at is not None


@pytest.mark.parametrize("email", ["", "nobody", "ana@other.example"])
def test_an_invite_for_an_ending_is_not_mailed_elsewhere(admin: Actor, email: str) -> None:
    made = make_invite(admin, email="@agency.example")
    with pytest.raises(InvalidInput) as refused, db.transaction(admin) as session:
        invites.send_invite(session, admin, made.id, email=email)
    assert list(refused.value.fields) == ["email"]


def test_a_code_that_is_over_is_not_mailed(admin: Actor) -> None:
    made = make_invite(admin)
    with db.transaction(admin) as session:
        invites.revoke_invite(session, admin, made.id)
    with pytest.raises(Conflict), db.transaction(admin) as session:
        invites.send_invite(session, admin, made.id, email="cy@example.com")


def test_who_is_no_admin_can_do_nothing_with_invites(admin: Actor) -> None:
    made = make_invite(admin)
    bob = make_actor("bob@example.com")
    with db.transaction(bob) as session:
        for attempt in (
            lambda: invites.create_invite(session, bob),
            lambda: invites.list_invites(session, bob),
            lambda: invites.invites_after(session, bob),
            lambda: invites.get_invite(session, bob, made.id),
            lambda: invites.who_joined(session, bob, made.id),
            lambda: invites.joined_lately(session, bob),
            lambda: invites.send_invite(session, bob, made.id, email="eve@example.com"),
            lambda: invites.revoke_invite(session, bob, made.id),
        ):
            with pytest.raises(NotAllowed):
                attempt()
