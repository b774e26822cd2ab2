"""What a short list of named things has, whatever they are: groups, templates.

It is read whole, narrowed while somebody types, and its things are made and changed in one dialog.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import reflex as rx

from mbs_app.ui.arguments import as_id
from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.placeholders import skeleton_rows
from mbs_app.ui.components.wording import counted
from mbs_app.ui.session import BaseState
from mbs_app.ui.shell import shell


class NamedList(BaseState, rx.State, mixin=True):
    """The state of such a page, a mixin. Its ``rows`` have an ``id``; ``_narrow`` chooses the ``shown``."""

    noun: ClassVar[str] = ""

    is_loaded: bool = False
    search: str = ""
    form_open: bool = False
    is_new: bool = True
    is_saving: bool = False

    _editing: str = ""

    @rx.event
    async def search_for(self, text: str) -> None:
        self.search = text[:100]
        self._narrow()

    @rx.event
    async def close_form(self) -> None:
        self.form_open = False

    def _narrow(self) -> None:
        raise NotImplementedError

    def _matches(self, *texts: str) -> bool:
        words = self.search.casefold().strip()
        return any(words in text.casefold() for text in texts)

    def _row(self, key: str) -> Any:
        """The row with this id, None where it is gone."""
        rows: Sequence[Any] = self.rows
        return next((row for row in rows if row.id == key), None)

    def _open_form(self, key: str) -> None:
        """For the row with this id, or for a new one where it is empty."""
        self._editing, self.is_new = key, not key
        self.problem, self.field_problems, self.is_saving = "", {}, False
        self.form_open = True

    async def _save(
        self, create: Callable[..., Any], update: Callable[..., Any], values: dict[str, Any]
    ) -> bool:
        """Save what the form holds and close it; False where it was refused, which its fields then say."""
        is_saved = False
        try:
            with self._showing_problems():
                if self._editing:
                    await self._run(update, as_id(self._editing, self.noun), **values)
                else:
                    await self._run(create, **values)
                is_saved = True
        finally:
            self.is_saving = False
        if self.problem:  # a name that is taken: the dialog has no other place for it
            self.field_problems, self.problem = {"name": self.problem}, ""
        self.form_open = not is_saved
        return is_saved


def named_list_page(
    state: Any,
    *dialogs: rx.Component,
    title: str,
    shown: rx.Component,
    none_yet: rx.Component,
    height: int,
) -> rx.Component:
    """The page: its count, a button for a new one, the list or why there is none. ``height`` is in rows."""
    return shell(
        rx.cond(
            state.is_loaded,
            rx.cond(state.rows.length() > 0, shown, none_yet),
            skeleton_rows(height),
        ),
        *dialogs,
        title=title,
        active=title.lower(),
        caption=rx.cond(
            state.is_loaded, counted(state.rows.length(), state.noun, f"{state.noun}s"), " "
        ),
        actions=[add_button(state)],
        ruled=False,
    )


def add_button(state: Any) -> rx.Component:
    return button(f"New {state.noun}", kind="primary", icon="plus", on_click=state.add)
