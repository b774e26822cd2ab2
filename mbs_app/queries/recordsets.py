"""Whole records in bulk, custom fields and all, on tables where others write at the same time.

PostgreSQL gets them as one JSON value, unfolded with ``json_to_recordset``: a statement a row is four times
slower, and COPY is closed to tables with row-level security. SQLite runs a prepared statement for each
row, inside this process, which is as fast. For plain columns that nobody contends for, see
:mod:`mbs_app.queries.bulk`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

Rows = Sequence[dict[str, Any]]


def insert_rows(
    session: Session, table: sa.Table, rows: Rows, *, unless_taken: Sequence[str] = ()
) -> None:
    """Insert ``rows``, which all have the same keys. Those whose ``unless_taken`` columns are taken in a
    row of the table are passed over."""
    if rows:
        _insert(session, table, rows, unless_taken, None)


def insert_new_rows(
    session: Session, table: sa.Table, rows: Rows, *, unless_taken: Sequence[str]
) -> set[Any]:
    """As :func:`insert_rows`; gives the ids of those that were inserted."""
    if not rows:
        return set()
    return set(_insert(session, table, rows, unless_taken, table.c.id).scalars())


def update_rows(session: Session, table: sa.Table, key: str, rows: Rows) -> None:
    """Set columns of the rows whose ``key`` column has the value given with them; ``rows`` all have the
    same keys."""
    if not rows:
        return
    names = [name for name in rows[0] if name != key]
    if _is_postgresql(session):
        given = _recordset(table, rows)
        changes = (
            sa.update(table)
            .where(table.c[key] == given.c[key])
            .values({name: given.c[name] for name in names})
        )
        session.connection().execute(changes)
        return
    session.connection().execute(
        sa.update(table)
        .where(table.c[key] == sa.bindparam(f"the_{key}"))
        .values({name: sa.bindparam(name) for name in names}),
        [{**row, f"the_{key}": row[key]} for row in rows],
    )


def _insert(
    session: Session, table: sa.Table, rows: Rows, unless_taken: Sequence[str], giving: Any
) -> sa.CursorResult[Any]:
    connection = session.connection()
    if _is_postgresql(session):
        given = _recordset(table, rows)
        names = list(rows[0])
        insert = postgresql.insert(table).from_select(
            names, sa.select(*(given.c[name] for name in names))
        )
        if unless_taken:
            insert = insert.on_conflict_do_nothing(index_elements=list(unless_taken))
        return connection.execute(insert.returning(giving) if giving is not None else insert)
    one = sqlite.insert(table)
    if unless_taken:
        one = one.on_conflict_do_nothing(index_elements=list(unless_taken))
    return connection.execute(one.returning(giving) if giving is not None else one, list(rows))


def _recordset(table: sa.Table, rows: Rows) -> Any:
    """``rows`` as a table that the statement reads from, with the columns' own types."""
    text = json.dumps(rows, default=str, ensure_ascii=False)
    columns = [sa.column(name, table.c[name].type) for name in rows[0]]
    unfolded = sa.func.json_to_recordset(sa.cast(sa.literal(text, sa.Text), postgresql.JSON))
    return unfolded.table_valued(*columns, name="given").render_derived(with_types=True)


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
