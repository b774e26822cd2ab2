"""Taking a file in, and the list of what was imported."""

from __future__ import annotations

import ntpath
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.csv_dialect import detect_encoding_of
from mbs_app.domain.errors import Conflict, InvalidInput, NotAllowed
from mbs_app.domain.vocabulary import ImportStatus
from mbs_app.models import Import, ImportChunk, UserProfile, new_id
from mbs_app.services import audit
from mbs_app.services.imports.sniffing import HEAD_BYTES, know_file, refuse_other_kinds
from mbs_app.services.lookup import must_get

CHUNK_BYTES = 1024 * 1024
LARGEST_FILE = 50 * 1024 * 1024
KEEP_UNFINISHED = timedelta(days=30)

_UNFINISHED = (ImportStatus.UPLOADED, ImportStatus.CHECKED)


def upload(session: Session, actor: Actor, file_name: str, chunks: Iterable[bytes]) -> Import:
    """Store a file, guess how it is written and what its columns mean, and ask for its check.

    ``chunks`` may come in any sizes; have them at hand (a temporary file, not the network), since the
    transaction stays open until the last. The check is asked for at once, unless no column looks like a
    phone number: then the import waits, as ``uploaded``, for somebody to choose it.

    Raises:
        InvalidInput: not a CSV file, empty, or larger than :data:`LARGEST_FILE` (50 MB).
    """
    owner = _owner(session, actor)
    _forget_unfinished(session)
    job = Import(
        id=new_id(),
        user_id=owner.id,
        file_name=_clean_name(file_name),
        default_region=owner.default_region,
    )
    session.add(job)
    session.flush()
    storing = _Storing(session, job, chunks)
    pieces = iter(storing)
    job.encoding = detect_encoding_of(pieces)
    for _ in pieces:
        pass  # the encoding may be plain from the first piece; the others are stored all the same
    facts = know_file(storing.head, job.encoding, job.default_region)
    job.file_bytes = storing.size
    job.delimiter, job.has_header = facts.delimiter, facts.has_header
    job.headings, job.sample, job.mapping = facts.headings, facts.sample, facts.mapping
    job.rows_total = max(1, storing.line_ends - int(job.has_header))
    if any(column["target"] == "phone" for column in job.mapping):
        job.status = ImportStatus.CHECKING
    session.add(job)
    session.flush()
    return job


def list_imports(
    session: Session, actor: Actor, *, before: UUID | None = None, limit: int = 10
) -> Sequence[Import]:
    """The actor's imports, the newest first; ``before`` is the last one of the page above."""
    wanted = select(Import).order_by(col(Import.id).desc()).limit(min(limit, 50))
    if before is not None:
        wanted = wanted.where(col(Import.id) < before)
    return session.exec(wanted).all()


def get_import(session: Session, actor: Actor, import_id: UUID) -> Import:
    """Raises NotFound for one that isn't the actor's."""
    return must_get(session, Import, import_id, "import")


def discard(session: Session, actor: Actor, import_id: UUID) -> None:
    """Delete an import and its file. Customers that it added stay.

    Raises:
        NotFound: it isn't the actor's.
        Conflict: it is being applied right now.
    """
    job = get_import(session, actor, import_id)
    gone = session.exec(
        delete(Import).where(
            col(Import.id) == import_id, col(Import.status) != ImportStatus.IMPORTING
        )
    )
    if gone.rowcount != 1:
        raise Conflict("This import is running. Stop it first.")
    session.expunge(job)
    audit.record(session, actor, "import.discard", "import", import_id, file_name=job.file_name)


class _Storing:
    """Cuts a file into rows of import_chunks as it is read; keeps its beginning, size and line count."""

    def __init__(self, session: Session, job: Import, chunks: Iterable[bytes]) -> None:
        self._session, self._job, self._chunks = session, job, chunks
        self.head = b""
        self.size = 0
        self._line_feeds = self._returns = 0
        self._ends_in_line = True

    @property
    def line_ends(self) -> int:
        # Either ending alone, or both together as Windows writes them; a last line may have none.
        return max(self._line_feeds, self._returns) + int(self._ends_in_line)

    def __iter__(self) -> Iterator[bytes]:
        for seq, piece in enumerate(_pieces(self._chunks)):
            if seq == 0:
                refuse_other_kinds(piece)
                self.head = piece[:HEAD_BYTES]
            self.size += len(piece)
            if self.size > LARGEST_FILE:
                raise InvalidInput(
                    file=f"This file is larger than {LARGEST_FILE // 1024**2} MB. "
                    "Split it into smaller files and upload them one by one."
                )
            self._line_feeds += piece.count(b"\n")
            self._returns += piece.count(b"\r")
            self._ends_in_line = piece[-2:].strip(b"\0")[-1:] not in (b"\n", b"\r")
            self._store(seq, piece)
            yield piece
        if not self.size:
            raise InvalidInput(
                file="This file is empty. Choose a file with a row for each customer."
            )

    def _store(self, seq: int, piece: bytes) -> None:
        table: sa.Table = ImportChunk.__table__
        self._session.connection().execute(
            sa.insert(table),
            {
                "import_id": self._job.id,
                "user_id": self._job.user_id,
                "seq": seq,
                "data": piece,
            },
        )


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """``chunks`` in pieces of exactly CHUNK_BYTES, the last one shorter."""
    held = bytearray()
    for part in chunks:
        held += part
        while len(held) >= CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
    if held:
        yield bytes(held)


def _owner(session: Session, actor: Actor) -> UserProfile:
    owner = session.get(UserProfile, actor.user_id) if actor.user_id else None
    if owner is None:
        raise NotAllowed("Customers belong to a person; sign in as one to import them.")
    return owner


def _forget_unfinished(session: Session) -> None:
    """Files that were uploaded long ago and never imported hold people's data for nothing."""
    session.exec(
        delete(Import).where(
            col(Import.status).in_(_UNFINISHED),
            col(Import.created_at) < utc_now() - KEEP_UNFINISHED,
        ),
        execution_options={"synchronize_session": False},
    )


def _clean_name(file_name: str) -> str:
    name = "".join(letter for letter in ntpath.basename(file_name) if letter.isprintable())
    return name.strip()[:255] or "customers.csv"
