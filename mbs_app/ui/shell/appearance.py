"""Light, dark, or as the system has it: kept by the browser, which applies it before the first paint, and by the
account, which takes it along to other browsers."""

from typing import Any

import reflex as rx
from reflex.style import color_mode, set_color_mode
from reflex_base.event import EventSpec

from mbs_app.ui.components.choices import segmented
from mbs_app.ui.components.icons import icon
from mbs_app.ui.components.menu import menu_item, menu_note
from mbs_app.ui.shell.state import ShellState

_CHOICES = [("light", "Light"), ("dark", "Dark"), ("system", "System")]
_ICONS = {"light": "sun", "dark": "moon", "system": "monitor"}


def appearance_choice() -> rx.Component:
    """The three-way switch of the settings page."""
    return segmented(
        _CHOICES, value=color_mode, on_select=_choose, label="Appearance", icons=_ICONS
    )


def appearance_items() -> list[rx.Component]:
    """The same as rows of a menu; the one that holds has a tick."""
    rows = [
        menu_item(
            words,
            icon=_ICONS[key],
            mark=rx.cond(color_mode == key, icon("check", 14)),
            on_select=_choose(key),
        )
        for key, words in _CHOICES
    ]
    return [menu_note("Appearance"), *rows]


def follows_account() -> rx.Component:
    """Nothing to see: takes on a choice that was made in another browser."""
    return _FollowsAccount.create()


def _choose(key: str) -> list[EventSpec]:
    return [set_color_mode(key), ShellState.keep_appearance(key)]


class _FollowsAccount(rx.Fragment):
    def add_imports(self) -> dict[str, list[rx.ImportVar]]:
        return {
            "react": [rx.ImportVar(tag="useContext"), rx.ImportVar(tag="useEffect")],
            "$/utils/context-registry": [rx.ImportVar(tag="ColorModeContext")],
            "$/utils/mbs/appearance": [rx.ImportVar(tag="followAccount")],
        }

    def add_hooks(self) -> list[Any]:
        chosen: Any = ShellState.appearance
        return [
            "const { setColorMode: takeOn } = useContext(ColorModeContext)",
            rx.Var(
                f"useEffect(() => followAccount({chosen!s}, takeOn), [{chosen!s}])",
                _var_data=chosen._get_all_var_data(),
            ),
        ]
