"""What the import pages show, read in one go and worded for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.domain.column_guess import SKIP, How, attribute_of
from mbs_app.domain.phones import display_phone
from mbs_app.domain.time_words import day_and_time
from mbs_app.domain.vocabulary import ImportStatus
from mbs_app.models import Import
from mbs_app.services import accounts, groups, imports
from mbs_app.services.imports import ColumnMatch, ImportSummary, RefusedPage, RefusedRow
from mbs_app.ui.arguments import as_id

LEFT_OUT = "left_out"  # the chip of rows that come in without one of their values


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """``options`` are [target, words] pairs; ``split`` says that one column fills two fields."""

    index: int
    heading: str
    sample: str
    target: str
    how: str
    split: bool
    options: list[list[str]]


@dataclass(frozen=True, slots=True)
class ReasonChip:
    reason: str
    label: str
    rows: int


@dataclass(frozen=True, slots=True)
class Refusal:
    number: int
    name: str
    value: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class GroupOption:
    id: str
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class ListRow:
    id: str
    file_name: str
    when: str
    status: str
    rows: int
    imported: int
    refused: int
    can_discard: bool


@dataclass(frozen=True, slots=True)
class ImportView:
    """``to_write`` are the people who would be added or changed, ``people`` all that the file holds."""

    id: str = ""
    file_name: str = ""
    size: str = ""
    status: str = ""
    error: str = ""
    has_phone: bool = True
    has_header: bool = True
    region: str = "US"
    group_id: str = ""
    stopping: bool = False
    total: int = 0
    checked: int = 0
    to_add: int = 0
    to_update: int = 0
    unchanged: int = 0
    opted_out: int = 0
    refused: int = 0
    changes: str = ""
    people: int = 0
    to_write: int = 0
    applied: int = 0
    added: int = 0
    updated: int = 0
    without_value: int = 0
    matched: int = 0
    left_out_columns: int = 0

    @property
    def is_moving(self) -> bool:
        return self.status in (ImportStatus.CHECKING, ImportStatus.IMPORTING)


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything the page of one import shows."""

    view: ImportView
    columns: list[ColumnRow]
    reasons: list[ReasonChip]
    groups: list[GroupOption]
    refused: RefusedSight


@dataclass(frozen=True, slots=True)
class RefusedSight:
    rows: list[Refusal]
    total: int
    page: int
    pages: int


def read_sight(session: Session, actor: Actor, import_id: str) -> Sight:
    """Raises NotFound for what is no import of the actor's."""
    summary = imports.summary(session, actor, as_id(import_id, "import"))
    offered = imports.offered_targets(session, actor)
    return Sight(
        view=_view(summary),
        columns=[_column(column, offered) for column in summary.columns],
        reasons=[ReasonChip(one.reason, one.label, one.rows) for one in summary.reasons],
        groups=[
            GroupOption(str(one.group.id), one.group.name, one.group.color)
            for one in groups.list_groups(session, actor)
        ],
        refused=read_refused(session, actor, import_id),
    )


def read_refused(
    session: Session, actor: Actor, import_id: str, reason: str = "", page: int = 1
) -> RefusedSight:
    """A page of refused rows; ``reason`` LEFT_OUT gives those that come in without a value."""
    which = as_id(import_id, "import")
    if reason == LEFT_OUT:
        region = accounts.my_profile(session, actor).default_region
        rows = imports.left_out_rows(session, actor, which)
        shown = [_refusal(row, display_phone(row.value, region)) for row in rows]
        return RefusedSight(shown, len(shown), 1, 1)
    found: RefusedPage = imports.refused_page(
        session, actor, which, reason=reason or None, page=page
    )
    return RefusedSight(
        [_refusal(row, row.value) for row in found.rows], found.total, found.page, found.pages
    )


def read_progress(session: Session, actor: Actor, import_id: str) -> ImportView:
    """The part that moves while a worker is at it; cheap enough to read twice a second."""
    return _view(imports.summary(session, actor, as_id(import_id, "import"), at_a_glance=True))


def read_list(session: Session, actor: Actor, now: datetime) -> list[ListRow]:
    zone = accounts.my_profile(session, actor).time_zone
    return [_list_row(job, now, zone) for job in imports.list_imports(session, actor)]


def size_words(size: int) -> str:
    """1,940,000 gives "1.9 MB"."""
    if size < 1000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1000:.0f} KB"
    return f"{size / 1_000_000:.1f} MB"


def _view(summary: ImportSummary) -> ImportView:
    left_out = sum(1 for column in summary.columns if column.target == SKIP)
    return ImportView(
        id=str(summary.id),
        file_name=summary.file_name,
        size=size_words(summary.file_bytes),
        status=summary.status,
        error=summary.error,
        has_phone=summary.has_phone,
        has_header=summary.has_header,
        region=summary.default_region,
        group_id=str(summary.group_id or ""),
        stopping=summary.stop_requested,
        total=summary.rows_total,
        checked=summary.rows_checked,
        to_add=summary.to_add,
        to_update=summary.to_update,
        unchanged=summary.unchanged,
        opted_out=summary.stay_opted_out,
        refused=summary.refused,
        changes=imports.changed_words(summary.columns),
        people=summary.people,
        to_write=summary.to_add + summary.to_update,
        applied=summary.applied,
        added=summary.added,
        updated=summary.updated,
        without_value=summary.values_left_out,
        matched=len(summary.columns) - left_out,
        left_out_columns=left_out,
    )


def _column(column: ColumnMatch, offered: list[tuple[str, str]]) -> ColumnRow:
    return ColumnRow(
        index=column.index,
        heading=column.heading,
        sample="\u2002·\u2002".join(column.sample) or "(empty)",
        target=column.target,
        how=_how(column, offered),
        split=column.target in ("full_name", "city_state"),
        options=_options(column, offered),
    )


def _how(column: ColumnMatch, offered: list[tuple[str, str]]) -> str:
    """A custom field that customers have already is matched by its name; only another is new."""
    known = {target for target, _ in offered}
    return How.HEADING if column.how == How.NEW_FIELD and column.target in known else column.how


def _options(column: ColumnMatch, offered: list[tuple[str, str]]) -> list[list[Any]]:
    known = {target for target, _ in offered}
    # The column's own field, be it taken or not, can always be chosen back.
    own = [
        [target, f"{imports.target_name(target)} (new field)"]
        for target in dict.fromkeys((column.target, column.own_target))
        if attribute_of(target) is not None and target not in known
    ]
    return [*map(list, offered), *own, [SKIP, imports.target_name(SKIP)]]


def _refusal(row: RefusedRow, value: str) -> Refusal:
    return Refusal(row.number, row.name, value, row.detail, row.mend)


def _list_row(job: Import, now: datetime, zone: str) -> ListRow:
    return ListRow(
        id=str(job.id),
        file_name=job.file_name,
        when=day_and_time(job.created_at, now, zone),
        status=str(job.status),
        rows=job.rows_total,
        imported=job.added + job.updated,
        refused=job.refused_count,
        can_discard=job.status != ImportStatus.IMPORTING,
    )
