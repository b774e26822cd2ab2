"""Dialogs: the title names the thing, the button names the number, the safe choice comes first."""

from typing import Any

import reflex as rx

from mbs_app.ui.components.buttons import button, icon_button
from mbs_app.ui.components.expressions import Content, Flag, Text, classes


def confirm_dialog(
    *,
    open: Flag,
    title: Content,
    text: Content,
    keep: Text,
    confirm: Text,
    on_keep: Any,
    on_confirm: Any,
    danger: bool = True,
    busy: Flag = False,
    busy_label: Text | None = None,
    extra: rx.Component | None = None,
) -> rx.Component:
    """Asks before what can't be undone. Escape and the first button keep things as they are.

    `title` names the thing (Cancel “Fall clearance”?), `confirm` the number (Cancel 5,310 texts).
    """
    keep_button = rx.alert_dialog.cancel(button(keep))
    confirm_button = button(
        confirm,
        kind="danger-solid" if danger else "primary",
        on_click=on_confirm,
        busy=busy,
        busy_label=busy_label,
    )
    content = rx.alert_dialog.content(
        rx.alert_dialog.title(title, class_name="dialog-title"),
        rx.alert_dialog.description(text, class_name="dialog-text"),
        rx.el.div(extra, class_name="dialog-body") if extra is not None else None,
        rx.el.div(keep_button, confirm_button, class_name="dialog-actions"),
        class_name="dialog",
    )
    # Escape and the first button both end here, once.
    return rx.alert_dialog.root(content, open=open, on_open_change=on_keep)


def form_actions(
    words: Content,
    *,
    on_close: Any,
    on_click: Any = None,
    close: Text = "Cancel",
    busy: Flag | None = None,
    busy_label: Text = "Saving…",
) -> tuple[rx.Component, rx.Component]:
    """The foot of a `form_dialog`: the way out first, then the button that submits the form.

    With `on_click` it does that instead, for a dialog that is no form.
    """
    return (
        button(close, on_click=on_close),
        button(
            words,
            kind="primary",
            busy=busy,
            busy_label=busy_label,
            **({"type": "submit"} if on_click is None else {"on_click": on_click}),
        ),
    )


def form_dialog(
    *body: Content,
    open: Flag,
    title: Content,
    on_close: Any,
    actions: tuple[rx.Component, ...] = (),
    text: Content | None = None,
    wide: bool = False,
    on_submit: Any = None,
    form_id: str | None = None,
) -> rx.Component:
    """A dialog with fields (440 px, `wide` 640).

    `on_close` is the event of Escape, the cross and a press outside. With `on_submit` the body is
    a form (`form_id` is its id), and the last of `actions` should be `button(…, type="submit")`.
    """
    fields = rx.el.div(*body, class_name="dialog-body")
    foot = rx.el.div(*actions, class_name="dialog-actions") if actions else None
    inner = (
        rx.el.form(fields, foot, on_submit=on_submit, **({"id": form_id} if form_id else {}))
        if on_submit is not None
        else rx.fragment(fields, foot)
    )
    head = rx.el.div(
        rx.dialog.title(title, class_name="dialog-title"),
        icon_button("x", "Close", kind="ghost", on_click=on_close),
        class_name="dialog-head",
    )
    content = rx.dialog.content(
        head,
        rx.dialog.description(text, class_name="dialog-text") if text is not None else None,
        inner,
        class_name=classes("dialog", wide and "wide"),
    )
    return rx.dialog.root(content, open=open, on_open_change=on_close)
