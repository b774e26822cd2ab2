"""Imports: who is at work on which, what a batch of numbers meets among the customers, and bulk writes.

Batches hold a few thousand rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from mbs_app.domain.vocabulary import Channel, ImportStatus, RowOutcome
from mbs_app.models import (
    Customer,
    GroupMembership,
    Import,
    ImportChunk,
    ImportRow,
    Suppression,
)
from mbs_app.queries import recordsets
from mbs_app.queries.audience import OPT_OUTS
from mbs_app.queries.bulk import any_of

AT_WORK = (ImportStatus.CHECKING, ImportStatus.IMPORTING)
PERSON_FIELDS = ("first_name", "last_name", "email", "city", "state", "time_zone", "notes")


class Known(NamedTuple):
    """A customer as far as an import can change one, in the order of PERSON_FIELDS."""

    id: UUID
    fields: dict[str, Any]
    attributes: dict[str, Any]


@contextmanager
def planned_anew(session: Session) -> Iterator[None]:
    """Have PostgreSQL plan each statement in here for its own values.

    Once prepared, ``= ANY(array)`` would be planned for an array of ten, and compare each row with each
    element in turn: 160 ms for 2,000 numbers among 20,000 customers, against 4. Only for reading: the
    checks of foreign keys would be planned anew too, for each row that is written.
    """
    if session.get_bind().dialect.name != "postgresql":
        yield
        return
    connection = session.connection()
    connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")
    yield
    connection.exec_driver_sql("SET LOCAL plan_cache_mode = auto")


# Leases ------------------------------------------------------------------------------------------


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether some import is to be checked or applied and nobody is at it."""
    return session.execute(_waiting(now)).first() is not None


def claim(session: Session, worker_id: UUID, now: datetime, lease: timedelta) -> Import | None:
    """The import that has waited longest, leased to ``worker_id``; None when there is none."""
    found = session.execute(_waiting(now).with_for_update(skip_locked=True)).scalars().first()
    if found is None:
        return None
    found.lease_owner, found.lease_expires_at = worker_id, now + lease
    session.flush()
    return found


def hold(session: Session, import_id: UUID, worker_id: UUID, status: ImportStatus) -> Import | None:
    """The import, locked until the end of the transaction, if ``worker_id`` still has its lease in this
    status; None when somebody else took over or its owner changed what is to be done."""
    return (
        session.execute(
            sa.select(Import)
            .where(
                col(Import.id) == import_id,
                col(Import.lease_owner) == worker_id,
                col(Import.status) == status,
            )
            .with_for_update()
        )
        .scalars()
        .first()
    )


def _waiting(now: datetime) -> sa.Select[Any]:
    return (
        sa.select(Import)
        .where(
            col(Import.status).in_(AT_WORK),
            sa.or_(
                col(Import.lease_owner).is_(None),
                col(Import.lease_expires_at) < now,
            ),
        )
        .order_by(col(Import.id))
        .limit(1)
    )


# The file ----------------------------------------------------------------------------------------


def chunk(session: Session, import_id: UUID, seq: int) -> bytes | None:
    return session.execute(
        sa.select(col(ImportChunk.data)).where(
            col(ImportChunk.import_id) == import_id, col(ImportChunk.seq) == seq
        )
    ).scalar()


def delete_chunks(session: Session, import_id: UUID) -> None:
    session.execute(
        sa.delete(ImportChunk).where(col(ImportChunk.import_id) == import_id),
        execution_options={"synchronize_session": False},
    )


# What a batch meets ------------------------------------------------------------------------------


def customers_by_phone(
    session: Session, user_id: UUID, phones: Collection[str], *, lock: bool = False
) -> dict[str, Known]:
    """The owner's customers among ``phones``. ``lock`` keeps others from changing them meanwhile."""
    if not phones:
        return {}
    columns = [col(getattr(Customer, name)) for name in PERSON_FIELDS]
    wanted = sa.select(
        col(Customer.phone), col(Customer.id), col(Customer.attributes), *columns
    ).where(col(Customer.user_id) == user_id, any_of(col(Customer.phone), phones))
    if lock:
        # In one order everywhere, so that two imports of one owner can't wait for each other.
        wanted = wanted.order_by(col(Customer.phone)).with_for_update()
    return {
        phone: Known(customer_id, dict(zip(PERSON_FIELDS, fields, strict=True)), attributes)
        for phone, customer_id, attributes, *fields in session.execute(wanted)
    }


def opted_out_among(session: Session, user_id: UUID, phones: Collection[str]) -> set[str]:
    """Those of ``phones`` whose people opted out of texts, from this owner or from the workspace."""
    if not phones:
        return set()
    return set(
        session.execute(
            sa.select(col(Suppression.address)).where(
                any_of(col(Suppression.address), phones),
                col(Suppression.channel) == Channel.SMS,
                col(Suppression.reason).in_(OPT_OUTS),
                sa.or_(col(Suppression.user_id) == user_id, col(Suppression.user_id).is_(None)),
            )
        ).scalars()
    )


def rows_with(session: Session, import_id: UUID, phones: Collection[str]) -> dict[str, int]:
    """Which row of the file has each of ``phones``, among the rows checked so far."""
    if not phones:
        return {}
    found = session.execute(
        sa.select(col(ImportRow.phone), col(ImportRow.row_number)).where(
            col(ImportRow.import_id) == import_id, any_of(col(ImportRow.phone), phones)
        )
    )
    return {str(phone): number for phone, number in found}


# Rows of a check ---------------------------------------------------------------------------------


def last_row(session: Session, import_id: UUID) -> int:
    """The number of the last row checked; 0 when none was."""
    found = session.execute(
        sa.select(sa.func.max(col(ImportRow.row_number))).where(
            col(ImportRow.import_id) == import_id
        )
    ).scalar()
    return found or 0


def add_rows(session: Session, rows: list[dict[str, Any]]) -> None:
    recordsets.insert_rows(session, _table(ImportRow), rows)


def rows_to_apply(session: Session, import_id: UUID, after: int, limit: int) -> Sequence[Any]:
    """The next rows beyond row ``after`` that are to be applied and aren't yet: row_number, phone,
    outcome, stays_opted_out, values."""
    return session.execute(
        sa.select(
            col(ImportRow.row_number),
            col(ImportRow.phone),
            col(ImportRow.outcome),
            col(ImportRow.stays_opted_out),
            col(ImportRow.values),
        )
        .where(
            col(ImportRow.import_id) == import_id,
            col(ImportRow.row_number) > after,
            col(ImportRow.outcome) != RowOutcome.REFUSED,
            col(ImportRow.applied).is_(False),
        )
        .order_by(col(ImportRow.row_number))
        .limit(limit)
    ).all()


def mark_applied(session: Session, import_id: UUID, first: int, last: int) -> None:
    """Mark the taken rows from ``first`` to ``last``."""
    session.execute(
        sa.update(ImportRow)
        .where(
            col(ImportRow.import_id) == import_id,
            col(ImportRow.row_number).between(first, last),
            col(ImportRow.outcome) != RowOutcome.REFUSED,
        )
        .values(applied=True),
        execution_options={"synchronize_session": False},
    )


def restate_rows(session: Session, import_id: UUID, rows: list[tuple[int, str, bool]]) -> None:
    """Give rows another outcome than their check did: (row_number, outcome, stays_opted_out)."""
    if not rows:
        return
    table = _table(ImportRow)
    session.connection().execute(
        sa.update(table)
        .where(
            table.c.import_id == import_id,
            table.c.row_number == sa.bindparam("at_row"),
        )
        .values(outcome=sa.bindparam("now"), stays_opted_out=sa.bindparam("opted_out")),
        [{"at_row": number, "now": now, "opted_out": out} for number, now, out in rows],
    )


def delete_rows(
    session: Session, import_id: UUID, *, limit: int, keep_refused: bool = False
) -> int:
    """Delete up to ``limit`` rows of a check; how many there were."""
    wanted = [col(ImportRow.import_id) == import_id]
    if keep_refused:
        wanted.append(col(ImportRow.outcome) != RowOutcome.REFUSED)
    numbers = (
        sa.select(col(ImportRow.row_number))
        .where(*wanted)
        .order_by(col(ImportRow.row_number))
        .limit(limit)
    )
    last = session.execute(sa.select(sa.func.max(numbers.subquery("batch").c.row_number))).scalar()
    if last is None:
        return 0
    gone = session.execute(sa.delete(ImportRow).where(*wanted, col(ImportRow.row_number) <= last))
    return int(gone.rowcount)


# Customers ---------------------------------------------------------------------------------------


def insert_customers(session: Session, people: list[dict[str, Any]]) -> set[UUID]:
    """Add customers, each with all its columns; the ids of those added. A number that the owner has
    already, because somebody else added it at this moment, is passed over."""
    return recordsets.insert_new_rows(
        session, _table(Customer), people, unless_taken=("user_id", "phone")
    )


def update_customers(session: Session, changes: list[dict[str, Any]]) -> None:
    """Write columns of customers, the same ones of each; ``id`` says whose."""
    recordsets.update_rows(session, _table(Customer), "id", changes)


def add_to_group(
    session: Session, user_id: UUID, group_id: UUID, customers: list[UUID], now: datetime
) -> None:
    """Make customers members of a group; those who are stay as they are."""
    recordsets.insert_rows(
        session,
        _table(GroupMembership),
        [
            {"group_id": group_id, "customer_id": one, "user_id": user_id, "created_at": now}
            for one in customers
        ],
        unless_taken=("group_id", "customer_id"),
    )


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


# Reports -----------------------------------------------------------------------------------------


def refusals_by_reason(session: Session, import_id: UUID) -> dict[str, int]:
    found = session.execute(
        sa.select(col(ImportRow.reason), sa.func.count())
        .where(col(ImportRow.import_id) == import_id, col(ImportRow.outcome) == RowOutcome.REFUSED)
        .group_by(col(ImportRow.reason))
    )
    return {str(reason): count for reason, count in found}


def refused_rows(
    session: Session,
    import_id: UUID,
    *,
    reason: str | None = None,
    after: int = 0,
    skip: int = 0,
    limit: int,
) -> Sequence[ImportRow]:
    """Refused rows in the order of the file, those after row ``after``."""
    wanted = sa.select(ImportRow).where(
        col(ImportRow.import_id) == import_id,
        col(ImportRow.outcome) == RowOutcome.REFUSED,
        col(ImportRow.row_number) > after,
    )
    if reason is not None:
        wanted = wanted.where(col(ImportRow.reason) == reason)
    return (
        session.execute(wanted.order_by(col(ImportRow.row_number)).offset(skip).limit(limit))
        .scalars()
        .all()
    )


def count_left_out(session: Session, import_id: UUID) -> int:
    """How many taken rows have a value that can't be used."""
    found = session.execute(
        sa.select(sa.func.count()).select_from(ImportRow).where(*_left_out(import_id))
    )
    return int(found.scalar_one())


def left_out_rows(session: Session, import_id: UUID, limit: int) -> Sequence[ImportRow]:
    """The first of the taken rows that have a value which can't be used."""
    wanted = sa.select(ImportRow).where(*_left_out(import_id))
    return session.execute(wanted.order_by(col(ImportRow.row_number)).limit(limit)).scalars().all()


def _left_out(import_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(ImportRow.import_id) == import_id,
        col(ImportRow.outcome) != RowOutcome.REFUSED,
        col(ImportRow.reason) != "",
    )
