"""Fixtures for every test. ``database`` runs a test twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mbs_app import db
from tests.support.databases import PostgresDatabases, SqliteDatabases


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: once started, Playwright keeps an event loop running in this thread."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(tmp_path_factory: pytest.TempPathFactory) -> PostgresDatabases:
    return PostgresDatabases(tmp_path_factory.mktemp("pg"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated database; each test that asks for it runs on both kinds."""
    kind = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    with request.getfixturevalue(kind).fresh() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[str]:
    """As ``database_url``, and made the database of this process."""
    engine = db.configure(database_url)
    yield database_url
    engine.dispose()


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    return tmp_path / "mbs.db"
