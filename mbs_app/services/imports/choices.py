"""What its owner decides about an import: where columns go, how to read numbers, when to start and stop.

Each change of how the file is read asks for a new check. A worker that is at the old one loses its lease
and writes nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select, update

from mbs_app.domain.actor import Actor
from mbs_app.domain.column_guess import SKIP
from mbs_app.domain.errors import Conflict, InvalidInput, NotFound
from mbs_app.domain.phones import is_region
from mbs_app.domain.vocabulary import ImportStatus
from mbs_app.models import Group, Import
from mbs_app.queries import imports as queries
from mbs_app.services import audit
from mbs_app.services.imports.sniffing import HEAD_BYTES, know_file
from mbs_app.services.imports.targets import clean_target, target_name
from mbs_app.services.imports.uploads import get_import

CHOSEN = "chosen"

_OPEN = (
    ImportStatus.UPLOADED,
    ImportStatus.CHECKING,
    ImportStatus.CHECKED,
    ImportStatus.FAILED,
)


def change_mapping(
    session: Session, actor: Actor, import_id: UUID, targets: Sequence[str]
) -> Import:
    """Say for every column where it goes: a standard target, "attribute:<key>" or "skip".

    Raises:
        NotFound, Conflict: not the actor's, or it has started.
        InvalidInput: not one target per column, an unknown target, or one given twice.
    """
    job = _changeable(session, actor, import_id)
    if len(targets) != len(job.mapping):
        raise InvalidInput(
            mapping=f"The file has {len(job.mapping)} columns; say for each where it goes."
        )
    cleaned = [clean_target(target) for target in targets]
    for target in cleaned:
        if target != SKIP and cleaned.count(target) > 1:
            raise InvalidInput(mapping=f"Only one column can go to {target_name(target)}.")
    job.mapping = [
        old if old["target"] == target else {"target": target, "how": CHOSEN, "changes": 0}
        for old, target in zip(job.mapping, cleaned, strict=True)
    ]
    return _check_again(session, job)


def map_column(session: Session, actor: Actor, import_id: UUID, column: int, target: str) -> Import:
    """Say where one column goes. Another column that went there is left out from now on.

    Raises:
        NotFound, Conflict: not the actor's, or it has started.
        InvalidInput: no such column or target.
    """
    job = _changeable(session, actor, import_id)
    if not 0 <= column < len(job.mapping):
        raise InvalidInput(mapping="The file has no such column.")
    wanted = clean_target(target)
    targets = [
        SKIP if wanted != SKIP and one["target"] == wanted else str(one["target"])
        for one in job.mapping
    ]
    targets[column] = wanted
    return change_mapping(session, actor, import_id, targets)


def change_region(session: Session, actor: Actor, import_id: UUID, region: str) -> Import:
    """Say how to read numbers without a country code ("US", "DE").

    Raises:
        NotFound, Conflict: not the actor's, or it has started.
        InvalidInput: no country with that code.
    """
    job = _changeable(session, actor, import_id)
    region = region.strip().upper()
    if not is_region(region):
        raise InvalidInput(region="Choose the country most of the numbers are from.")
    job.default_region = region
    if not _has_phone(job):
        _guess_again(session, job)
    return _check_again(session, job)


def set_has_header(session: Session, actor: Actor, import_id: UUID, has_header: bool) -> Import:
    """Say whether the first row names the columns. The columns are then matched anew.

    Raises:
        NotFound, Conflict: not the actor's, or it has started.
        InvalidInput: the headings are all there is.
    """
    job = _changeable(session, actor, import_id)
    job.has_header = has_header
    _guess_again(session, job)
    return _check_again(session, job)


def choose_group(session: Session, actor: Actor, import_id: UUID, group_id: UUID | None) -> Import:
    """Put everybody in the file into a group, or into none. The check stays as it is.

    Raises:
        NotFound: the import or the group isn't the actor's.
        Conflict: it has started.
    """
    job = _changeable(session, actor, import_id)
    if group_id is not None and _group(session, job, group_id) is None:
        raise NotFound("group")
    job.group_id = group_id
    session.add(job)
    session.flush()
    return job


def start(session: Session, actor: Actor, import_id: UUID) -> Import:
    """Apply a checked import, or go on with one that was stopped or failed on the way. Pressed twice, it
    starts once.

    Raises:
        NotFound: not the actor's.
        Conflict: it isn't checked yet, or is done.
    """
    job = get_import(session, actor, import_id)
    started = session.exec(
        update(Import)
        .where(
            col(Import.id) == import_id,
            col(Import.status).in_(
                (ImportStatus.CHECKED, ImportStatus.STOPPED, ImportStatus.FAILED)
            ),
            col(Import.rows_checked) > 0,
        )
        .values(
            status=ImportStatus.IMPORTING,
            stop_requested=False,
            error="",
            finished_at=None,
            lease_owner=None,
            lease_expires_at=None,
        ),
        execution_options={"synchronize_session": False},
    )
    session.refresh(job)
    if started.rowcount != 1:
        if job.status in (ImportStatus.IMPORTING, ImportStatus.DONE):
            return job
        raise Conflict("This import isn’t checked yet. Wait for the check, then import.")
    audit.record(
        session,
        actor,
        "import.start",
        "import",
        import_id,
        file_name=job.file_name,
        rows=job.rows_total,
    )
    return job


def stop(session: Session, actor: Actor, import_id: UUID) -> Import:
    """Stop the check or the import that is running, after the batch it is at.

    Raises:
        NotFound: not the actor's.
        Conflict: nothing is running.
    """
    job = get_import(session, actor, import_id)
    stopped = session.exec(
        update(Import)
        .where(col(Import.id) == import_id, col(Import.status).in_(queries.AT_WORK))
        .values(stop_requested=True),
        execution_options={"synchronize_session": False},
    )
    session.refresh(job)
    if stopped.rowcount != 1:
        raise Conflict("Nothing is running that could be stopped.")
    audit.record(session, actor, "import.stop", "import", import_id, file_name=job.file_name)
    return job


def check_again(session: Session, actor: Actor, import_id: UUID) -> Import:
    """Ask for the check anew: after it was stopped, or when customers changed since.

    Raises:
        NotFound, Conflict: not the actor's, or it has started.
        InvalidInput: no column holds the phone number.
    """
    job = _changeable(session, actor, import_id)
    if not _has_phone(job):
        raise InvalidInput(mapping="Choose the column that holds the mobile numbers.")
    return _check_again(session, job)


def _changeable(session: Session, actor: Actor, import_id: UUID) -> Import:
    """The import, locked, while it can still be changed."""
    get_import(session, actor, import_id)
    job = session.exec(
        select(Import)
        .where(col(Import.id) == import_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if job.status not in _OPEN or job.rows_applied:
        raise Conflict("This import has started, so it can’t be changed. Upload the file again.")
    return job


def _check_again(session: Session, job: Import) -> Import:
    job.mapping = [{**column, "changes": 0} for column in job.mapping]
    job.status = ImportStatus.CHECKING if _has_phone(job) else ImportStatus.UPLOADED
    job.rows_checked = 0
    job.add_count = job.update_count = job.unchanged_count = 0
    job.opted_out_count = job.refused_count = 0
    job.error, job.stop_requested, job.finished_at = "", False, None
    job.lease_owner = job.lease_expires_at = None
    session.add(job)
    session.flush()
    return job


def _guess_again(session: Session, job: Import) -> None:
    head = (queries.chunk(session, job.id, 0) or b"")[:HEAD_BYTES]
    facts = know_file(
        head, job.encoding, job.default_region, delimiter=job.delimiter, header=job.has_header
    )
    job.headings, job.sample, job.mapping = facts.headings, facts.sample, facts.mapping


def _has_phone(job: Import) -> bool:
    return any(column["target"] == "phone" for column in job.mapping)


def _group(session: Session, job: Import, group_id: UUID) -> Group | None:
    group = session.get(Group, group_id)
    return group if group is not None and group.user_id == job.user_id else None
