"""The field for a code from an authenticator app, or for a recovery code."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import Text
from mbs_app.ui.components.fields import text_field


def code_field(field_id: str, *, error: Text = "", **props: Any) -> rx.Component:
    """Six digits; phones offer the number pad, and the code where they know it."""
    return _field(
        "Code", field_id, error, auto_complete="one-time-code", input_mode="numeric", **props
    )


def recovery_code_field(field_id: str, *, error: Text = "", **props: Any) -> rx.Component:
    """Ten letters and digits, from the list that was kept."""
    return _field(
        "Recovery code",
        field_id,
        error,
        placeholder="xxxxx-xxxxx",
        auto_capitalize="none",
        hint="One from the list you kept. Each works once.",
        **props,
    )


def _field(label: str, field_id: str, error: Text, **props: Any) -> rx.Component:
    props.setdefault("auto_focus", True)
    props.setdefault("size", "lg")
    return rx.el.div(
        text_field(
            label,
            field_id=field_id,
            name="code",
            max_length=20,
            spell_check=False,
            required=True,
            error=error,
            **props,
        ),
        class_name="code-field",
    )
