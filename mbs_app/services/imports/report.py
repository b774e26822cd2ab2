"""What an import will do or did, in numbers that add up, and the rows that it refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.csv_dialect import csv_text, guard_cell
from mbs_app.domain.vocabulary import ImportStatus
from mbs_app.models import Group, Import, ImportRow
from mbs_app.queries import imports as queries
from mbs_app.services.imports.rows import REFUSAL_WORDS, Refusal
from mbs_app.services.imports.sniffing import REPORT_HEADINGS
from mbs_app.services.imports.targets import own_target, target_name
from mbs_app.services.imports.uploads import get_import

PAGE_ROWS = 25
_PIECE = 1_000
_TEXT_FORMULA = re.compile(r'="[+\d\s().-]*"', re.ASCII)


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """``how`` is heading, values, new_field, left_out or chosen. ``own_target`` is the custom field by the
    column's own heading. ``changes`` counts the customers in whom this column changes something."""

    index: int
    heading: str
    sample: tuple[str, ...]
    target: str
    target_name: str
    own_target: str
    how: str
    changes: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    reason: str
    label: str
    rows: int


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """Counts are of rows. to_add + to_update + unchanged + stay_opted_out + refused = rows_checked,
    and once the check is done that is rows_total; until then rows_total is an estimate.

    Of a running or stopped import, ``added``, ``updated`` and ``applied`` say what is saved so far.
    """

    id: UUID
    file_name: str
    file_bytes: int
    status: str
    error: str
    encoding: str
    delimiter: str
    has_header: bool
    default_region: str
    group_id: UUID | None
    group_name: str
    created_at: datetime
    finished_at: datetime | None
    stop_requested: bool
    rows_total: int
    rows_checked: int
    to_add: int
    to_update: int
    unchanged: int
    stay_opted_out: int
    refused: int
    applied: int
    added: int
    updated: int
    columns: tuple[ColumnMatch, ...]
    reasons: tuple[ReasonCount, ...]
    values_left_out: int

    @property
    def adds_up(self) -> bool:
        parts = self.to_add + self.to_update + self.unchanged + self.stay_opted_out + self.refused
        return parts == self.rows_checked

    @property
    def people(self) -> int:
        """Rows that are taken: everybody in the file whose number can be texted or is on a list."""
        return self.rows_checked - self.refused

    @property
    def has_phone(self) -> bool:
        return any(column.target == "phone" for column in self.columns)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    number: int
    name: str
    value: str
    reason: str
    detail: str
    mend: str


@dataclass(frozen=True, slots=True)
class RefusedPage:
    rows: tuple[RefusedRow, ...]
    total: int
    page: int
    pages: int


def summary(
    session: Session, actor: Actor, import_id: UUID, *, at_a_glance: bool = False
) -> ImportSummary:
    """How an import stands. ``at_a_glance`` leaves out the reasons, which are counted row by row, for
    those who look often.

    Raises NotFound for an import that isn't the actor's.
    """
    job = get_import(session, actor, import_id)
    group = session.get(Group, job.group_id) if job.group_id else None
    unchecked = job.status in (ImportStatus.UPLOADED, ImportStatus.CHECKING)
    counts_rows = not (unchecked or at_a_glance)
    return ImportSummary(
        id=job.id,
        file_name=job.file_name,
        file_bytes=job.file_bytes,
        status=str(job.status),
        error=job.error,
        encoding=job.encoding,
        delimiter=job.delimiter,
        has_header=job.has_header,
        default_region=job.default_region,
        group_id=job.group_id if group else None,
        group_name=group.name if group else "",
        created_at=job.created_at,
        finished_at=job.finished_at,
        stop_requested=job.stop_requested,
        rows_total=job.rows_total,
        rows_checked=job.rows_checked,
        to_add=job.add_count,
        to_update=job.update_count,
        unchanged=job.unchanged_count,
        stay_opted_out=job.opted_out_count,
        refused=job.refused_count,
        applied=job.rows_applied,
        added=job.added,
        updated=job.updated,
        columns=_columns(job),
        reasons=_reasons(session, job) if counts_rows else (),
        values_left_out=queries.count_left_out(session, job.id) if counts_rows else 0,
    )


def refused_page(
    session: Session, actor: Actor, import_id: UUID, *, reason: str | None = None, page: int = 1
) -> RefusedPage:
    """Refused rows, PAGE_ROWS a page, those of one reason or all. A page beyond the last is the last.

    Raises NotFound for an import that isn't the actor's.
    """
    job = get_import(session, actor, import_id)
    counts = queries.refusals_by_reason(session, job.id)
    total = counts.get(reason, 0) if reason is not None else sum(counts.values())
    pages = max(1, -(-total // PAGE_ROWS))
    page = min(max(1, page), pages)
    rows = queries.refused_rows(
        session, job.id, reason=reason, skip=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS
    )
    return RefusedPage(tuple(map(_refused_row, rows)), total, page, pages)


def left_out_rows(
    session: Session, actor: Actor, import_id: UUID, limit: int = PAGE_ROWS
) -> tuple[RefusedRow, ...]:
    """The first rows that are taken without one of their values, with which and why.

    Raises NotFound for an import that isn't the actor's.
    """
    job = get_import(session, actor, import_id)
    return tuple(
        RefusedRow(
            number=row.row_number,
            name=" ".join(
                filter(None, (row.values.get("first_name"), row.values.get("last_name")))
            ),
            value=row.phone or "",
            reason=row.reason,
            detail=row.detail,
            mend="The rest of the row is imported",
        )
        for row in queries.left_out_rows(session, job.id, limit)
    )


def refused_piece(
    session: Session, actor: Actor, import_id: UUID, *, after: int | None
) -> tuple[str, int | None]:
    """The next refused rows as the file had them, with the row's number, the reason and what can be done; and
    where to go on, None when that was all.

    The text keeps the delimiter of the file, so that a spreadsheet opens it as it opened that one. Values
    that a spreadsheet would run as a formula are guarded. Raises NotFound.
    """
    job = get_import(session, actor, import_id)
    headings = list(job.headings)
    if tuple(headings[-len(REPORT_HEADINGS) :]) == REPORT_HEADINGS:
        headings = headings[: -len(REPORT_HEADINGS)]
    width = len(headings)
    lines: list[Sequence[object]] = []
    if after is None:
        named = [guard_cell(one) or f"Column {number}" for number, one in enumerate(headings, 1)]
        lines.append([*named, *REPORT_HEADINGS])
    rows = queries.refused_rows(session, import_id, after=after or 0, limit=_PIECE)
    for row in rows:
        cells = [_guarded(cell) for cell in row.raw[:width]]
        cells += [""] * (width - len(cells))
        # Cells beyond the last column are why the row was refused: they go to the far right.
        beyond = [_guarded(cell) for cell in row.raw[width:] if cell.strip()]
        lines.append([*cells, row.row_number, row.detail, row.mend, *beyond])
    ends_at = rows[-1].row_number if len(rows) == _PIECE else None
    return csv_text(lines, job.delimiter or ","), ends_at


def _guarded(cell: str) -> str:
    # ="+15125550142" keeps a spreadsheet from rounding the number, and runs nothing.
    return cell if _TEXT_FORMULA.fullmatch(cell) else guard_cell(cell)


def _refused_row(row: ImportRow) -> RefusedRow:
    return RefusedRow(
        number=row.row_number,
        name=str(row.values.get("name", "")),
        value=str(row.values.get("value", "")),
        reason=row.reason,
        detail=row.detail,
        mend=row.mend,
    )


def _columns(job: Import) -> tuple[ColumnMatch, ...]:
    return tuple(
        ColumnMatch(
            index=index,
            heading=heading or f"Column {index + 1}",
            sample=tuple(job.sample[index]),
            target=str(column["target"]),
            target_name=target_name(str(column["target"])),
            own_target=own_target(heading or f"Column {index + 1}"),
            how=str(column["how"]),
            changes=int(column["changes"]),
        )
        for index, (heading, column) in enumerate(zip(job.headings, job.mapping, strict=True))
    )


def _reasons(session: Session, job: Import) -> tuple[ReasonCount, ...]:
    counts: Counter[str] = Counter(queries.refusals_by_reason(session, job.id))
    return tuple(
        ReasonCount(reason, REFUSAL_WORDS[Refusal(reason)], rows)
        for reason, rows in counts.most_common()
    )


def changed_words(columns: Sequence[ColumnMatch], most: int = 3) -> str:
    """Which columns change most customers: "points, city and email"; "" when none does."""
    ranked = sorted((one for one in columns if one.changes), key=lambda one: -one.changes)
    names = [one.target_name.lower() for one in ranked[:most]]
    if len(names) > 1:
        names[-2:] = [f"{names[-2]} or {names[-1]}"]
    return ", ".join(names)
