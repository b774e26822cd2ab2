"""Light, dark, or as the system has it; kept by the browser, applied before the first paint."""

from typing import Any

import reflex as rx
from reflex.style import set_color_mode

from mbs_app.ui.components.choices import segmented

_CHOICES = [("light", "Light"), ("dark", "Dark"), ("system", "System")]
_ICONS = {"light": "sun", "dark": "moon", "system": "monitor"}


def appearance_choice() -> rx.Component:
    """The three-way switch of the user menu and the settings page."""
    return rx.el.div(
        segmented(
            _CHOICES,
            value=_chosen(),
            on_select=set_color_mode,
            label="Appearance",
            icons=_ICONS,
        ),
        class_name="menu-note appearance",
    )


def _chosen() -> rx.Var[Any]:
    """What was chosen ("system" included), not what it came to."""
    from reflex.style import color_mode

    return color_mode
