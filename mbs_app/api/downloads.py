"""CSV files to download. Each piece is read in a transaction of its own, so that a slow reader holds none open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from fastapi.responses import StreamingResponse
from sqlmodel import Session

from mbs_app import db
from mbs_app.domain.actor import Actor

After = TypeVar("After")

ReadPiece = Callable[[Session, Actor, Any], tuple[str, Any]]
"""(session, actor, where the last piece ended; None at first) -> the next piece of text, and where it ends;
None when that was all."""

_BYTE_ORDER_MARK = "\ufeff"  # tells spreadsheets that the file is UTF-8


def csv_answer(actor: Actor, read: ReadPiece, name: str) -> StreamingResponse:
    """The file called ``name``. What may be refused is best refused before: here the answer has begun."""
    return StreamingResponse(
        (piece.encode() for piece in pieces(actor, read)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def pieces(actor: Actor, read: ReadPiece) -> Iterator[str]:
    mark, after = _BYTE_ORDER_MARK, None
    while True:
        with db.transaction(actor, read_only=True) as session:
            piece, after = read(session, actor, after)
        yield mark + piece
        mark = ""
        if after is None:
            return
