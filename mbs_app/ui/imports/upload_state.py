"""What the page does on which a file is chosen: it streams in, and the list of earlier imports."""

from __future__ import annotations

from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, ClassVar

import reflex as rx
from sqlmodel import Session

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.clock import utc_now
from mbs_app.domain.errors import InvalidInput, MbsError
from mbs_app.services import imports
from mbs_app.services.imports import LARGEST_FILE
from mbs_app.ui.access import Access
from mbs_app.ui.arguments import as_id
from mbs_app.ui.browser import cancel_upload
from mbs_app.ui.components.toast import notify
from mbs_app.ui.imports import views
from mbs_app.ui.imports.views import ListRow
from mbs_app.ui.session import BaseState, current_actor

UPLOAD_ID = "import-file"
_IN_MEMORY = 1024 * 1024
_PIECE = 1024 * 1024
_TOO_LARGE = (
    f"This file is larger than {LARGEST_FILE // 1024**2} MB. "
    "Split it into smaller files and upload them one by one."
)


class UploadState(BaseState, rx.State):
    access: ClassVar[Access | None] = Access.SIGNED_IN

    is_loaded: bool = False
    rows: list[ListRow] = []
    is_uploading: bool = False
    percent: int = 0
    discarding_id: str = ""
    discarding_name: str = ""

    @rx.event
    async def load(self) -> None:
        self.problem, self.is_uploading, self.percent = "", False, 0
        self.discarding_id = ""
        self.rows = await self._read(views.read_list, utc_now())
        self.is_loaded = True

    @rx.event(background=True)
    async def receive(self, chunks: rx.UploadChunkIterator) -> AsyncIterator[Any]:
        """Take in one file and go on to its check."""
        actor = await current_actor()
        async with self:
            self.problem, self.is_uploading, self.percent = "", True, 0
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
            try:
                name = await _spool(chunks, spool)
                import_id = await db.in_transaction(actor, _store, name, spool)
            except MbsError as refusal:
                async with self:
                    self.problem, self.is_uploading = _words(refusal), False
                return
        async with self:
            self.is_uploading = False
        yield rx.redirect(f"/import/{import_id}")

    @rx.event
    async def note_progress(self, progress: dict[str, Any]) -> None:
        """How much of the file has left the browser."""
        share = progress.get("progress")
        if isinstance(share, int | float):
            self.percent = max(0, min(100, round(share * 100)))

    @rx.event
    async def cancel(self) -> Any:
        self.is_uploading, self.percent = False, 0
        return cancel_upload(UPLOAD_ID)

    @rx.event
    async def refuse_file(self) -> None:
        """The browser found it too large, or more than one."""
        self.problem = f"Choose one file of at most {LARGEST_FILE // 1024**2} MB."

    @rx.event
    async def ask_to_discard(self, import_id: str, name: str) -> None:
        self.discarding_id, self.discarding_name = import_id, name

    @rx.event
    async def keep(self) -> None:
        self.discarding_id = ""

    @rx.event
    async def discard(self) -> AsyncIterator[Any]:
        wanted, self.discarding_id = self.discarding_id, ""
        with self._showing_problems():
            await self._run(imports.discard, as_id(wanted, "import"))
            yield notify("The import is off the list")
        self.rows = await self._read(views.read_list, utc_now())


async def _spool(chunks: rx.UploadChunkIterator, spool: IO[bytes]) -> str:
    """Write the file to ``spool``; its name. Raises InvalidInput for a second file, or one too large."""
    name = ""
    size = 0
    async for chunk in chunks:
        if name and chunk.filename != name:
            raise InvalidInput(file="Choose one file at a time.")
        name = chunk.filename
        size += len(chunk.data)
        if size > LARGEST_FILE:
            raise InvalidInput(file=_TOO_LARGE)
        spool.write(chunk.data)
    if not name:
        raise InvalidInput(file="No file arrived. Choose it again.")
    spool.seek(0)
    return name


def _store(session: Session, actor: Actor, name: str, spool: IO[bytes]) -> str:
    pieces = iter(lambda: spool.read(_PIECE), b"")
    return str(imports.upload(session, actor, name, pieces).id)


def _words(refusal: MbsError) -> str:
    if isinstance(refusal, InvalidInput) and refusal.fields:
        return " ".join(refusal.fields.values())
    return refusal.message
