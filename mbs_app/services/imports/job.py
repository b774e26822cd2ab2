"""Imports as background work: any worker on any machine takes the next one, and finishes what another lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import MbsError
from mbs_app.domain.vocabulary import ImportStatus
from mbs_app.queries import imports as queries
from mbs_app.queries.clock import db_now
from mbs_app.services.imports.apply import apply
from mbs_app.services.imports.check import check
from mbs_app.services.imports.work import (
    LEASE,
    LeaseLost,
    StopAsked,
    Work,
    WorkerEnds,
    let_go,
)

log = logging.getLogger(__name__)
_SYSTEM = Actor.system("import")
_UNFORESEEN = "Something went wrong on our side. {kept} Try again; it goes on from there."


def run_next(worker_id: UUID, is_ending: Callable[[], bool] | None = None) -> bool:
    """Check or apply the import that has waited longest, to its end; False when none waits.

    Opens its own transactions, one a batch. ``worker_id`` names one thread at a time. ``is_ending`` is asked
    between batches; once true, the import is given back at once for another worker to go on with. When
    the database can't be reached the error is raised; the lease then runs out and any worker goes on.
    """
    work = _claim(worker_id)
    if work is None:
        return False
    if is_ending is not None:
        work = replace(work, is_ending=is_ending)
    run = check if work.status == ImportStatus.CHECKING else apply
    try:
        run(work)
    except LeaseLost:
        log.info("import %s was taken over or changed", work.import_id)
    except StopAsked:
        _stop(work)
    except WorkerEnds:
        _give_back(work)
    except MbsError as problem:
        _fail(work, problem.message)
    except sa.exc.OperationalError:
        raise
    except Exception:
        # The file must not be taken up again and again; its owner is told that it failed.
        log.exception("import %s failed while %s", work.import_id, work.status)
        _fail(work, _UNFORESEEN)
    return True


def _claim(worker_id: UUID) -> Work | None:
    # Most often there is nothing to do, and finding that out must not queue behind writers.
    with db.transaction(_SYSTEM, read_only=True) as session:
        if not queries.is_waiting(session, db_now(session)):
            return None
    with db.transaction(_SYSTEM) as session:
        job = queries.claim(session, worker_id, db_now(session), LEASE)
        if job is None:
            return None
        return Work(job.id, job.user_id, worker_id, ImportStatus(job.status))


def _give_back(work: Work) -> None:
    try:
        with work.closing() as (_, job):
            job.lease_owner = job.lease_expires_at = None
    except LeaseLost:
        log.info("import %s was taken over or changed", work.import_id)


def _stop(work: Work) -> None:
    try:
        with work.closing() as (session, job):
            if work.status == ImportStatus.CHECKING:
                # Half a check says nothing; asked again, it starts anew.
                job.status, job.rows_checked = ImportStatus.UPLOADED, 0
            elif job.rows_applied:
                job.status, job.finished_at = ImportStatus.STOPPED, db_now(session)
            else:
                job.status = ImportStatus.CHECKED
            let_go(job)
    except LeaseLost:
        log.info("import %s was taken over or changed", work.import_id)


def _fail(work: Work, sentence: str) -> None:
    try:
        with work.closing() as (session, job):
            kept = (
                f"{job.rows_applied:,} rows are imported."
                if job.rows_applied
                else "Nothing was imported."
            )
            job.status = ImportStatus.FAILED
            job.error = sentence.replace("{kept}", kept)[:500]
            job.finished_at = db_now(session)
            if work.status == ImportStatus.CHECKING:
                job.rows_checked = 0
            let_go(job)
    except LeaseLost:
        log.info("import %s was taken over or changed", work.import_id)
