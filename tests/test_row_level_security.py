"""What PostgreSQL holds by itself of accounts, links, steps, mails and the audit log.

The ORM hook leaves these tables to the services; textual SQL stands here for a service that forgot something.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.models import (
    AdminPasswordReset,
    AuditEvent,
    InviteCode,
    MailEvent,
    OutgoingMail,
    PasswordResetToken,
    RefusedCallback,
    SignInStep,
    UserProfile,
)
from tests.support.accounts import SYSTEM, actor_of, make_user
from tests.support.databases import PostgresDatabases, migrate

# Of everybody: docs/security.md says why.
SHARED = {"senders", "sign_in_attempts", "worker_beats", "workspace"}
OF_ONE = {
    "admin_password_resets": "user_id",
    "audit_events": "actor_id",
    "outgoing_mails": "user_id",
    "password_reset_tokens": "user_id",
    "sign_in_steps": "user_id",
}
OF_NOBODY = ("invite_codes", "mail_events", "refused_callbacks")


@pytest.fixture
def url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    with postgres_databases.fresh() as fresh:
        engine = db.configure(fresh)
        yield fresh
        engine.dispose()


@pytest.fixture
def people(url: str) -> tuple[Actor, Actor]:
    """Ada and Bob, with a row of each in every table that has people's."""
    with db.transaction(SYSTEM) as session:
        users = make_user(session, "ada@example.com"), make_user(session, "bob@example.com")
        for nth, user in enumerate(users):
            session.add_all(
                [
                    PasswordResetToken(
                        user_id=user.id, email=user.email, token_hash=f"reset {nth}"
                    ),
                    AdminPasswordReset(user_id=user.id, reason="Called"),
                    SignInStep(user_id=user.id, token_hash=f"step {nth}", kind="passkey"),
                    OutgoingMail(user_id=user.id, kind="approved", to_email=user.email),
                    AuditEvent(actor_id=user.id, action="test"),
                ]
            )
        # And one of nobody's.
        session.add_all(
            [
                SignInStep(token_hash="step of nobody", kind="passkey"),
                OutgoingMail(kind="invitation", to_email="new@example.com"),
                AuditEvent(action="test"),
                InviteCode(code="ABCD2345"),
                MailEvent(event_id="evt_1", kind="email.bounced"),
                RefusedCallback(kind="twilio", count=1, hour=users[0].created_at),
            ]
        )
    return actor_of(users[0]), actor_of(users[1])


def values(session: Session, statement: str, **bound: Any) -> list[Any]:
    return list(session.connection().execute(sa.text(statement), bound).scalars())


@pytest.mark.parametrize("table", OF_ONE)
def test_a_person_finds_rows_of_their_own_only(people: tuple[Actor, Actor], table: str) -> None:
    for person in people:
        with db.transaction(person, read_only=True) as session:
            assert values(session, f"SELECT {OF_ONE[table]} FROM {table}") == [person.user_id]


@pytest.mark.parametrize("table", OF_NOBODY)
def test_what_is_nobodys_is_the_programs_and_the_admins(
    people: tuple[Actor, Actor], table: str
) -> None:
    admin = Actor.user(people[0].user_id or SYSTEM.user_id, role="admin")  # type: ignore[arg-type]
    for actor, found in ((people[0], 0), (admin, 0), (admin.administrating(), 1), (SYSTEM, 1)):
        with db.transaction(actor, read_only=True) as session:
            assert values(session, f"SELECT count(*) FROM {table}") == [found]


@pytest.mark.parametrize("table", [*OF_ONE, *OF_NOBODY, "user_profiles"])
def test_outside_a_transaction_for_an_actor_there_is_nothing(
    people: tuple[Actor, Actor], table: str
) -> None:
    with db.engine().connect() as connection:
        assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_another_account_is_neither_changed_nor_removed(people: tuple[Actor, Actor]) -> None:
    ada, bob = people
    with db.transaction(ada) as session:
        for statement in (
            "UPDATE user_profiles SET role = 'admin', password_hash = '' WHERE id = :bob",
            "DELETE FROM user_profiles WHERE id = :bob",
            "UPDATE password_reset_tokens SET used_at = now() WHERE user_id = :bob",
            "DELETE FROM outgoing_mails WHERE user_id = :bob",
            "UPDATE invite_codes SET role = 'admin'",
        ):
            changed = session.connection().execute(sa.text(statement), {"bob": bob.user_id})
            assert changed.rowcount == 0, statement
    with db.transaction(bob) as session:
        changed = session.connection().execute(sa.text("UPDATE user_profiles SET name = 'Bobby'"))
        assert changed.rowcount == 1
    with db.transaction(SYSTEM, read_only=True) as session:
        assert values(session, "SELECT name FROM user_profiles ORDER BY email")[1] == "Bobby"


@pytest.mark.parametrize(
    "make",
    [
        lambda bob: UserProfile(email="new@example.com", name="New", role="admin"),
        lambda bob: PasswordResetToken(user_id=bob, email="bob@example.com", token_hash="forged"),
        lambda bob: SignInStep(user_id=bob, token_hash="forged", kind="passkey"),
        lambda bob: OutgoingMail(user_id=bob, kind="approved", to_email="bob@example.com"),
        lambda bob: AuditEvent(actor_id=bob, action="test"),
        lambda bob: InviteCode(code="FORGED22", role="admin"),
    ],
)
def test_nothing_is_written_in_anothers_name(people: tuple[Actor, Actor], make: Any) -> None:
    ada, bob = people
    with (
        pytest.raises(sa.exc.DBAPIError, match="row-level security"),
        db.transaction(ada) as session,
    ):
        session.add(make(bob.user_id))


def test_every_table_is_guarded_but_those_that_are_everybodys(url: str) -> None:
    import mbs_app.models  # noqa: F401  registers the tables

    with db.engine().connect() as connection:
        guarded = connection.exec_driver_sql(
            "SELECT DISTINCT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid"
            " WHERE relrowsecurity AND relforcerowsecurity"
        ).scalars()
        assert set(SQLModel.metadata.tables) - set(guarded) == SHARED


def test_the_policies_go_with_their_migration(url: str) -> None:
    db.engine().dispose()
    migrate(url, "base")
    migrate(url)
    with db.engine().connect() as connection:
        policies = "SELECT count(*) FROM pg_policy WHERE polrelid = 'user_profiles'::regclass"
        assert connection.exec_driver_sql(policies).scalar() == 2
