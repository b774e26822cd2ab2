"""Light, dark, or as the system has it; kept by the browser, applied before the first paint."""

import reflex as rx
from reflex.style import color_mode, set_color_mode

from mbs_app.ui.components.choices import segmented
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.menu import menu_item, menu_note

_CHOICES = [("light", "Light"), ("dark", "Dark"), ("system", "System")]
_ICONS = {"light": "sun", "dark": "moon", "system": "monitor"}


def appearance_choice() -> rx.Component:
    """The three-way switch of the settings page."""
    return segmented(
        _CHOICES, value=color_mode, on_select=set_color_mode, label="Appearance", icons=_ICONS
    )


def appearance_items() -> list[rx.Component]:
    """The same as rows of a menu; the one that holds has a tick."""
    rows = [
        menu_item(
            words,
            icon=_ICONS[key],
            mark=rx.cond(color_mode == key, icon("check", 14)),
            on_select=set_color_mode(key),
        )
        for key, words in _CHOICES
    ]
    return [menu_note("Appearance"), *rows]
