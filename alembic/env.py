"""How Alembic finds the tables and the database."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

import mbs_app.models  # noqa: F401  registers the tables
from mbs_app import db
from mbs_app.models.base import UtcDateTime


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations speak plain SQLAlchemy, so that old ones don't depend on today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(item).__name__ == "AutoString":
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, sa.JSON):
        return "JSON"
    return False


def run_migrations() -> None:
    # Tests and the program hand over an open connection; the command line makes its own.
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    with db.engine().connect() as connection:
        migrate(connection)
        connection.commit()


def migrate(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run_migrations()
