"""Imports: the file as it was uploaded, what the dry run said of each row, and how far it was applied."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from mbs_app.domain.vocabulary import ImportStatus, RowOutcome
from mbs_app.models.base import Identified, Json, Owned, made_now, moment, one_of


class Import(Identified, Owned, table=True):
    """One upload. It is also the job that checks and applies it: the lease says who is at work.

    ``mapping`` has for each column where it goes and how that was found (see
    :mod:`mbs_app.domain.column_guess`; ``how`` is "chosen" where a person said so), and in how many rows
    it changes a customer. While a first check runs, ``rows_total`` is an estimate. The five counts of a
    check are exclusive: their sum is ``rows_checked``.
    """

    __tablename__ = "imports"
    __table_args__ = (
        one_of("status", ImportStatus),
        sa.Index("ix_imports_user_id_id", "user_id", "id"),
        sa.Index(
            "ix_imports_to_do",
            "id",
            sqlite_where=sa.text("status IN ('checking', 'importing')"),
            postgresql_where=sa.text("status IN ('checking', 'importing')"),
        ),
        sa.Index("ix_imports_group_id", "group_id"),
    )

    file_name: str = Field(max_length=255)
    file_bytes: int = 0
    encoding: str = Field(default="", max_length=20)
    delimiter: str = Field(default="", max_length=1)
    has_header: bool = True
    headings: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)
    sample: list[list[str]] = Field(default_factory=list, sa_type=Json, nullable=False)
    mapping: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json, nullable=False)
    default_region: str = Field(default="US", max_length=2)
    group_id: UUID | None = Field(default=None, foreign_key="groups.id", ondelete="SET NULL")

    status: str = Field(default=ImportStatus.UPLOADED, max_length=10)
    stop_requested: bool = False
    rows_total: int = 0
    rows_checked: int = 0
    add_count: int = 0
    update_count: int = 0
    unchanged_count: int = 0
    refused_count: int = 0
    opted_out_count: int = 0  # taken rows whose person stays opted out; in none of the others
    rows_applied: int = 0
    added: int = 0  # customers written by it so far, opted out or not
    updated: int = 0
    error: str = Field(default="", max_length=500)

    lease_owner: UUID | None = None
    lease_expires_at: datetime | None = moment()
    created_at: datetime = made_now()
    finished_at: datetime | None = moment()


class ImportChunk(Owned, table=True):
    """A piece of the uploaded file, so that any worker on any machine can read it in bounded memory."""

    __tablename__ = "import_chunks"
    __table_args__ = (sa.Index("ix_import_chunks_user_id", "user_id"),)

    import_id: UUID = Field(foreign_key="imports.id", ondelete="CASCADE", primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    data: bytes


class ImportRow(Owned, table=True):
    """What the dry run says of one row, and, once applied, that it was."""

    __tablename__ = "import_rows"
    __table_args__ = (
        one_of("outcome", RowOutcome),
        sa.Index("ix_import_rows_outcome", "import_id", "outcome", "row_number"),
        sa.Index("ix_import_rows_phone", "import_id", "phone"),
        sa.Index("ix_import_rows_user_id", "user_id"),
    )

    import_id: UUID = Field(foreign_key="imports.id", ondelete="CASCADE", primary_key=True)
    row_number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    outcome: str = Field(max_length=10)
    # A code: why the row was refused, or that one of its values is left out.
    reason: str = Field(default="", max_length=40)
    detail: str = Field(default="", max_length=200)  # the sentence for the user
    mend: str = Field(default="", max_length=200)
    phone: str | None = Field(default=None, max_length=16)
    stays_opted_out: bool = False
    # What the file says of the person; of a refused row, the name and what stood for the number.
    values: dict[str, Any] = Field(default_factory=dict, sa_type=Json, nullable=False)
    raw: list[str] = Field(default_factory=list, sa_type=Json, nullable=False)
    applied: bool = False
