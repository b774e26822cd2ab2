"""The field for a new password, with its strength while it is typed."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from mbs_app.ui.components.expressions import Content, Text
from mbs_app.ui.components.fields import password_field

HINT = "At least 12 characters. A few words in a row are easiest."
_PARTS = 4


def new_password_field(
    label: Content,
    field_id: str,
    name: str = "password",
    *,
    name_field_id: str | None = None,
    email_field_id: str | None = None,
    workspace_field_id: str | None = None,
    token_field_id: str | None = None,
    hint: Content = HINT,
    error: Text = "",
    size: Literal["md", "lg"] = "lg",
    **props: Any,
) -> rx.Component:
    """A password field over a bar of four parts; a sentence takes the hint's place while one types.

    ``ui/scripts/passwordStrength.js`` sends what is typed to the API, with the values of the fields that hold the
    person's name and address and the business's name, or the token of their reset link: none of it passes through a page's state. For
    somebody signed in the API knows both.
    """
    told = {
        "data-password-check": "",
        "data-name-field": name_field_id,
        "data-email-field": email_field_id,
        "data-workspace-field": workspace_field_id,
        "data-token-field": token_field_id,
    }
    props.setdefault("auto_complete", "new-password")
    field = password_field(
        label,
        field_id=field_id,
        name=name,
        hint=hint,
        error=error,
        size=size,
        custom_attrs={key: value for key, value in told.items() if value is not None},
        **props,
    )
    return rx.el.div(field, _strength(), class_name="new-password")


def _strength() -> rx.Component:
    """Drawn empty; the script fills it. React leaves it alone, because nothing in it ever changes here."""
    return rx.el.div(
        rx.el.div(
            *(rx.el.span() for _ in range(_PARTS)), aria_hidden=True, class_name="strength-parts"
        ),
        rx.el.p(aria_live="polite", class_name="strength-words"),
        class_name="strength",
    )
