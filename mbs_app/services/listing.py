"""Lists for programs: pages that follow a cursor, so that rows that come and go don't shift them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlmodel import Session, col

from mbs_app.domain.errors import InvalidInput
from mbs_app.models.base import Identified

Row = TypeVar("Row", bound=Identified)

MOST = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, the newest first, and where the next page starts; None after the last."""

    rows: Sequence[Row]
    next_cursor: str | None


def page_by_id(
    session: Session, table: type[Row], statement: Any, *, cursor: str | None, limit: int
) -> Page[Row]:
    """One page of ``statement`` (a select of ``table``). Ids rise with time, so they order it.

    Raises:
        InvalidInput: the cursor isn't one of ours.
    """
    limit = max(1, min(limit, MOST))
    if cursor:
        statement = statement.where(col(table.id) < _decode(cursor))
    found = session.exec(statement.order_by(col(table.id).desc()).limit(limit + 1)).all()
    rows = found[:limit]
    return Page(rows, _encode(rows[-1].id) if len(found) > limit else None)


def _encode(row_id: UUID) -> str:
    return base64.urlsafe_b64encode(row_id.bytes).decode().rstrip("=")


def _decode(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(f"{cursor}=="))
    except (ValueError, binascii.Error):
        raise InvalidInput(
            cursor="Use the next_cursor of the page before, as it is, or none for the first page."
        ) from None
