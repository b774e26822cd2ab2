"""One worker's hold on one import, kept from batch to batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import ImportStatus, RowOutcome
from mbs_app.models import Import
from mbs_app.queries import imports as queries
from mbs_app.queries.clock import db_now

# Batches take well under a second; a worker that is silent for this long is gone.
LEASE = timedelta(seconds=60)
BATCH_ROWS = 2_000

_COUNT_OF = {
    RowOutcome.ADD: "add_count",
    RowOutcome.UPDATE: "update_count",
    RowOutcome.UNCHANGED: "unchanged_count",
    RowOutcome.REFUSED: "refused_count",
}


class LeaseLost(Exception):
    """Another worker took over, or the owner changed what is to be done. Nothing more may be written."""


class StopAsked(Exception):
    """The owner wants it stopped here."""


class WorkerEnds(Exception):
    """This process is about to end; another worker goes on from here."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Work:
    import_id: UUID
    user_id: UUID
    worker_id: UUID
    status: ImportStatus
    is_ending: Callable[[], bool] = _never

    @property
    def actor(self) -> Actor:
        return Actor.user(self.user_id, label="import")

    @contextmanager
    def batch(self) -> Iterator[tuple[Session, Import]]:
        """A transaction that holds the import; its end prolongs the lease.

        Raises:
            LeaseLost, StopAsked, WorkerEnds: before anything is written.
        """
        self.look_up()
        with self.closing() as (session, job):
            if job.stop_requested:
                raise StopAsked
            yield session, job
            job.lease_expires_at = db_now(session) + LEASE

    def look_up(self) -> None:
        """Raises WorkerEnds when there is no time for another batch."""
        if self.is_ending():
            raise WorkerEnds

    @contextmanager
    def closing(self) -> Iterator[tuple[Session, Import]]:
        """As :meth:`batch`, for the last word on an import: also when it is to be stopped."""
        with db.transaction(self.actor) as session:
            job = queries.hold(session, self.import_id, self.worker_id, self.status)
            if job is None:
                raise LeaseLost
            yield session, job

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with db.transaction(self.actor, read_only=True) as session:
            yield session

    def pieces(self) -> Iterator[bytes]:
        """The uploaded file, a piece at a time, each read in a transaction of its own."""
        seq = 0
        while True:
            with self.reading() as session:
                piece = queries.chunk(session, self.import_id, seq)
            if piece is None:
                return
            yield piece
            seq += 1


def count_name(outcome: str, stays_opted_out: bool) -> str:
    """The column of imports that counts a row. Each row is in exactly one."""
    return "opted_out_count" if stays_opted_out else _COUNT_OF[RowOutcome(outcome)]


def let_go(job: Import) -> None:
    job.lease_owner = job.lease_expires_at = None
    job.stop_requested = False
