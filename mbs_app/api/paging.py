"""How lists are asked for and answered."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from mbs_app.services.listing import MOST

Item = TypeVar("Item")

Cursor = Annotated[
    str | None, Query(max_length=64, description="The next_cursor of the page before.")
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Rows a page.")]


class ListPage(BaseModel, Generic[Item]):
    """The newest first. ``next_cursor`` is null on the last page."""

    data: list[Item]
    next_cursor: str | None
