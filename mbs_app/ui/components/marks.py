"""Small marks: outcomes, swatches, badges of campaign states, chips, the live dot."""

from typing import Any, Literal

import reflex as rx

from mbs_app.ui.components.expressions import Content, Flag, Text, inline_style, js
from mbs_app.ui.components.icons import icon as draw_icon

Tone = Literal["", "good", "warn", "bad"]

OUTCOMES: dict[str, tuple[str, str, str]] = {
    "delivered": ("check_check", "Delivered", "Phone confirmed it"),
    "sent": ("check", "Sent", "Carrier has it, no receipt"),
    "sending": ("loader", "Sending", "Being handed over"),
    "pending": ("circle_dashed", "Pending", "Waiting its turn"),
    "unknown": ("circle_help", "Unknown", "Carrier never said"),
    "failed": ("circle_x", "Failed", "Will not arrive"),
    "skipped": ("circle_slash", "Skipped", "Left out on purpose"),
}
"""Icon, word and meaning, in the order every bar keeps."""

_CAMPAIGN_STATES: dict[str, tuple[str, str, str]] = {
    "draft": ("pencil", "Draft", ""),
    "scheduled": ("clock", "Scheduled", ""),
    "sending": ("", "Sending", "live"),
    "paused": ("pause", "Paused", "warn"),
    "sent": ("check", "Finished", ""),
    "cancelled": ("x", "Canceled", "bad"),
    "failed": ("circle_x", "Failed", "bad"),
}


def swatch(kind: str, *, wide: bool = False) -> rx.Component:
    """A square of an outcome's pattern ("failed") or of a plan's ("now", "later")."""
    pattern = f"p-{kind}" if kind in ("now", "later") else f"k-{kind}"
    return rx.el.i(class_name=f"swatch {pattern}{' wide' if wide else ''}", aria_hidden="true")


def outcome(status: Text, *, words: Content | None = None) -> rx.Component:
    """An outcome's icon and word; `words` says something else beside the same icon ("Oct 14")."""
    if isinstance(status, rx.Var):
        cases = [(key, _outcome(key, words)) for key in OUTCOMES]
        return rx.match(status, *cases, rx.fragment())
    return _outcome(status, words)


def outcome_word(status: str) -> str:
    """ "failed" → "Failed"."""
    return OUTCOMES[status][1]


def outcome_swatch(status: str) -> rx.Component:
    """Swatch and word, as in legends and ledger heads."""
    return rx.el.span(swatch(status), OUTCOMES[status][1], class_name="mark")


def campaign_badge(status: Text) -> rx.Component:
    """The badge of a campaign's state."""
    if isinstance(status, rx.Var):
        cases = [(key, _badge(*parts)) for key, parts in _CAMPAIGN_STATES.items()]
        return rx.match(status, *cases, rx.fragment())
    return _badge(*_CAMPAIGN_STATES[status])


def badge(
    words: Content, *, icon: str = "", tone: Literal["", "live", "warn", "bad"] = ""
) -> rx.Component:
    """A neutral or toned badge, for states other than a campaign's."""
    return _badge(icon, words, tone)


def mark(words: Content, *, icon: str, tone: Tone = "") -> rx.Component:
    """An icon and words: "Opted in", "Your choice"."""
    return rx.el.span(draw_icon(icon, 14), rx.el.span(words), class_name=f"mark {tone}".strip())


def saved_mark(words: Content) -> rx.Component:
    """A tick and words beside a title: "Saved 10:04 AM"."""
    return rx.el.span(draw_icon("check", 14), words, class_name="mark caption")


def group_chip(name: Text, color: Text) -> rx.Component:
    """A group's colour and name; `color` is a name of the palette ("teal")."""
    return rx.el.span(color_square(color), rx.el.span(name), class_name="group-chip", title=name)


def color_square(color: Text) -> rx.Component:
    """The 8 px square of a group's colour."""
    value = (
        js("'var(--group-' + $0 + ', var(--ink-3))'", color)
        if isinstance(color, rx.Var)
        else f"var(--group-{color}, var(--ink-3))"
    )
    return rx.el.i(class_name="square", aria_hidden="true", **inline_style(background=value))


def chips(*children: Content, loose: bool = False) -> rx.Component:
    """Chips beside each other, wrapping; `loose` leaves 8 px between them instead of 5."""
    return rx.el.div(*children, class_name="chips loose" if loose else "chips")


def filter_chip(
    name: Content, value: Content, *, on_remove: Any, on_open: Any = None, remove_label: Text = ""
) -> rx.Component:
    """A filter that is set: "State is **TX**" and a cross; pressing the words opens it again."""
    words: list[Content] = [rx.el.span(name), rx.el.b(value)]
    body = (
        rx.el.button(*words, type="button", class_name="chip-open", on_click=on_open)
        if on_open is not None
        else rx.fragment(*words)
    )
    cross = rx.el.button(
        draw_icon("x", 14),
        type="button",
        class_name="chip-x",
        aria_label=remove_label or "Remove this filter",
        on_click=on_remove,
    )
    return rx.el.span(body, cross, class_name="chip set")


def unset_chip(words: Content, *, icon: str = "plus", **props: Any) -> rx.Component:
    """A filter that can be set: dashed, with a plus. Often a menu's trigger."""
    return rx.el.button(
        draw_icon(icon), rx.el.span(words), type="button", class_name="chip unset", **props
    )


def count_chip(
    words: Content, count: Content | None = None, *, chosen: Flag = False, **props: Any
) -> rx.Component:
    """A choice with its count: "Expired **2**"; one of a row of them is chosen."""
    return rx.el.button(
        rx.el.span(words),
        rx.el.b(count) if count is not None else None,
        type="button",
        aria_pressed=rx.cond(chosen, "true", "false")
        if isinstance(chosen, rx.Var)
        else str(chosen).lower(),
        class_name="chip",
        **props,
    )


def live_indicator(*, age_seconds: int | rx.Var[int] = 0, offline_since: Text = "") -> rx.Component:
    """ "Live"; over 3 s old "Reconnecting, 4 s old"; with `offline_since` "Offline since 10:02 AM"."""
    live = rx.el.span(rx.el.i(), "Live", class_name="live-dot on")
    late = rx.el.span(rx.el.i(), f"Reconnecting, {age_seconds} s old", class_name="live-dot late")
    off = rx.el.span(rx.el.i(), f"Offline since {offline_since}", class_name="live-dot off")
    if not isinstance(age_seconds, rx.Var) and not isinstance(offline_since, rx.Var):
        return off if offline_since else late if age_seconds > 3 else live
    since = rx.Var.create(offline_since)
    age = rx.Var.create(age_seconds)
    return rx.cond(since != "", off, rx.cond(age > 3, late, live))


def avatar(initials: Text) -> rx.Component:
    """Two letters in a tinted square."""
    return rx.el.span(initials, class_name="avatar", aria_hidden="true")


def _outcome(status: str, words: Content | None) -> rx.Component:
    icon_name, word, meaning = OUTCOMES[status]
    shown: Content = word if words is None else words
    hidden = rx.el.span(f"{word}: ", class_name="visually-hidden") if words is not None else None
    return rx.el.span(
        draw_icon(icon_name, 14),
        rx.el.span(hidden, shown),
        class_name=f"outcome {status}",
        title=meaning,
    )


def _badge(icon_name: str, words: Content, tone: str) -> rx.Component:
    picture = draw_icon(icon_name, 12) if icon_name else None
    if not icon_name and tone == "live":
        picture = swatch("sending")
    return rx.el.span(picture, rx.el.span(words), class_name=f"badge {tone}".strip())
