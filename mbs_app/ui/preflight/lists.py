"""The lists behind the numbers, in a dialog, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from mbs_app.domain.names import field_label
from mbs_app.domain.phones import display_phone
from mbs_app.domain.reasons import skip_words
from mbs_app.services import preflight
from mbs_app.services.preflight import TextFilter
from mbs_app.ui.preflight.view import TextRow, text_row

PAGE = 25


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: str
    name: str
    phone: str
    place: str
    reason: str


class Lists(rx.State, mixin=True):
    """One dialog for all lists: of people left out, or of texts as they would leave."""

    list_kind: str = ""
    list_title: str = ""
    list_total: int = 0
    list_first: int = 0
    list_last: int = 0
    people_rows: list[PersonRow] = []
    text_rows: list[TextRow] = []
    list_has_next: bool = False
    list_has_previous: bool = False
    list_is_loading: bool = False

    _list_wanted: str = ""
    # Where each page begins: behind this customer. One entry a page opened so far.
    _list_starts: list[str] = []
    _list_next: str = ""

    @rx.event
    async def show_left_out(self, reason: str) -> Any:
        """Everybody left out, or those for one reason."""
        total = self.check.left_out_total
        if reason:
            total = next((one.people for one in self.check.left_out if one.reason == reason), 0)
        title = f"{skip_words(reason)}: {total:,}" if reason else f"{total:,} left out"
        return self._begin_list("left_out", reason[:40], title, total)

    @rx.event
    async def show_blank(self, field: str) -> Any:
        total = next((one.people for one in self.check.blanks if one.field == field), 0)
        return self._begin_list(
            "blank", field[:60], f"No {field_label(field).lower()}: {total:,}", total
        )

    @rx.event
    async def show_segments(self, segments: int) -> Any:
        line = next((one for one in self.check.segments if one.segments == segments), None)
        if line is None:
            return None
        return self._begin_list(
            "segments", str(segments), f"{line.words}: {line.people:,}", line.people
        )

    @rx.event
    async def show_texts(self) -> Any:
        return self._begin_list("texts", "", "Texts as they will leave", self.check.will_get)

    @rx.event
    async def list_next_page(self) -> None:
        if self.list_has_next and not self.list_is_loading:
            self._list_starts = [*self._list_starts, self._list_next]
            await self._read_page()

    @rx.event
    async def list_previous_page(self) -> None:
        if len(self._list_starts) > 1 and not self.list_is_loading:
            self._list_starts = self._list_starts[:-1]
            await self._read_page()

    @rx.event
    async def open_list_page(self) -> None:
        """The first page of the list that was just opened."""
        if self._list_starts:
            await self._read_page()

    @rx.event
    async def close_list(self) -> None:
        self._close_list()

    def _begin_list(self, kind: str, wanted: str, title: str, total: int) -> Any:
        self.list_kind, self._list_wanted = kind, wanted
        self.list_title, self.list_total = title, total
        self.people_rows, self.text_rows = [], []
        self.list_first = self.list_last = 0
        self._list_starts = [""]
        self.list_is_loading = True
        return self.__class__.open_list_page

    async def _read_page(self) -> None:
        after = UUID(self._list_starts[-1]) if self._list_starts[-1] else None
        draft_id = self._own_id()
        if self.list_kind == "left_out":
            people = await self._read(
                preflight.left_out_page,
                draft_id,
                self._list_wanted or None,
                after=after,
                limit=PAGE,
            )
            self.people_rows = [_person(one) for one in people.rows]
            following, count = people.next_after, len(people.rows)
        else:
            texts = await self._read(
                preflight.texts_page, draft_id, self._text_filter(), after=after, limit=PAGE
            )
            self.text_rows = [text_row(one.sample) for one in texts.rows]
            following, count = texts.next_after, len(texts.rows)
        before = (len(self._list_starts) - 1) * PAGE
        self.list_first, self.list_last = (before + 1 if count else 0), before + count
        self._list_next = str(following or "")
        self.list_has_next = following is not None
        self.list_has_previous = len(self._list_starts) > 1
        self.list_is_loading = False

    def _text_filter(self) -> TextFilter:
        if self.list_kind == "segments":
            return TextFilter(segments=int(self._list_wanted))
        if self.list_kind == "blank":
            return TextFilter(blank=self._list_wanted)
        return TextFilter()

    def _close_list(self) -> None:
        self.list_kind = ""
        self.people_rows, self.text_rows = [], []


def _person(one: preflight.PersonLine) -> PersonRow:
    return PersonRow(
        id=str(one.customer_id or ""),
        name=one.name,
        phone=display_phone(one.phone),
        place=", ".join(part for part in (one.city, one.state) if part),
        reason=one.reason,
    )
