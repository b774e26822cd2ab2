"""The database before the start: brought to the newest tables, and the way in for the first admin."""

from __future__ import annotations

from pathlib import Path

from mbs_app.settings import Settings, get_settings
from mbs_app.setup.console import say, stop
from mbs_app.setup.paths import OURS_ALONE, ROOT


def migrate() -> None:
    """Bring the database to the newest tables, or end with a sentence that says what stands in the way."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.exc import OperationalError

    settings = get_settings()
    settings.data_dir.mkdir(mode=OURS_ALONE, parents=True, exist_ok=True)
    try:
        command.upgrade(Config(ROOT / "alembic.ini"), "head")
    except OperationalError as error:
        stop(f"The database can’t be reached: {str(error.orig).strip()}\nCheck DATABASE_URL.")


def sqlite_file(settings: Settings) -> Path | None:
    """The database's file; None where PostgreSQL is used."""
    url = settings.sqlalchemy_url
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def first_admin_link(address: str) -> str | None:
    """The one-time link that makes the first admin; None once there is one."""
    from mbs_app import db
    from mbs_app.domain.actor import Actor
    from mbs_app.services import workspace

    with db.transaction(Actor.system("start")) as session:
        return workspace.first_admin_link(session, address)


def create_admin(email: str, name: str, password: str) -> None:
    """Make an approved admin, or end with the sentence that says what can't be taken."""
    from mbs_app import db
    from mbs_app.domain.actor import Actor
    from mbs_app.domain.errors import MbsError
    from mbs_app.domain.vocabulary import Role, UserStatus
    from mbs_app.services import accounts, passwords

    actor = Actor.system("command line")
    try:
        with db.transaction(actor, read_only=True) as session:
            accounts.check_new_user(session, email=email, name=name, password=password)
        password_hash = passwords.hash_password(password)
        with db.transaction(actor) as session:
            accounts.create_user(
                session,
                actor,
                email=email,
                name=name,
                password_hash=password_hash,
                role=Role.ADMIN,
                status=UserStatus.APPROVED,
            )
    except MbsError as error:
        stop(error.message)
    say(f"{email} can sign in at {get_settings().address}/signin and may do everything.")
