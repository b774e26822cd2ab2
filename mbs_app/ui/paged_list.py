"""What a long list in pages has, whatever its rows are: a filter with counts, a search, forward and back."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import js
from mbs_app.ui.components.marks import chips, count_chip
from mbs_app.ui.components.table import pagination
from mbs_app.ui.components.wording import commas

PAGE = 25  # rows


class PagedList(rx.State, mixin=True):
    """The state of such a list, a mixin. ``_sight`` reads what is asked for, ``_show`` puts it on the page.

    What ``_sight`` gives has a ``page`` with ``rows`` and their ``total`` over all pages.
    """

    is_loaded: bool = False
    total: int = 0
    offset: int = 0
    status: str = ""
    search: str = ""

    _asked: int = 0

    @rx.event
    async def search_for(self, words: str) -> None:
        await self._look_anew(search=words[:100])

    @rx.event
    async def next_page(self) -> None:
        if self.offset + PAGE < self.total:
            self.offset += PAGE
            await self._look()

    @rx.event
    async def previous_page(self) -> None:
        self.offset = max(0, self.offset - PAGE)
        await self._look()

    async def _look_anew(self, **chosen: str) -> None:
        """Narrow the list by what was ``chosen``, from its first page on."""
        for name, value in chosen.items():
            setattr(self, name, value)
        self.offset = 0
        await self._look()

    async def _look(self) -> None:
        """Read the page that is asked for. An answer that a later question overtook is dropped."""
        self._asked += 1
        mine = self._asked
        sight = await self._sight()
        if not sight.page.rows and self.offset:  # the last row of the last page went away
            self.offset = max(0, (sight.page.total - 1) // PAGE * PAGE)
            sight = await self._sight()
        if mine != self._asked:
            return
        self.total = sight.page.total
        self._show(sight)
        self.is_loaded = True

    async def _sight(self) -> Any:
        raise NotImplementedError

    def _show(self, sight: Any) -> None:
        raise NotImplementedError


def status_chips(
    state: Any, *choices: tuple[str, str, Any], label: str = "Status", loose: bool = False
) -> rx.Component:
    """The filter of the list: each choice a status, its words and how many there are."""
    return rx.el.div(
        chips(
            *(
                count_chip(
                    words,
                    commas(count),
                    chosen=state.status == status,
                    on_click=state.filter_by(status),
                )
                for status, words, count in choices
            ),
            loose=loose,
        ),
        role="group",
        aria_label=label,
    )


def pages_of(state: Any) -> rx.Component:
    """The foot of the list: which rows of how many, and two arrows."""
    last = js("Math.min($0 + $1, $2)", state.offset, PAGE, state.total, returns=int)
    return pagination(
        first=state.offset + 1,
        last=last,
        total=state.total,
        on_previous=state.previous_page,
        on_next=state.next_page,
        has_previous=state.offset > 0,
        has_next=last < state.total,
    )
