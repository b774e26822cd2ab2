"""What the measurements stand on: a fresh database, a simulator of its own, and people to text."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlmodel import Session, select

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import CampaignStatus, UserStatus
from mbs_app.models import Campaign, Customer, UserProfile, new_id
from mbs_app.queries import bulk, clock, snapshot
from mbs_app.services import senders
from mbs_app.settings import PROJECT_ROOT, Settings, read_settings

SYSTEM = Actor.system("bench")
_AS_ONE_INSERT = 2000


@contextmanager
def fresh_database(database_url: str | None = None) -> Iterator[str]:
    """A migrated database, made the one of this process: a new SQLite file, or the empty one given."""
    with tempfile.TemporaryDirectory(prefix="mbs-bench-") as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'bench.db'}"
        engine = db.configure(read(database_url=url).sqlalchemy_url)
        config = Config(PROJECT_ROOT / "alembic.ini")
        with sa.create_engine(engine.url).connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        try:
            yield url
        finally:
            engine.dispose()


def read(**values: object) -> Settings:
    """Settings that take nothing from ``.env``; the rate is out of the way."""
    return read_settings(_env_file=None, texts_per_second=10_000.0, **values)


def make_campaign(settings: Settings, people: int) -> UUID:
    """A campaign to ``people`` new customers that is being sent, with its audience taken."""
    with db.transaction(SYSTEM) as session:
        sender = senders.sync_senders(session, settings)
        owner = session.exec(select(UserProfile.id)).first() or _owner(session)
        now = clock.db_now(session)
        for start in range(0, people, _AS_ONE_INSERT):
            bulk.insert_rows(
                session,
                Customer.__table__,  # type: ignore[attr-defined]  # SQLModel declares none
                [
                    _customer(owner, nth, now)
                    for nth in range(start, min(start + _AS_ONE_INSERT, people))
                ],
            )
        campaign = Campaign(
            user_id=owner,
            name="Bench",
            message_body="Hi {first_name|there}, the fall sale starts at nine. Reply STOP to opt out.",
            audience={"mode": "all"},
            status=CampaignStatus.SENDING,
            sender_id=sender.id,
        )
        session.add(campaign)
        session.flush()
        snapshot.take(session, campaign.id, now)
        return campaign.id


def counts(campaign_id: UUID) -> Campaign:
    with db.transaction(SYSTEM, read_only=True) as session:
        return session.exec(select(Campaign).where(Campaign.id == campaign_id)).one()


def number(nth: int) -> str:
    return f"+1512{2_000_000 + nth:07d}"


def _owner(session: Session) -> UUID:
    user = UserProfile(
        email="bench@example.com", password_hash="-", name="Bench", status=UserStatus.APPROVED
    )
    session.add(user)
    session.flush()
    return user.id


def _customer(owner: UUID, nth: int, now: object) -> dict[str, object]:
    return {
        "id": new_id(),
        "user_id": owner,
        "phone": number(nth),
        "first_name": f"Ann{nth}",
        "last_name": "Bench",
        "email": "",
        "city": "Austin",
        "state": "TX",
        "status": "active",
        "notes": "",
        "attributes": {},
        "source": "import",
        "created_at": now,
        "updated_at": now,
    }
