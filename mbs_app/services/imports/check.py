"""The dry run: reads the whole file and says of each row what an import would do. It changes no customer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from mbs_app.domain.vocabulary import ImportStatus, RowOutcome
from mbs_app.models import Import
from mbs_app.queries import imports as queries
from mbs_app.queries.imports import Known
from mbs_app.services.imports.merging import changed_fields, outcome_of
from mbs_app.services.imports.reading import FileRow, read_rows, skip_lead_in
from mbs_app.services.imports.rows import VALUE_LEFT_OUT, Person, Refused, RowReader
from mbs_app.services.imports.targets import fields_of
from mbs_app.services.imports.work import BATCH_ROWS, Work, count_name, let_go

BATCH_CHARACTERS = 4_000_000
_DELETE_AT_ONCE = 20_000


def check(work: Work) -> None:
    """Check the import that ``work`` holds, or go on where an earlier worker was lost.

    Raises:
        LeaseLost, StopAsked, WorkerEnds: between two batches.
        InvalidInput: the file can't be read to its end.
    """
    job, after = _begin(work)
    reader = RowReader.of(job.mapping, job.default_region)
    rows = _people(work, job)
    for batch in _batches(row for row in rows if row.number > after):
        _check_batch(work, reader, batch)
    with work.batch() as (_, held):
        held.status = ImportStatus.CHECKED
        held.rows_total = held.rows_checked
        let_go(held)


def _begin(work: Work) -> tuple[Import, int]:
    """The import as it is now, and the last row that is checked already."""
    while True:
        with work.batch() as (session, job):
            if job.rows_checked:
                return job, queries.last_row(session, job.id)
            # Rows of an earlier check, under another mapping.
            if not queries.delete_rows(session, job.id, limit=_DELETE_AT_ONCE):
                return job, 0


def _people(work: Work, job: Import) -> Iterator[FileRow]:
    table = skip_lead_in(read_rows(work.pieces(), job.encoding, job.delimiter))
    filled = (row for row in table if not row.is_blank)
    if job.has_header:
        next(filled, None)
    return filled


def _batches(rows: Iterable[FileRow]) -> Iterator[list[FileRow]]:
    """Batches of up to BATCH_ROWS rows and about BATCH_CHARACTERS characters."""
    batch: list[FileRow] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(map(len, row.cells))
        if len(batch) == BATCH_ROWS or size > BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _check_batch(work: Work, reader: RowReader, batch: list[FileRow]) -> None:
    # Everything slow comes first, so that the transaction that writes is short.
    read = [(row, reader.read(row)) for row in batch]
    phones = {one.phone for _, one in read if isinstance(one, Person)}
    with work.reading() as session, queries.planned_anew(session):
        seen = queries.rows_with(session, work.import_id, phones)
        known = queries.customers_by_phone(session, work.user_id, phones)
        opted_out = queries.opted_out_among(session, work.user_id, phones)
    records: list[dict[str, Any]] = []
    counts: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    for row, found in read:
        one = found
        if isinstance(one, Person):
            first = seen.setdefault(one.phone, row.number)
            if first != row.number:
                one = reader.twice(row, first)
        if isinstance(one, Refused):
            record = _refused(one)
        else:
            customer = known.get(one.phone)
            record = _taken(one, customer, one.phone in opted_out)
            if customer is not None:
                changes.update(changed_fields(customer, one.values))
        counts[count_name(record["outcome"], record["stays_opted_out"])] += 1
        record["import_id"], record["user_id"] = work.import_id, work.user_id
        records.append(record)
    with work.batch() as (session, job):
        queries.add_rows(session, records)
        for name, count in counts.items():
            setattr(job, name, getattr(job, name) + count)
        job.rows_checked += len(records)
        job.rows_total = max(job.rows_total, job.rows_checked)
        job.mapping = _with_changes(job.mapping, changes)


def _taken(person: Person, customer: Known | None, opted_out: bool) -> dict[str, Any]:
    return {
        "row_number": person.number,
        "outcome": outcome_of(customer, person.values).value,
        "reason": VALUE_LEFT_OUT if person.left_out else "",
        "detail": person.left_out[:200],
        "mend": "",
        "phone": person.phone,
        "stays_opted_out": opted_out,
        "values": person.values,
        "raw": [],
        "applied": False,
    }


def _refused(row: Refused) -> dict[str, Any]:
    return {
        "row_number": row.number,
        "outcome": RowOutcome.REFUSED.value,
        "reason": str(row.reason),
        "detail": row.detail,
        "mend": row.mend,
        "phone": None,
        "stays_opted_out": False,
        "values": {"name": row.name, "value": row.value},
        "raw": row.raw,
        "applied": False,
    }


def _with_changes(mapping: list[dict[str, Any]], changes: Counter[str]) -> list[dict[str, Any]]:
    """``mapping`` with the rows of a batch that change a customer added up by column."""
    return [
        {
            **column,
            "changes": column["changes"] + max(changes[f] for f in fields_of(column["target"])),
        }
        for column in mapping
    ]
