"""The processes that send, and what version of everything runs."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import Session, col, select

from mbs_app import __version__
from mbs_app.domain.actor import Actor
from mbs_app.domain.time_words import ago, duration_words
from mbs_app.models import Beat
from mbs_app.queries import clock
from mbs_app.services.lookup import must_administrate
from mbs_app.services.overview import WORKER_IS_ALIVE
from mbs_app.services.system.health import Check, broken_if
from mbs_app.settings import PROJECT_ROOT

START_A_WORKER = "No worker is running, so nothing is sent. Start MBS again, or run “make worker”."


@dataclass(frozen=True, slots=True)
class WorkerProcess:
    """``id`` is how the log names it."""

    id: str
    started_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Workers:
    """Those that gave a sign of life within half a minute, the oldest first."""

    alive: list[WorkerProcess]
    last_seen_at: datetime | None
    checks: list[Check]


@dataclass(frozen=True, slots=True)
class Version:
    """``schema`` is the newest migration that the database has, ``newest_schema`` the newest this version has."""

    version: str
    python: str
    database: str
    schema: str
    newest_schema: str
    checks: list[Check]


def read_workers(session: Session, actor: Actor) -> Workers:
    """Raises NotAllowed."""
    must_administrate(actor)
    now = clock.db_now(session)
    beats = session.exec(select(Beat).order_by(col(Beat.started_at))).all()
    alive = [beat for beat in beats if beat.seen_at > now - WORKER_IS_ALIVE]
    last = max((beat.seen_at for beat in beats), default=None)
    found = [WorkerProcess(str(beat.worker_id), beat.started_at, beat.seen_at) for beat in alive]
    return Workers(found, last, _checks(found, last, now))


def _checks(alive: list[WorkerProcess], last: datetime | None, now: datetime) -> list[Check]:
    if not alive:
        seen = f"None; the last one was seen {ago(last, now).lower()}" if last else "None"
        return [Check("workers", "Workers running", seen, *broken_if(True, START_A_WORKER))]
    for_how_long = duration_words((now - min(one.started_at for one in alive)).total_seconds())
    said = "1, for" if len(alive) == 1 else f"{len(alive)}, the oldest for"
    return [Check("workers", "Workers running", f"{said} {for_how_long}")]


def read_version(session: Session, actor: Actor) -> Version:
    """Raises NotAllowed."""
    must_administrate(actor)
    connection = session.connection()
    schema = MigrationContext.configure(connection).get_current_revision() or ""
    newest = _newest_schema()
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.dialect.name]
    number = ".".join(map(str, connection.dialect.server_version_info or ()))
    return Version(
        version=__version__,
        python=platform.python_version(),
        database=f"{kind} {number}",
        schema=schema,
        newest_schema=newest,
        checks=[
            Check("version", "MBS", __version__),
            Check("python", "Python", platform.python_version()),
            Check("database", "Database", f"{kind} {number}"),
            Check(
                "schema",
                "Tables",
                schema if schema == newest else f"{schema or 'none'}, newest {newest}",
                *broken_if(
                    schema != newest,
                    "The tables are not those of this version. Stop MBS, run “python3 -m mbs_app migrate”, start it again.",
                ),
            ),
        ],
    )


@lru_cache(maxsize=1)
def _newest_schema() -> str:
    scripts = ScriptDirectory.from_config(Config(PROJECT_ROOT / "alembic.ini"))
    return scripts.get_current_head() or ""
