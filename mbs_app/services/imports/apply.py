"""Applying a checked import, a batch a transaction: customers, memberships, rows and progress together.

So an import that is stopped or crashes leaves exactly the rows it reports, and going on later does the rest.
What the check said is checked again row by row: meanwhile a customer may have been added, changed or
deleted, or have opted out. The counts follow.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session

from mbs_app import db
from mbs_app.domain.vocabulary import CustomerStatus, ImportStatus, RowOutcome
from mbs_app.models import Import, new_id
from mbs_app.queries import imports as queries
from mbs_app.queries.clock import db_now
from mbs_app.queries.imports import Known
from mbs_app.services.imports.merging import fresh, merged, outcome_of
from mbs_app.services.imports.work import BATCH_ROWS, LEASE, StopAsked, Work, count_name, let_go

_DELETE_AT_ONCE = 10_000
_BREATH_SECONDS = 0.005


def apply(work: Work) -> None:
    """Apply the import that ``work`` holds, or the rest of it.

    Raises:
        LeaseLost, StopAsked, WorkerEnds: between two batches.
    """
    after: int | None = 0
    while after is not None:
        after = _apply_batch(work, after)
        if db.is_sqlite():
            # One writer at a time: a moment for those who wait, such as a campaign that is being sent.
            time.sleep(_BREATH_SECONDS)
    _tidy_up(work)
    with work.closing() as (session, job):
        queries.delete_chunks(session, job.id)
        job.status = ImportStatus.DONE
        job.finished_at = db_now(session)
        let_go(job)


class _Row(NamedTuple):
    number: int
    phone: str
    outcome: str
    stays_opted_out: bool
    values: dict[str, Any]


def _apply_batch(work: Work, after: int) -> int | None:
    """Apply the rows after row ``after``; the number of the last one, or None when none is left."""
    work.look_up()
    with work.closing() as (session, job):
        rows = [_Row(*row) for row in queries.rows_to_apply(session, job.id, after, BATCH_ROWS)]
        if not rows:
            return None
        if job.stop_requested:
            raise StopAsked
        now = db_now(session)
        outcomes, ids = _save(session, job, rows, now)
        if job.group_id is not None:
            queries.add_to_group(session, job.user_id, job.group_id, ids, now)
        _restate(session, job, rows, outcomes)
        queries.mark_applied(session, job.id, rows[0].number, rows[-1].number)
        job.rows_applied += len(rows)
        job.added += sum(1 for outcome in outcomes if outcome == RowOutcome.ADD)
        job.updated += sum(1 for outcome in outcomes if outcome == RowOutcome.UPDATE)
        job.lease_expires_at = db_now(session) + LEASE
        return rows[-1].number


def _save(
    session: Session, job: Import, rows: Sequence[_Row], now: datetime
) -> tuple[list[RowOutcome], list[UUID]]:
    """Write the customers of ``rows``; for each row its outcome and its customer's id."""
    phones = [row.phone for row in rows]
    with queries.planned_anew(session):
        known = queries.customers_by_phone(session, job.user_id, phones, lock=True)
    new = {row.phone: _new_customer(job, row, now) for row in rows if row.phone not in known}
    added = queries.insert_customers(session, list(new.values()))
    if overtaken := [phone for phone, person in new.items() if person["id"] not in added]:
        known |= queries.customers_by_phone(session, job.user_id, overtaken, lock=True)
    outcomes, ids, changes = [], [], []
    for row in rows:
        customer = known.get(row.phone)
        outcome = outcome_of(customer, row.values)
        outcomes.append(outcome)
        ids.append(customer.id if customer else new[row.phone]["id"])
        if customer and outcome == RowOutcome.UPDATE:
            changes.append(_change(customer, row, now))
    queries.update_customers(session, changes)
    return outcomes, ids


def _restate(
    session: Session, job: Import, rows: Sequence[_Row], outcomes: Sequence[RowOutcome]
) -> None:
    """Move those rows to another class that no longer are what the check said."""
    with queries.planned_anew(session):
        opted_out = queries.opted_out_among(session, job.user_id, [row.phone for row in rows])
    moved = []
    for row, outcome in zip(rows, outcomes, strict=True):
        before = count_name(row.outcome, row.stays_opted_out)
        now = count_name(outcome, row.phone in opted_out)
        if before != now or row.outcome != outcome:
            setattr(job, before, getattr(job, before) - 1)
            setattr(job, now, getattr(job, now) + 1)
            moved.append((row.number, outcome.value, row.phone in opted_out))
    queries.restate_rows(session, job.id, moved)


def _new_customer(job: Import, row: _Row, now: datetime) -> dict[str, Any]:
    return {
        **fresh(row.values),
        "id": new_id(),
        "user_id": job.user_id,
        "phone": row.phone,
        "status": CustomerStatus.ACTIVE.value,
        "source": "import",
        "created_at": now,
        "updated_at": now,
    }


def _change(customer: Known, row: _Row, now: datetime) -> dict[str, Any]:
    return {**merged(customer, row.values), "id": customer.id, "updated_at": now}


def _tidy_up(work: Work) -> None:
    """Rows that were applied have served; the refused ones stay, to be mended."""
    while True:
        work.look_up()
        with work.closing() as (session, job):
            gone = queries.delete_rows(session, job.id, limit=_DELETE_AT_ONCE, keep_refused=True)
            job.lease_expires_at = db_now(session) + LEASE
        if not gone:
            return
