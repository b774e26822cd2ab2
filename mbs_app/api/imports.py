"""Imports over HTTP: a file becomes a job to poll."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from mbs_app import db
from mbs_app.api.actors import Reading, Writing
from mbs_app.api.caller_first import CallerFirst
from mbs_app.api.downloads import csv_answer
from mbs_app.domain.actor import Actor
from mbs_app.domain.vocabulary import ImportStatus
from mbs_app.services import audit, imports
from mbs_app.services.imports import ImportSummary

router = APIRouter(prefix="/api/customers/import", tags=["Imports"], route_class=CallerFirst)

PIECE = 1024 * 1024


class ColumnOut(BaseModel):
    heading: str
    target: str
    how: str


class ReasonOut(BaseModel):
    reason: str
    label: str
    rows: int


class ImportOut(BaseModel):
    """The classes of rows are disjoint and add up to ``rows_total`` once the check is done."""

    id: UUID
    file_name: str
    status: ImportStatus
    error: str
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
    columns: list[ColumnOut]
    reasons: list[ReasonOut]
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, summary: ImportSummary) -> ImportOut:
        return cls.model_validate(summary, from_attributes=True)


class Choices(BaseModel):
    """What the check guessed wrong. Each change asks for the check again."""

    targets: Annotated[
        list[str] | None,
        Field(
            description="One target a column: phone, first_name, last_name, full_name, email, city, "
            "state, city_state, time_zone, notes, attribute:<name> or skip."
        ),
    ] = None
    default_region: Annotated[str | None, Field(min_length=2, max_length=2)] = None
    has_header: bool | None = None
    group_id: UUID | None = None


@router.post("", status_code=202, summary="Upload a CSV file")
def upload(
    actor: Writing,
    file: Annotated[UploadFile, File(description="A CSV file, at most 50 MB.")],
    group_id: Annotated[UUID | None, Form()] = None,
) -> ImportOut:
    """Nothing is saved yet: poll until ``status`` is ``checked``, look at what would happen, then start it."""
    with db.transaction(actor) as session:
        made = imports.upload(session, actor, file.filename or "upload.csv", _pieces(file.file))
        if group_id is not None:
            imports.choose_group(session, actor, made.id, group_id)
        return _read(session, actor, made.id)


@router.get("/{import_id}", summary="How an import stands")
def read_import(import_id: UUID, actor: Reading) -> ImportOut:
    with db.transaction(actor, read_only=True) as session:
        return _read(session, actor, import_id)


@router.put("/{import_id}", summary="Correct what the check guessed")
def change_import(import_id: UUID, form: Choices, actor: Writing) -> ImportOut:
    with db.transaction(actor) as session:
        if form.has_header is not None:
            imports.set_has_header(session, actor, import_id, form.has_header)
        if form.default_region is not None:
            imports.change_region(session, actor, import_id, form.default_region.upper())
        if form.targets is not None:
            imports.change_mapping(session, actor, import_id, form.targets)
        if "group_id" in form.model_fields_set:
            imports.choose_group(session, actor, import_id, form.group_id)
        return _read(session, actor, import_id)


@router.post("/{import_id}/start", status_code=202, summary="Save what the check showed")
def start_import(import_id: UUID, actor: Writing) -> ImportOut:
    with db.transaction(actor) as session:
        imports.start(session, actor, import_id)
        return _read(session, actor, import_id)


@router.post("/{import_id}/stop", status_code=202, summary="Stop an import")
def stop_import(import_id: UUID, actor: Writing) -> ImportOut:
    """What was saved so far stays, and is what ``applied`` says."""
    with db.transaction(actor) as session:
        imports.stop(session, actor, import_id)
        return _read(session, actor, import_id)


@router.delete("/{import_id}", status_code=204, summary="Forget an import that was not started")
def discard_import(import_id: UUID, actor: Writing) -> None:
    with db.transaction(actor) as session:
        imports.discard(session, actor, import_id)


@router.get("/{import_id}/refused.csv", summary="The refused rows, with the reasons, as CSV")
def refused(import_id: UUID, actor: Reading) -> StreamingResponse:
    with db.transaction(actor) as session:
        job = imports.get_import(session, actor, import_id)
        audit.record(session, actor, "import.export", "import", import_id, file_name=job.file_name)
    return csv_answer(
        actor,
        lambda session, actor, after: imports.refused_piece(session, actor, import_id, after=after),
        "refused-rows.csv",
    )


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def _read(session: Any, actor: Actor, import_id: UUID) -> ImportOut:
    return ImportOut.of(imports.summary(session, actor, import_id))
