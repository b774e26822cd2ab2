"""How the installation stands: each figure from rows, each state with what to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import NotAllowed
from mbs_app.domain.vocabulary import (
    CampaignStatus,
    MailKind,
    MailStatus,
    MessageStatus,
    UserStatus,
)
from mbs_app.models import (
    Beat,
    CampaignMessage,
    MessageEvent,
    OutgoingMail,
    RefusedCallback,
    Sender,
    new_id,
)
from mbs_app.services import system
from mbs_app.services.system import Check, State, bytes_words
from mbs_app.services.system import callbacks as callbacks_service
from mbs_app.services.system import storage as storage_service
from mbs_app.settings import Settings, read_settings
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.campaigns import make_campaign

S = MessageStatus


@pytest.fixture
def admin(database: str) -> Actor:
    with db.transaction(SYSTEM) as session:
        return actor_of(make_user(session, "root@example.com", role="admin")).administrating()


@pytest.fixture
def ada(database: str) -> Actor:
    with db.transaction(SYSTEM) as session:
        return actor_of(make_user(session, "ada@example.com"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(data_dir=tmp_path)


def _read(admin: Actor, work: Any, *args: Any) -> Any:
    with db.transaction(admin, read_only=True) as session:
        return work(session, admin, *args)


def _check(part: Any, key: str) -> Check:
    found: Check = next(check for check in part.checks if check.key == key)
    return found


def _add(*rows: Any) -> None:
    with db.transaction(SYSTEM) as session:
        session.add_all(rows)


def _real_settings(tmp_path: Path, **more: Any) -> Settings:
    return read_settings(
        data_dir=tmp_path,
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="t" * 32,
        twilio_phone_number="+15125550142",
        **more,
    )


def test_people_are_counted_by_status(admin: Actor, ada: Actor) -> None:
    with db.transaction(SYSTEM) as session:
        make_user(session, "p1@example.com", status=UserStatus.PENDING)
        make_user(session, "p2@example.com", status=UserStatus.PENDING)
        make_user(session, "s@example.com", status=UserStatus.SUSPENDED)
        make_user(session, "s2@example.com", status=UserStatus.SUSPENDED, role="admin")
    people = _read(admin, system.read_people)
    assert people.by_status == {"approved": 2, "pending": 2, "rejected": 0, "suspended": 2}
    assert people.admins == 1
    waiting = _check(people, "waiting_for_approval")
    assert waiting.state is State.LOOK and waiting.value.startswith("2, the first joined just now")
    assert _check(people, "admins").state is State.LOOK
    with db.transaction(SYSTEM) as session:
        make_user(session, "root2@example.com", role="admin")
    assert _check(_read(admin, system.read_people), "admins").state is State.HEALTHY


def test_texts_are_summed_over_everybody(admin: Actor, ada: Actor) -> None:
    with db.transaction(ada) as session:
        make_campaign(session, ada, {S.DELIVERED: 3, S.FAILED: 2, S.UNKNOWN: 1}, error_code=30005)
    with db.transaction(admin) as session:
        make_campaign(session, admin, {S.DELIVERED: 1, S.FAILED: 1}, error_code=30003)
    texts = _read(admin, system.read_texts, "America/Chicago")
    today = texts.days[-1]
    assert (today.delivered, today.failed, today.unknown) == (4, 3, 1)
    assert len(texts.days) == 30
    assert [(one.words, one.count, one.code) for one in texts.failures] == [
        ("Number no longer in service", 2, 30005),
        ("Phone off or out of reach", 1, 30003),
    ]
    assert texts.handed_over == 8
    assert _check(texts, "failed_share").state is State.HEALTHY  # of so few, a share says nothing


def test_many_failures_in_a_week_are_worth_a_look(admin: Actor) -> None:
    with db.transaction(admin) as session:
        make_campaign(session, admin, {S.DELIVERED: 50, S.FAILED: 10})
    check = _check(_read(admin, system.read_texts, "UTC"), "failed_share")
    assert check.state is State.LOOK and check.value == "10, 16.7% of 60"


def test_a_queue_that_moves_is_healthy_however_old(admin: Actor, ada: Actor) -> None:
    _add(Beat(worker_id=new_id()))
    with db.transaction(ada) as session:
        campaign = make_campaign(session, ada, {S.PENDING: 4, S.SENDING: 1, S.SENT: 2})
        campaign.launched_at = utc_now() - timedelta(hours=3)
        session.add(campaign)
        session.execute(
            sa.update(CampaignMessage).values(created_at=utc_now() - timedelta(hours=3))
        )
    queue = _read(admin, system.read_queue)
    assert (queue.campaigns, queue.waiting, queue.sending) == (1, 4, 1)
    check = _check(queue, "oldest_due")
    assert check.value == "waits for 3 h" and check.state is State.HEALTHY


def test_a_queue_that_stands_still_is_broken_and_says_what_to_do(admin: Actor, ada: Actor) -> None:
    long_ago = utc_now() - timedelta(minutes=10)
    with db.transaction(ada) as session:
        make_campaign(session, ada, {S.PENDING: 2})
        session.execute(sa.update(CampaignMessage).values(created_at=long_ago, updated_at=long_ago))
    check = _check(_read(admin, system.read_queue), "oldest_due")
    assert check.state is State.BROKEN and "No worker is running" in check.advice
    _add(Beat(worker_id=new_id()))
    check = _check(_read(admin, system.read_queue), "oldest_due")
    assert check.state is State.BROKEN and "Nothing moved for 10 min" in check.advice
    _add(Sender(address="+15125550142", slowed_until=utc_now() + timedelta(seconds=30)))
    check = _check(_read(admin, system.read_queue), "oldest_due")
    assert check.state is State.LOOK and "goes on by itself" in check.advice


def test_a_text_set_aside_for_a_retry_is_not_due(admin: Actor, ada: Actor) -> None:
    with db.transaction(ada) as session:
        make_campaign(session, ada, {S.PENDING: 1})
        later = utc_now() + timedelta(minutes=5)
        session.execute(sa.update(CampaignMessage).values(next_attempt_at=later))
    queue = _read(admin, system.read_queue)
    assert queue.oldest_due_at is None and queue.waiting == 1
    assert _check(queue, "oldest_due").state is State.HEALTHY


def test_campaigns_that_wait_for_their_owners_are_counted(admin: Actor, ada: Actor) -> None:
    with db.transaction(ada) as session:
        make_campaign(
            session, ada, {S.PENDING: 1}, status=CampaignStatus.PAUSED, pause_reason="Spam"
        )
    with db.transaction(admin) as session:
        make_campaign(session, admin, {S.PENDING: 1}, status=CampaignStatus.PAUSED)
        make_campaign(
            session,
            ada,
            {},
            status=CampaignStatus.SCHEDULED,
            scheduled_at=utc_now(),
            late_since=utc_now(),
        )
    queue = _read(admin, system.read_queue)
    assert (queue.paused, queue.late) == (1, 1)
    assert _check(queue, "paused").state is _check(queue, "late").state is State.LOOK


def test_texts_without_a_receipt_are_counted_many_campaigns_at_once(
    admin: Actor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks_service, "CAMPAIGNS_AT_ONCE", 2)
    with db.transaction(SYSTEM) as session:
        for number in range(5):
            make_campaign(
                session, actor_of(make_user(session, f"{number}@example.com")), {S.SENT: 1}
            )
        old = utc_now() - timedelta(hours=2)
        session.execute(sa.update(CampaignMessage).values(updated_at=old))
    asked: list[str] = []
    sa.event.listen(db.engine(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    found = _read(admin, system.read_callbacks, settings)
    assert found.overdue == 5
    assert len([one for one in asked if "campaign_messages" in one]) == 3


def test_texts_that_wait_too_long_for_a_receipt_are_found(
    admin: Actor, ada: Actor, settings: Settings
) -> None:
    with db.transaction(ada) as session:
        make_campaign(session, ada, {S.SENT: 3, S.DELIVERED: 5})
        old = utc_now() - timedelta(hours=2)
        session.execute(sa.update(CampaignMessage).values(updated_at=old))
    with db.transaction(admin) as session:
        make_campaign(session, admin, {S.SENT: 2})
    callbacks = _read(admin, system.read_callbacks, settings)
    assert (callbacks.overdue, callbacks.handed_over) == (3, 10)
    assert _check(callbacks, "overdue").state is State.LOOK
    assert _check(callbacks, "last_receipt").state is State.LOOK
    _add(MessageEvent(status="delivered"))
    callbacks = _read(admin, system.read_callbacks, settings)
    assert _check(callbacks, "last_receipt").state is State.HEALTHY
    assert _check(callbacks, "last_receipt").value == "Just now"


def test_reports_that_match_nothing_and_receipts_that_wait_are_counted(
    admin: Actor, ada: Actor, settings: Settings
) -> None:
    now = utc_now()
    _add(
        MessageEvent(status="sent", applied_at=now),
        MessageEvent(status="sent", applied_at=now, message_id=new_id()),
        MessageEvent(status="sent", applied_at=now, user_id=ada.user_id),
        MessageEvent(status="sent", received_at=now - timedelta(minutes=5)),
    )
    callbacks = _read(admin, system.read_callbacks, settings)
    assert (callbacks.unmatched, callbacks.to_apply) == (2, 1)
    assert _check(callbacks, "unmatched").state is State.LOOK
    waiting = _check(callbacks, "to_apply")
    assert waiting.state is State.LOOK and waiting.value == "1, the oldest for 5 min"


def test_bad_signatures_are_broken_only_while_no_good_one_comes(
    admin: Actor, tmp_path: Path
) -> None:
    real = _real_settings(tmp_path, public_base_url="https://sms.example.com")
    hour = utc_now().replace(minute=0, second=0, microsecond=0)
    _add(RefusedCallback(hour=hour, kind="twilio", count=12))
    check = _check(_read(admin, system.read_callbacks, real), "refused")
    assert check.state is State.BROKEN and "TWILIO_AUTH_TOKEN" in check.advice
    assert check.value == "12, the last just now"
    _add(MessageEvent(status="sent", applied_at=utc_now()))
    check = _check(_read(admin, system.read_callbacks, real), "refused")
    assert check.state is State.LOOK and "somebody else" in check.advice


def test_an_installation_that_twilio_cannot_find_is_broken(admin: Actor, tmp_path: Path) -> None:
    callbacks = _read(admin, system.read_callbacks, _real_settings(tmp_path))
    check = _check(callbacks, "last_receipt")
    assert check.state is State.BROKEN and "PUBLIC_BASE_URL" in check.advice


def test_a_mail_that_waits_too_long_is_broken_and_says_why(
    admin: Actor, settings: Settings
) -> None:
    mail = _read(admin, system.read_mail, settings)
    assert {check.state for check in mail.checks} == {State.HEALTHY}
    _add(
        OutgoingMail(
            kind=MailKind.APPROVED,
            to_email="a@example.com",
            problem="Resend can’t be reached.",
            created_at=utc_now() - timedelta(minutes=20),
        ),
        OutgoingMail(
            kind=MailKind.APPROVED,
            to_email="b@example.com",
            status=MailStatus.BOUNCED,
            problem="The mailbox is full.",
        ),
    )
    mail = _read(admin, system.read_mail, settings)
    assert (mail.waiting, mail.gone_wrong) == (1, 1)
    waiting = _check(mail, "waiting")
    assert waiting.state is State.BROKEN and "Resend can’t be reached." in waiting.advice
    assert _check(mail, "gone_wrong").state is State.LOOK
    assert "The mailbox is full." in _check(mail, "last_problem").value


def test_storage_says_how_large_everything_is(admin: Actor, settings: Settings) -> None:
    (settings.data_dir / "backups").mkdir()
    (settings.data_dir / "backups" / "old.db").write_bytes(b"x" * 5000)
    storage = _read(admin, system.read_storage, settings)
    assert storage.database > 10_000 and storage.data_folder >= 5000
    assert {table.table for table in storage.tables} == set(storage_service.LARGE_TABLES)


@pytest.mark.parametrize(
    ("free", "state"),
    [(100_000_000, State.BROKEN), (1_000_000_000, State.LOOK), (9_000_000_000, State.HEALTHY)],
)
def test_little_room_is_told_in_time(free: int, state: State) -> None:
    assert storage_service._room(free, 10**12).state is state


def test_rows_are_estimated_near_enough(admin: Actor, ada: Actor, settings: Settings) -> None:
    with db.transaction(ada) as session:
        make_campaign(session, ada, {S.DELIVERED: 200})
    if not db.is_sqlite():
        with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE campaign_messages")
    storage = _read(admin, system.read_storage, settings)
    texts = next(table for table in storage.tables if table.table == "campaign_messages")
    assert texts.rows == 200


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_500, "2 kB"), (568_057_856, "568 MB"),
     (1_234_000_000, "1.2 GB"), (2_500_000_000_000, "2.5 TB")],
)  # fmt: skip
def test_sizes_read_as_disks_are_sold(size: int, words: str) -> None:
    assert bytes_words(size) == words


def test_workers_are_alive_while_they_beat(admin: Actor) -> None:
    long_ago = utc_now() - timedelta(minutes=4)
    _add(Beat(worker_id=new_id(), started_at=long_ago, seen_at=long_ago))
    workers = _read(admin, system.read_workers)
    check = _check(workers, "workers")
    assert check.state is State.BROKEN and check.value == "None; the last one was seen 4 min ago"
    _add(Beat(worker_id=new_id(), started_at=utc_now() - timedelta(hours=2)))
    workers = _read(admin, system.read_workers)
    assert _check(workers, "workers").value == "1, for 2 h"
    assert len(workers.alive) == 1


def test_the_version_says_whether_the_tables_are_its_own(admin: Actor) -> None:
    version = _read(admin, system.read_version)
    assert version.schema == version.newest_schema
    assert _check(version, "schema").state is State.HEALTHY
    with db.transaction(SYSTEM) as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    check = _check(_read(admin, system.read_version), "schema")
    assert check.state is State.BROKEN and "migrate" in check.advice


def test_the_settings_are_told_without_their_values(admin: Actor, tmp_path: Path) -> None:
    real = _real_settings(tmp_path, public_base_url="http://sms.example.com")
    setup = _read(admin, system.read_setup, real)
    named = {setting.name: setting.is_set for setting in setup.settings}
    assert named["TWILIO_AUTH_TOKEN"] and not named["RESEND_API_KEY"]
    assert "t" * 32 not in repr(setup) and "AC0" not in repr(setup)
    assert _check(setup, "https").state is State.LOOK
    assert (_check(setup, "texts").value, _check(setup, "mail").value) == (
        "Real, by Twilio",
        "Simulated",
    )


def test_only_admins_see_how_it_stands(ada: Actor, settings: Settings) -> None:
    for work, args in (
        (system.read_people, ()),
        (system.read_texts, ("UTC",)),
        (system.read_queue, ()),
        (system.read_callbacks, (settings,)),
        (system.read_mail, (settings,)),
        (system.read_storage, (settings,)),
        (system.read_workers, ()),
        (system.read_version, ()),
        (system.read_setup, (settings,)),
    ):
        with db.transaction(ada, read_only=True) as session, pytest.raises(NotAllowed):
            work(session, ada, *args)


def test_the_worst_state_wins() -> None:
    checks = [Check("a", "A", ""), Check("b", "B", "", State.LOOK)]
    assert system.worst(checks) is State.LOOK
    assert system.worst([*checks, Check("c", "C", "", State.BROKEN)]) is State.BROKEN
    assert system.worst([]) is State.HEALTHY
