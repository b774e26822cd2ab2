"""The database: one engine a process, and transactions that always run for an actor.

Who may see what is held here once, for every query: an ORM hook narrows each SELECT, UPDATE and DELETE of an
owned table to the actor's own rows, and a transaction without an actor raises. On PostgreSQL, row-level
security says the same thing a second time (see the migrations). Textual SQL and the SELECT inside an
INSERT … SELECT are out of the hook's reach: such statements carry ``user_id`` themselves.

SQLite runs in WAL mode with ``synchronous=FULL``. Writers queue on one lock in this process, so that they
never meet as SQLITE_BUSY, and begin with BEGIN IMMEDIATE, so that they wait for other processes at the start
and never half-way.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import ORMExecuteState, UOWTransaction, with_loader_criteria
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, SQLModel

from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import ActorRequired, NotAllowed
from mbs_app.models.base import Owned, OwnedOrShared

P = ParamSpec("P")
R = TypeVar("R")

SQLITE_BUSY_TIMEOUT_MS = 30_000
SQLITE_ANALYSIS_LIMIT = 1000  # rows an index; SQLite's documentation names 100 to 1000
POOL_SIZE = 20

_engine: sa.Engine | None = None
_engine_lock = threading.Lock()
_sqlite_writer = threading.Lock()


def configure(url: str) -> sa.Engine:
    """Make ``url`` this process's database; the engine of an earlier call is closed."""
    global _engine
    with _engine_lock:
        if _engine is not None:
            _engine.dispose()
        _engine = _build_engine(url)
        return _engine


def engine() -> sa.Engine:
    """This process's engine, made from the settings at the first call."""
    if _engine is None:
        from mbs_app.settings import get_settings

        return configure(get_settings().sqlalchemy_url)
    return _engine


def is_sqlite() -> bool:
    return engine().dialect.name == "sqlite"


@contextmanager
def transaction(actor: Actor, *, read_only: bool = False) -> Iterator[Session]:
    """One transaction for ``actor``: committed at the end, rolled back by any exception.

    ``read_only`` takes no write lock on SQLite and refuses writes on both databases.
    """
    if not isinstance(actor, Actor):
        raise ActorRequired("A transaction needs to know for whom it runs.")
    bound = engine()
    writes_to_sqlite = bound.dialect.name == "sqlite" and not read_only
    if writes_to_sqlite:
        _sqlite_writer.acquire()
    try:
        with Session(bound, expire_on_commit=False, autoflush=True) as session:
            session.info["actor"] = actor
            session.info["read_only"] = read_only
            session.connection(execution_options={"mbs_read_only": read_only})
            _announce_to_postgresql(session, actor, read_only)
            with _committed(session):
                yield session
    finally:
        if writes_to_sqlite:
            _sqlite_writer.release()


async def in_transaction(
    actor: Actor,
    work: Callable[Concatenate[Session, Actor, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run ``work(session, actor, …)`` in a transaction of its own, in a thread."""

    return await asyncio.to_thread(_run, actor, work, False, args, kwargs)


async def in_reading(
    actor: Actor,
    work: Callable[Concatenate[Session, Actor, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """As :func:`in_transaction`, read-only."""

    return await asyncio.to_thread(_run, actor, work, True, args, kwargs)


def _run(
    actor: Actor,
    work: Callable[..., R],
    read_only: bool,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> R:
    with transaction(actor, read_only=read_only) as session:
        return work(session, actor, *args, **kwargs)


@contextmanager
def _committed(session: Session) -> Iterator[None]:
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def _announce_to_postgresql(session: Session, actor: Actor, read_only: bool) -> None:
    """Tell row-level security who asks; the settings end with the transaction."""
    if session.get_bind().dialect.name != "postgresql":
        return
    if read_only:
        session.connection().exec_driver_sql("SET TRANSACTION READ ONLY")
    session.connection().execute(
        sa.text(
            "SELECT set_config('mbs.user_id', :user_id, true),"
            " set_config('mbs.sees_all', :sees_all, true)"
        ),
        {
            "user_id": str(actor.user_id or ""),
            "sees_all": "on" if actor.sees_all else "off",
        },
    )


def refresh_statistics(session: Session) -> None:
    """Tell SQLite how its rows are spread, from a sample; it takes milliseconds.

    Without this it takes the owner's column, which every query names, for the best thing to search by: the
    first page of 250,000 customers took 241 ms instead of 37. PostgreSQL does it by itself.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql(f"PRAGMA analysis_limit={SQLITE_ANALYSIS_LIMIT}")
        session.connection().exec_driver_sql("ANALYZE")


# The owner filter --------------------------------------------------------------------------------


@event.listens_for(Session, "do_orm_execute")
def _narrow_to_the_actor(state: ORMExecuteState) -> None:
    actor = state.session.info.get("actor")
    if actor is None:
        raise ActorRequired("A query was run outside a transaction for an actor.")
    if actor.sees_all or not (state.is_select or state.is_update or state.is_delete):
        return
    state.statement = state.statement.options(*_owner_criteria(actor.user_id))


class Checked(FunctionElement[bool]):
    """``column = value`` as a check of each row, and no way to the rows.

    SQLite takes every equality for a way in, and one owner's column for as good a one as a campaign's: the
    texts of one campaign were then looked for among all that the owner ever sent, in seconds. Its unary plus
    keeps a column out of that choice. Statements for which the owner is the way in name ``user_id`` themselves.
    """

    type = sa.Boolean()
    inherit_cache = True


@compiles(Checked)
def _equals(element: Any, compiler: Any, **options: Any) -> str:
    column, owner = element.clauses
    return f"({compiler.process(column, **options)} = {compiler.process(owner, **options)})"


@compiles(Checked, "sqlite")
def _equals_without_an_index(element: Any, compiler: Any, **options: Any) -> str:
    return _equals(element, compiler, **options).replace("(", "(+", 1)


@lru_cache(maxsize=256)
def _owner_criteria(owner: UUID | None) -> tuple[Any, ...]:
    """One loader criterion for each owned table, for rows of ``owner``."""
    return (
        *(
            with_loader_criteria(
                table,
                Checked(table.user_id, sa.literal(owner, sa.Uuid())),
                include_aliases=True,
            )
            for table in _tables_of(Owned)
        ),
        *(
            with_loader_criteria(
                table,
                sa.or_(table.user_id == owner, table.user_id.is_(None)),
                include_aliases=True,
            )
            for table in _tables_of(OwnedOrShared)
        ),
    )


def _tables_of(kind: type[SQLModel]) -> list[Any]:
    return [table for table in kind.__subclasses__() if hasattr(table, "__table__")]


@event.listens_for(Session, "before_flush")
def _refuse_to_write_for_others(session: Session, _context: UOWTransaction, _rows: Any) -> None:
    actor = session.info.get("actor")
    if actor is None:
        raise ActorRequired("Something was written outside a transaction for an actor.")
    if actor.sees_all:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Owned | OwnedOrShared) and row.user_id != actor.user_id:
            raise NotAllowed("This belongs to somebody else.")


# Engines -----------------------------------------------------------------------------------------
# ``hide_parameters``: a failed statement is logged, and its values may be a link that lets somebody in.


def _build_engine(url: str) -> sa.Engine:
    if url.startswith("sqlite"):
        return _build_sqlite_engine(url)
    return sa.create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        pool_pre_ping=True,
        pool_timeout=30,
        hide_parameters=True,
    )


def _build_sqlite_engine(url: str) -> sa.Engine:
    built = sa.create_engine(
        url,
        poolclass=sa.pool.QueuePool,
        pool_size=POOL_SIZE,
        max_overflow=POOL_SIZE,
        connect_args={"check_same_thread": False, "timeout": SQLITE_BUSY_TIMEOUT_MS / 1000},
        hide_parameters=True,
    )

    @event.listens_for(built, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN would come too late and without IMMEDIATE; ours is below.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={SQLITE_BUSY_TIMEOUT_MS}",
            "cache_size=-16384",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(built, "begin")
    def _begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("mbs_read_only", False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return built
