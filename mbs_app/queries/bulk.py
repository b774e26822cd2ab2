"""Many rows in one statement, in the way each database does it best.

A list of some thousand values in ``IN (…)`` makes PostgreSQL plan for ages and SQLite run out of parameters;
one array, or one JSON list, is one parameter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session


class Ids(sa.types.TypeDecorator[Any]):
    """A list of UUIDs as one parameter."""

    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(sa.Uuid()))
        return dialect.type_descriptor(sa.String())

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps([one.hex for one in value])


class Words(Ids):
    """A list of words as one parameter."""

    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(sa.Text()))
        return dialect.type_descriptor(sa.String())

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class _AnyOf(FunctionElement[bool]):
    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLAlchemy would write ``… = 1`` for SQLite, which no index answers."""
        return self


@compiles(_AnyOf, "postgresql")
def _any_of_array(element: Any, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY({compiler.process(values, **options)})"


@compiles(_AnyOf)
def _any_of_json(element: Any, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    listed = compiler.process(values, **options)
    given = f"SELECT value FROM json_each({listed})"  # noqa: S608 - names and a parameter only
    return f"{compiler.process(column, **options)} IN ({given})"


def any_of(
    column: Any, values: Iterable[UUID] | Iterable[str] | sa.BindParameter[Any]
) -> sa.ColumnElement[bool]:
    """``column`` is one of ``values`` (all UUIDs or all words), of which there may be many thousands.

    A parameter of type :class:`Ids` or :class:`Words` stands for values that come at execution.
    """
    if isinstance(values, sa.BindParameter):
        return _AnyOf(column, values)
    listed = list(values)
    kind = Words if listed and isinstance(listed[0], str) else Ids
    return _AnyOf(column, sa.bindparam(None, listed, type_=kind()))


def update_rows(session: Session, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set, for each of ``rows``, the columns it names on the row with its ``id``. All name the same."""
    if not rows:
        return
    columns = tuple(rows[0])
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_update_from_arrays(table, columns), _arrays(columns, rows))
    else:
        connection.execute(
            _update_one(table, columns), [{f"b_{k}": v for k, v in row.items()} for row in rows]
        )


def insert_rows(session: Session, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add ``rows``, which all name the same columns. JSON columns take Python values."""
    if not rows:
        return
    columns = tuple(rows[0])
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        arrays = _arrays(columns, rows)
        for name in columns:
            if isinstance(table.c[name].type, sa.JSON):
                arrays[name] = [json.dumps(value) for value in arrays[name]]
        connection.execute(_insert_from_arrays(table, columns), arrays)
    else:
        connection.execute(sa.insert(table), list(rows))


def _arrays(columns: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in columns}


@lru_cache(maxsize=64)
def _update_one(table: sa.Table, columns: tuple[str, ...]) -> sa.Update:
    values: dict[str, Any] = {name: sa.bindparam(f"b_{name}") for name in columns if name != "id"}
    return sa.update(table).where(table.c.id == sa.bindparam("b_id")).values(**values)


@lru_cache(maxsize=64)
def _update_from_arrays(table: sa.Table, columns: tuple[str, ...]) -> sa.TextClause:
    # Only names of tables and columns are put into the text.
    sets = ", ".join(f"{name} = given.{name}" for name in columns if name != "id")
    return sa.text(
        f"UPDATE {table.name} SET {sets} FROM unnest({_casts(table, columns)})"  # noqa: S608  # names only
        f" AS given({', '.join(columns)}) WHERE {table.name}.id = given.id"
    )


@lru_cache(maxsize=64)
def _insert_from_arrays(table: sa.Table, columns: tuple[str, ...]) -> sa.TextClause:
    return sa.text(
        f"INSERT INTO {table.name} ({', '.join(columns)})"  # noqa: S608  # names only
        f" SELECT * FROM unnest({_casts(table, columns)})"
    )


def _casts(table: sa.Table, columns: tuple[str, ...]) -> str:
    dialect = postgresql.dialect()
    return ", ".join(
        f"CAST(:{name} AS {table.c[name].type.compile(dialect=dialect)}[])" for name in columns
    )
