"""How lists are asked for and answered: pages that follow a cursor, so that rows that come and go don't shift
them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel

from mbs_app.domain.errors import InvalidInput

Item = TypeVar("Item")
Row = TypeVar("Row")

MOST = 50


class ListPage(BaseModel, Generic[Item]):
    """``next_cursor`` is null on the last page."""

    data: list[Item]
    next_cursor: str | None


class Paging:
    """Where a page starts (after the row with the id ``after``) and how many rows it may have."""

    def __init__(
        self,
        cursor: Annotated[
            str | None, Query(max_length=64, description="The next_cursor of the page before.")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=MOST, description="Rows a page.")] = MOST,
    ) -> None:
        self.after = _decode(cursor) if cursor else None
        self.limit = limit

    def page(
        self, rows: Sequence[Row], out: Callable[[Row], Item], row_id: Callable[[Row], UUID]
    ) -> ListPage[Item]:
        """A page of ``rows``, which start after the cursor. A full page is taken to have a next one."""
        shown = rows[: self.limit]
        more = len(rows) >= self.limit and bool(shown)
        cursor = _encode(row_id(shown[-1])) if more else None
        return ListPage(data=[out(row) for row in shown], next_cursor=cursor)

    def cursor_after(self, row_id: UUID | None) -> str | None:
        """Where the next page starts, for lists that know it themselves."""
        return None if row_id is None else _encode(row_id)

    def slice(
        self, rows: Sequence[Row], out: Callable[[Row], Item], row_id: Callable[[Row], UUID]
    ) -> ListPage[Item]:
        """A page out of a short list that was read whole, in the order of the ids."""
        ordered = sorted(rows, key=row_id)
        later = [row for row in ordered if self.after is None or row_id(row) > self.after]
        return self.page(later, out, row_id)


Page = Annotated[Paging, Depends()]


def _encode(row_id: UUID) -> str:
    return base64.urlsafe_b64encode(row_id.bytes).decode().rstrip("=")


def _decode(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(f"{cursor}=="))
    except (ValueError, binascii.Error):
        raise InvalidInput(
            cursor="Use the next_cursor of the page before, as it is, or none for the first page."
        ) from None
