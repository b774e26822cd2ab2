"""Fixtures for every test. ``database`` runs a test twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from sqlalchemy.pool import QueuePool

from mbs_app import db
from mbs_app.services.passwords import hashing
from tests.support.databases import PostgresDatabases, SqliteDatabases
from tests.support.redis_server import RedisServer

# No test asserts how long something takes: on a busy machine that fails for nothing.
settings.register_profile("mbs", deadline=None)
settings.load_profile("mbs")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: once started, Playwright keeps an event loop running in this thread."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    # Not under pytest's own folder, which a later run would empty while the server still lives in it.
    with TemporaryDirectory(prefix="mbs-postgres-", ignore_cleanup_errors=True) as folder:
        yield PostgresDatabases(Path(folder))


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis that is shared by the tests: use keys of your own."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server.url
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated database; each test that asks for it runs on both kinds."""
    kind = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    with request.getfixturevalue(kind).fresh() as url:
        yield url


@pytest.fixture
def held_meanwhile(database: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many connections to the database were in use while a password was hashed, for each that is from now on."""
    held: list[int] = []
    real = hashing._hash

    def observed(password: str) -> str:
        pool = db.engine().pool
        assert isinstance(pool, QueuePool)
        held.append(pool.checkedout())
        return real(password)

    monkeypatch.setattr(hashing, "_hash", observed)
    return held


@pytest.fixture
def database(database_url: str) -> Iterator[str]:
    """As ``database_url``, and made the database of this process."""
    engine = db.configure(database_url)
    yield database_url
    engine.dispose()
