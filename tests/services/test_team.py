"""What admins decide about accounts, and what never happens whatever they decide."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import (
    Conflict,
    InvalidInput,
    MbsError,
    NotAllowed,
    NotApproved,
    NotFound,
    NotSignedIn,
)
from mbs_app.domain.vocabulary import CampaignStatus, MailKind, MessageStatus, Role, UserStatus
from mbs_app.models import (
    AuditEvent,
    Authenticator,
    Campaign,
    OutgoingMail,
    Passkey,
    UserProfile,
    UserSession,
    new_id,
)
from mbs_app.services import registration, sessions, standing, team
from mbs_app.services.registration import Form
from mbs_app.services.team import TeamFilter
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.campaigns import make_campaign
from tests.support.invites import make_admin, make_invite

WHY = "We don’t know you."


@pytest.fixture
def admin(database: str) -> Actor:
    return make_admin()


def _somebody(status: str, email: str = "ana@example.com", role: str = Role.USER) -> UserProfile:
    with db.transaction(SYSTEM) as session:
        return make_user(session, email, status=status, role=role, name="Ana Ruiz")


def _stored(user_id: UUID | None) -> UserProfile:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.exec(select(UserProfile).where(UserProfile.id == user_id)).one()


def _session_of(user: UserProfile) -> str:
    with db.transaction(SYSTEM) as session:
        return sessions.start(session, user, keep=False)[0]


def _entries(action: str) -> list[AuditEvent]:
    with db.transaction(SYSTEM, read_only=True) as session:
        return list(session.exec(select(AuditEvent).where(AuditEvent.action == action)))


def _mails() -> list[OutgoingMail]:
    with db.transaction(SYSTEM, read_only=True) as session:
        return list(session.exec(select(OutgoingMail).order_by(OutgoingMail.id)))


def test_an_approved_account_is_in_and_is_told(admin: Actor) -> None:
    user = _somebody(UserStatus.PENDING)
    token = _session_of(user)
    for _ in range(2):  # a double click
        with db.transaction(admin) as session:
            assert team.approve(session, admin, user.id).status == "approved"
    stored = _stored(user.id)
    assert stored.approved_at is not None and stored.status_changed_at is not None
    with db.transaction(SYSTEM, read_only=True) as session:
        found = sessions.find_standing(session, token)
    assert found.refusal is None and found.must_renew
    (mail,) = _mails()
    assert (mail.kind, mail.to_email, mail.user_id) == (MailKind.APPROVED, user.email, user.id)
    (entry,) = _entries("user.approve")
    assert (entry.actor_id, entry.subject_id) == (admin.user_id, str(user.id))


def test_a_rejected_account_is_told_why_and_can_be_approved_later(admin: Actor) -> None:
    user = _somebody(UserStatus.PENDING)
    token = _session_of(user)
    with db.transaction(admin) as session:
        team.reject(session, admin, user.id, reason="  We don’t \t know you. ")
    assert _stored(user.id).status_reason == WHY
    with pytest.raises(NotSignedIn), db.transaction(SYSTEM, read_only=True) as session:
        sessions.find_standing(session, token)
    (mail,) = _mails()
    assert mail.kind == MailKind.REJECTED and WHY in mail.text
    assert _entries("user.reject")[0].details["reason"] == WHY
    with db.transaction(admin) as session:
        approved = team.approve(session, admin, user.id)
        assert (approved.status, approved.status_reason) == ("approved", "")


def test_somebody_is_signed_out_everywhere_and_may_come_back(admin: Actor) -> None:
    user, other = _somebody(UserStatus.APPROVED), _somebody(UserStatus.APPROVED, "b@example.com")
    tokens, others = [_session_of(user), _session_of(user)], _session_of(other)
    with db.transaction(admin) as session:
        assert team.sign_out_everywhere(session, admin, user.id) == 2
        assert team.sign_out_everywhere(session, admin, user.id) == 0
    for token in tokens:
        with pytest.raises(NotSignedIn), db.transaction(SYSTEM, read_only=True) as session:
            sessions.find_standing(session, token)
    again = _session_of(user)
    with db.transaction(SYSTEM, read_only=True) as session:
        assert sessions.find_standing(session, others).refusal is None
        assert sessions.find_standing(session, again).refusal is None
    (entry,) = _entries("user.sign_out")
    assert (entry.subject_id, entry.details) == (str(user.id), {"ended": 2})


def test_only_an_admin_signs_others_out(admin: Actor) -> None:
    marketer = actor_of(_somebody(UserStatus.APPROVED))
    with pytest.raises(NotAllowed), db.transaction(marketer) as session:
        team.sign_out_everywhere(session, marketer, admin.user_id or new_id())
    with pytest.raises(NotFound), db.transaction(admin) as session:
        team.sign_out_everywhere(session, admin, new_id())


def test_a_suspended_account_is_out_at_once_with_its_sessions_and_its_sending(
    admin: Actor,
) -> None:
    user = _somebody(UserStatus.APPROVED)
    tokens = [_session_of(user), _session_of(user)]
    owner = actor_of(user)
    with db.transaction(owner) as session:
        runs = make_campaign(session, owner, {MessageStatus.PENDING: 2}, name="Runs").id
        draft = make_campaign(session, owner, {}, status=CampaignStatus.DRAFT, name="Draft").id
    with db.transaction(admin) as session:
        mine = make_campaign(session, admin, {MessageStatus.PENDING: 1}, name="Mine").id
    with db.transaction(admin) as session:
        team.suspend(session, admin, user.id, reason=WHY)
    for token in tokens:
        with pytest.raises(NotSignedIn), db.transaction(SYSTEM, read_only=True) as session:
            sessions.find_standing(session, token)
    with db.transaction(SYSTEM, read_only=True) as session:
        after = {
            one.id: (one.status, one.pause_reason) for one in session.exec(select(Campaign)).all()
        }
    assert after[runs] == ("paused", "The account was suspended while this was being sent.")
    assert after[draft][0] == "draft" and after[mine][0] == "sending"
    (entry,) = _entries("user.suspend")
    assert entry.details == {"reason": WHY, "sessions": 2}
    (paused,) = _entries("campaign.pause")
    assert (paused.subject_id, paused.actor_id) == (str(runs), admin.user_id)
    # Signed in anew, they learn why and may do nothing.
    token = _session_of(_stored(user.id))
    with db.transaction(SYSTEM, read_only=True) as session:
        assert isinstance(sessions.find_standing(session, token).refusal, NotApproved)
    assert _mails() == []


def test_a_restored_account_goes_on_and_its_campaigns_wait_for_its_owner(admin: Actor) -> None:
    user = _somebody(UserStatus.APPROVED)
    owner = actor_of(user)
    with db.transaction(owner) as session:
        runs = make_campaign(session, owner, {MessageStatus.PENDING: 2}).id
    with db.transaction(admin) as session:
        team.suspend(session, admin, user.id, reason=WHY)
        team.restore(session, admin, user.id)
    stored = _stored(user.id)
    assert (stored.status, stored.status_reason) == ("approved", "")
    with db.transaction(owner, read_only=True) as session:
        assert session.get_one(Campaign, runs).status == "paused"


def test_a_change_of_role_renews_the_sessions_of_browsers(admin: Actor) -> None:
    user = _somebody(UserStatus.APPROVED)
    token = _session_of(user)
    for _ in range(2):
        with db.transaction(admin) as session:
            assert team.change_role(session, admin, user.id, "admin").role == "admin"
    with db.transaction(SYSTEM, read_only=True) as session:
        found = sessions.find_standing(session, token)
        assert found.must_renew and found.actor.is_admin
    (entry,) = _entries("user.change_role")
    assert entry.details == {"before": "user", "after": "admin"}


@pytest.mark.parametrize(
    ("status", "decide"),
    [
        ("pending", lambda *to: team.suspend(*to, reason=WHY)),
        ("pending", team.restore),
        ("approved", lambda *to: team.reject(*to, reason=WHY)),
        ("suspended", team.approve),
        ("suspended", lambda *to: team.reject(*to, reason=WHY)),
        ("rejected", team.restore),
        ("rejected", lambda *to: team.suspend(*to, reason=WHY)),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_with_the_one_that_does(
    admin: Actor, status: str, decide: Callable[..., Any]
) -> None:
    user = _somebody(status)
    with pytest.raises(Conflict), db.transaction(admin) as session:
        decide(session, admin, user.id)
    assert _stored(user.id).status == status
    assert _mails() == []


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501])
def test_who_is_turned_away_is_owed_a_reason(admin: Actor, reason: str) -> None:
    waiting, inside = _somebody("pending"), _somebody("approved", "bob@example.com")
    for decide, user in ((team.reject, waiting), (team.suspend, inside)):
        with pytest.raises(InvalidInput) as refused, db.transaction(admin) as session:
            decide(session, admin, user.id, reason=reason)
        assert list(refused.value.fields) == ["reason"]


def test_one_status_leads_to_the_decision_that_fits(admin: Actor) -> None:
    user = _somebody("pending")
    for status in ("rejected", "approved", "suspended", "suspended", "approved"):
        with db.transaction(admin) as session:
            assert team.change_status(session, admin, user.id, status, reason=WHY).status == status
    for status in ("pending", "nothing"):
        with pytest.raises(InvalidInput), db.transaction(admin) as session:
            team.change_status(session, admin, user.id, status)
    with pytest.raises(InvalidInput), db.transaction(admin) as session:
        team.change_role(session, admin, user.id, "viewer")
    with pytest.raises(NotFound), db.transaction(admin) as session:
        team.approve(session, admin, new_id())


def test_the_last_admin_stays_one(admin: Actor) -> None:
    assert admin.user_id is not None
    # Neither counts: one isn't in yet, the other no longer.
    _somebody("pending", "new@example.com", Role.ADMIN)
    _somebody("suspended", "old@example.com", Role.ADMIN)
    for decide in (
        lambda session: team.change_role(session, admin, admin.user_id, "user"),
        lambda session: team.suspend(session, admin, admin.user_id, reason=WHY),
    ):
        with pytest.raises(Conflict, match="last admin"), db.transaction(admin) as session:
            decide(session)
    assert (_stored(admin.user_id).role, _stored(admin.user_id).status) == ("admin", "approved")
    with db.transaction(SYSTEM) as session:
        make_user(session, "second@example.com", role=Role.ADMIN)
    with db.transaction(admin) as session:
        assert team.change_role(session, admin, admin.user_id, "user").role == "user"


@pytest.mark.parametrize("how", ["role", "suspension"])
def test_admins_who_take_each_other_down_at_once_leave_one(admin: Actor, how: str) -> None:
    """Round and round: each admin strikes the next one, all let go together."""
    admins = [admin, *(make_admin(f"root-{n}@example.com") for n in range(5))]
    start = threading.Barrier(len(admins))

    def strike(number: int) -> str:
        by, whom = admins[number], admins[(number + 1) % len(admins)].user_id
        assert whom is not None
        start.wait()
        try:
            with db.transaction(by) as session:
                if how == "role":
                    team.change_role(session, by, whom, "user")
                else:
                    team.suspend(session, by, whom, reason=WHY)
        except MbsError as error:
            return error.code
        return ""

    with ThreadPoolExecutor(len(admins)) as threads:
        answers = list(threads.map(strike, range(len(admins))))
    left = [one for one in admins if _is_in_charge(_stored(one.user_id))]
    assert len(left) >= 1
    # Who was struck before their own turn came struck nobody.
    assert len(left) == len(admins) - answers.count("")
    assert set(answers) <= {"", "conflict", "not-allowed"}


def test_two_admins_who_demote_each_other_at_once_leave_exactly_one(admin: Actor) -> None:
    for turn in range(10):
        other = make_admin(f"other-{turn}@example.com")
        start = threading.Barrier(2)

        def demote(by: Actor, whom: Actor, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                with db.transaction(by) as session:
                    team.change_role(session, by, whom.user_id, "user")
            except (Conflict, NotAllowed):
                pass

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(demote, (admin, other), (other, admin)))
        left = [one for one in (admin, other) if _is_in_charge(_stored(one.user_id))]
        assert len(left) == 1
        (admin,) = left


def _is_in_charge(user: UserProfile) -> bool:
    return user.role == Role.ADMIN and user.status == UserStatus.APPROVED


def test_who_is_no_admin_decides_and_sees_nothing(admin: Actor) -> None:
    bob = actor_of(_somebody("approved", "bob@example.com"))
    waiting = _somebody("pending")
    with db.transaction(bob) as session:
        for attempt in (
            lambda: team.list_team(session, bob),
            lambda: team.team_after(session, bob),
            lambda: team.get_member(session, bob, waiting.id),
            lambda: team.approve(session, bob, waiting.id),
            lambda: team.reject(session, bob, waiting.id, reason=WHY),
            lambda: team.suspend(session, bob, waiting.id, reason=WHY),
            lambda: team.restore(session, bob, waiting.id),
            lambda: team.change_role(session, bob, bob.user_id, "admin"),
            lambda: team.change_status(session, bob, waiting.id, "approved"),
        ):
            with pytest.raises(NotAllowed):
                attempt()
    assert _stored(waiting.id).status == "pending"


def test_a_change_is_told_once_it_is_committed_and_not_before(admin: Actor) -> None:
    user = _somebody("pending")
    told: list[UUID] = []
    standing.listen(told.append)
    try:
        with db.transaction(admin) as session:
            team.approve(session, admin, user.id)
            assert told == []
        assert told == [user.id]
        with pytest.raises(RuntimeError), db.transaction(admin) as session:
            team.suspend(session, admin, user.id, reason=WHY)
            raise RuntimeError
        assert told == [user.id]
    finally:
        standing._listeners.remove(told.append)


# The list ------------------------------------------------------------------------------------------


def _emails(rows: Any) -> list[str]:
    return [row.user.email for row in rows]


def test_the_list_has_who_waits_on_top_and_counts_every_status(admin: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        for email, name, status in (
            ("zoe@example.com", "Zoë", "pending"),
            ("abe@example.com", "Abe", "pending"),
            ("bob@example.com", "bob", "approved"),
            ("sue@example.com", "Sue", "suspended"),
            ("ray@example.com", "Ray", "rejected"),
        ):
            make_user(session, email, status=status, name=name)
    with db.transaction(admin, read_only=True) as session:
        page = team.list_team(session, admin)
        assert _emails(page.rows) == [
            "zoe@example.com",  # waits longest
            "abe@example.com",
            "bob@example.com",
            "root@example.com",
            "ray@example.com",
            "sue@example.com",
        ]
        assert page.total == 6
        assert {status.value: count for status, count in page.counts.items()} == {
            "pending": 2,
            "approved": 2,
            "rejected": 1,
            "suspended": 1,
        }
        assert _emails(team.list_team(session, admin, TeamFilter(search="zoe")).rows) == [
            "zoe@example.com"
        ]
        admins = team.list_team(session, admin, TeamFilter(role=Role.ADMIN))
        assert (admins.total, admins.counts[UserStatus.PENDING]) == (1, 0)
        waiting = team.list_team(session, admin, TeamFilter(status=UserStatus.PENDING))
        assert (len(waiting.rows), waiting.total) == (2, 2)


def test_the_list_comes_in_pages(admin: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        for n in range(4):
            make_user(session, f"user-{n}@example.com", name=f"User {n}")
    with db.transaction(admin, read_only=True) as session:
        seen = [
            email
            for offset in (0, 2, 4)
            for email in _emails(team.list_team(session, admin, offset=offset, limit=2).rows)
        ]
        assert len(seen) == len(set(seen)) == 5
        first = team.team_after(session, admin, limit=3)
        rest = team.team_after(session, admin, after=first[-1].user.id, limit=3)
        assert _emails([*first, *rest]) == [
            "root@example.com",
            *(f"user-{n}@example.com" for n in range(4)),
        ]


def test_a_member_shows_who_let_them_in_and_whether_they_have_a_second_factor(
    admin: Actor,
) -> None:
    invite = make_invite(admin, note="Front desk", max_uses=2)
    for email in ("ana@example.com", "bo@example.com"):
        with db.transaction(SYSTEM) as session:
            registration.finish(session, SYSTEM, Form(invite.code, email, "Ana", "UTC"), "hash")
    with db.transaction(SYSTEM) as session:
        ana, bo = (_find(session, one) for one in ("ana@example.com", "bo@example.com"))
        session.add(Authenticator(user_id=ana, secret="sealed", confirmed_at=utc_now()))
        session.add(Authenticator(user_id=bo, secret="sealed"))  # begun, not confirmed
        session.add(
            Passkey(user_id=admin.user_id, credential_id="x", public_key="y", name="Laptop")
        )
    with db.transaction(admin, read_only=True) as session:
        one = team.get_member(session, admin, ana)
        assert (one.inviter, one.invite_note) == ("Maya Okafor", "Front desk")
        assert one.joined_with == f"{invite.code[:-4]}••••"  # used up by now
        assert one.has_second_factor
        assert not team.get_member(session, admin, bo).has_second_factor
        assert team.get_member(session, admin, admin.user_id).has_second_factor
        with pytest.raises(NotFound):
            team.get_member(session, admin, new_id())


def _find(session: Session, email: str) -> UUID:
    return session.exec(select(UserProfile.id).where(UserProfile.email == email)).one()


def test_ending_sessions_leaves_those_of_others(admin: Actor) -> None:
    user, other = _somebody("approved"), _somebody("approved", "bob@example.com")
    _session_of(user), _session_of(other)
    with db.transaction(admin) as session:
        team.suspend(session, admin, user.id, reason=WHY)
    with db.transaction(SYSTEM, read_only=True) as session:
        alive = session.exec(
            select(UserSession.user_id).where(UserSession.ended_at.is_(None))
        ).all()
        assert list(alive) == [other.id]
