"""How large everything is, and how much room is left."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.services.lookup import must_administrate
from mbs_app.services.system.health import Check, State
from mbs_app.settings import Settings

MOST_FILES = 20_000  # looked at in the data folder
LITTLE, TOO_LITTLE = 2 * 1024**3, 200 * 1024**2  # bytes of room

# The tables that grow, and what their rows are.
LARGE_TABLES = {
    "campaign_messages": "Texts",
    "message_events": "Receipts",
    "customers": "Customers",
    "consent_events": "Consent records",
    "import_rows": "Rows of imports",
    "inbound_messages": "Replies",
    "audit_events": "Audit log",
    "outgoing_mails": "Mails",
}


@dataclass(frozen=True, slots=True)
class TableSize:
    """``rows`` is estimated: counting millions takes seconds."""

    table: str
    words: str
    rows: int


@dataclass(frozen=True, slots=True)
class Storage:
    """Sizes in bytes. ``data_folder`` counts at most ``MOST_FILES`` files."""

    database: int
    data_folder: int
    free: int
    disk: int
    tables: list[TableSize]
    checks: list[Check]


def read_storage(session: Session, actor: Actor, settings: Settings) -> Storage:
    """Raises NotAllowed."""
    must_administrate(actor)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    database = _sqlite_size(session) if is_sqlite else _postgresql_size(session)
    rows = _sqlite_rows(session) if is_sqlite else _postgresql_rows(session)
    folder = _folder_size(settings.data_dir)
    disk = shutil.disk_usage(_existing(settings.data_dir))
    return Storage(
        database=database,
        data_folder=folder,
        free=disk.free,
        disk=disk.total,
        tables=[
            TableSize(table, words, rows.get(table, 0)) for table, words in LARGE_TABLES.items()
        ],
        checks=[
            Check("database", "Database", bytes_words(database)),
            Check("data_folder", "Data folder", bytes_words(folder)),
            _room(disk.free, disk.total),
        ],
    )


def bytes_words(size: int) -> str:
    """ "568 MB", "1.2 GB": thousands, as disks are sold."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:,.1f} GB" if amount < 1000 else f"{amount / 1000:,.1f} TB"


def _room(free: int, total: int) -> Check:
    said = f"{bytes_words(free)} of {bytes_words(total)}"
    if free < TOO_LITTLE:
        advice = "Soon nothing can be saved any more, and sending stops. Make room, or use a larger disk."
        return Check("free", "Free on its disk", said, State.BROKEN, advice)
    if free < LITTLE:
        advice = "Make room: old backups in the data folder are a start."
        return Check("free", "Free on its disk", said, State.LOOK, advice)
    return Check("free", "Free on its disk", said)


def _sqlite_size(session: Session) -> int:
    connection = session.connection()
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    return int(pages) * int(size)


def _sqlite_rows(session: Session) -> dict[str, int]:
    """By the numbers SQLite gives its rows, the first and the last: near enough, and read in no time."""
    found = {}
    for table in LARGE_TABLES:
        first, last = (
            session.connection()
            .exec_driver_sql(
                f"SELECT (SELECT min(rowid) FROM {table}), (SELECT max(rowid) FROM {table})"  # noqa: S608  # names of ours
            )
            .one()
        )
        found[table] = last - first + 1 if last is not None else 0
    return found


def _postgresql_size(session: Session) -> int:
    size = session.connection().execute(sa.text("SELECT pg_database_size(current_database())"))
    return int(size.scalar_one())


def _postgresql_rows(session: Session) -> dict[str, int]:
    """As its own statistics have them."""
    rows = session.connection().execute(
        sa.text(
            "SELECT relname, greatest(reltuples, 0)::bigint FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
            " AND relname = ANY(:tables)"
        ),
        {"tables": list(LARGE_TABLES)},
    )
    return {str(table): int(count) for table, count in rows}


def _folder_size(folder: Path) -> int:
    total, seen, waiting = 0, 0, [folder]
    while waiting and seen < MOST_FILES:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            seen += 1
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            else:
                total += _size_of(entry)
    return total


def _size_of(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0  # gone meanwhile


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
