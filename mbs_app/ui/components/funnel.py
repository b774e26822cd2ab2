"""From audience to phone: streams as thick as they are many, drop-offs peeling down."""

from typing import Any

import reflex as rx

from mbs_app.ui.components.expressions import Content, Count, Text, inline_style, js
from mbs_app.ui.components.funnel_shape import FunnelShape
from mbs_app.ui.components.wording import commas, percent

_WORDS = {
    "skipped": "skipped",
    "pending": "still to go",
    "sent": "sent, no receipt yet",
    "failed": "failed",
    "unknown": "unknown",
}
_COLUMN = {"skipped": "25%", "pending": "50%", "sent": "75%", "failed": "75%", "unknown": "75%"}


def funnel(
    shape: "FunnelShape | rx.Var[FunnelShape]",
    *,
    moving: bool | rx.Var[bool] = False,
    per_second: float | rx.Var[float] = 0.0,
) -> rx.Component:
    """The funnel for a `funnel_shape(counts)`; dots flow while `moving`, at the real rate.

    On a phone it is four bars instead.
    """
    shape_var = shape if isinstance(shape, rx.Var) else rx.Var.create(shape)
    wide = rx.el.div(
        rx.el.div(*_heads(shape_var), class_name="funnel-heads"),
        _drawing(shape_var, moving, per_second),
        class_name="funnel only-wide",
    )
    return rx.el.div(wide, _four_bars(shape_var), role="group", aria_label="From audience to phone")


def _heads(shape: Any) -> list[rx.Component]:
    return [
        _head("Audience", shape.audience, "everyone picked"),
        _head("Can receive", shape.can_receive, percent(shape.can_receive, shape.audience)),
        _head("Handed to carrier", shape.handed, _so_far(shape.handed, shape.can_receive, shape)),
        _head("Delivered", shape.delivered, _so_far(shape.delivered, shape.handed, shape)),
    ]


def _so_far(part: Count, whole: Count, shape: Any) -> Content:
    return rx.fragment(percent(part, whole), rx.cond(shape.still_to_go > 0, " so far", ""))


def _head(words: str, number: Count, beside: Content) -> rx.Component:
    return rx.el.div(
        rx.el.span(words, class_name="funnel-words"),
        rx.el.span(rx.el.b(commas(number)), rx.el.span(beside), class_name="funnel-number"),
    )


def _drawing(shape: Any, moving: Any, per_second: Any) -> rx.Component:
    # One dot's way takes between 2 s (a fast campaign) and 12 s (a text now and then).
    seconds = js("(Math.min(12, Math.max(2, 60 / Math.max($0, 0.1)))).toFixed(1) + 's'", per_second)
    flowing = rx.cond(moving, "band dots flowing", "band dots")
    ribbons = rx.el.svg(
        rx.foreach(
            shape.streams,
            lambda stream: rx.el.svg.path(d=stream.path, class_name=f"ribbon r-{stream.kind}"),
        ),
        view_box=js("'0 0 1000 ' + $0", shape.height),
        custom_attrs={"preserveAspectRatio": "none"},
        aria_hidden="true",
    )
    return rx.el.div(
        ribbons,
        _band("band b1", "0%", shape.can_receive_height),
        _band(flowing, "25%", shape.handed_height, animationDuration=seconds),
        _band(
            rx.cond(moving, "band b3 dots flowing", "band b3 dots"),
            "50%",
            shape.delivered_height,
            animationDuration=seconds,
        ),
        _band("band b4", "75%", shape.delivered_height),
        _bar("0%", shape.audience_height),
        _bar("25%", shape.can_receive_height),
        _bar("50%", shape.handed_height),
        rx.foreach(shape.streams, _end),
        class_name="funnel-drawing",
        **inline_style(height=_px(shape.height)),
    )


def _band(name: Text, left: str, height: Any, **more: Any) -> rx.Component:
    return rx.el.div(class_name=name, **inline_style(left=left, height=_px(height), **more))


def _bar(left: str, height: Any) -> rx.Component:
    return rx.el.div(class_name="node", **inline_style(left=left, height=_px(height)))


def _end(stream: Any) -> rx.Component:
    left = rx.match(stream.kind, *_COLUMN.items(), "75%")
    words = rx.match(stream.kind, *_WORDS.items(), "")
    return rx.el.div(
        rx.el.i(class_name=f"cap c-{stream.kind}", **inline_style(height=_px(stream.height))),
        rx.el.span(commas(stream.people), " ", words),
        class_name="funnel-end",
        **inline_style(left=left, top=_px(stream.top), minHeight=_px(stream.height)),
    )


def _four_bars(shape: Any) -> rx.Component:
    skipped = shape.audience - shape.can_receive
    waiting_for_receipt = shape.handed - shape.delivered
    lines = [
        ("Audience", "", shape.audience, "f1"),
        ("Can receive", rx.fragment(commas(skipped), " skipped"), shape.can_receive, "f2"),
        (
            "Handed to carrier",
            rx.fragment(commas(shape.still_to_go), " still to go"),
            shape.handed,
            "f3",
        ),
        (
            "Delivered",
            rx.fragment(commas(waiting_for_receipt), " not confirmed"),
            shape.delivered,
            "f4",
        ),
    ]
    return rx.el.div(
        *(_phone_bar(*line, shape.audience) for line in lines), class_name="funnel-bars only-phone"
    )


def _phone_bar(
    words: str, beside: Content, number: Count, name: str, audience: Count
) -> rx.Component:
    return rx.el.div(
        rx.el.span(words, " ", rx.el.span(beside, class_name="caption")),
        rx.el.b(commas(number)),
        rx.el.i(class_name=name, **inline_style(width=percent(number, audience))),
    )


def _px(number: Any) -> Text:
    return js("$0 + 'px'", number)
