"""The migrations run up and down on both databases, and say the same as the tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlmodel import SQLModel

import mbs_app.models  # noqa: F401  registers the tables
from mbs_app.settings import PROJECT_ROOT
from tests.support.databases import migrate


def _tables(url: str) -> set[str]:
    engine = sa.create_engine(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_the_migrations_make_every_table_and_take_every_table_away(database_url: str) -> None:
    expected = set(SQLModel.metadata.tables) | {"alembic_version"}
    assert _tables(database_url) == expected
    migrate(database_url, "base")
    assert _tables(database_url) == {"alembic_version"}
    migrate(database_url)
    assert _tables(database_url) == expected


def test_the_tables_have_nothing_that_no_migration_makes(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    config = Config(PROJECT_ROOT / "alembic.ini")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)  # raises when autogenerate would find something
        version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    engine.dispose()
    assert version
