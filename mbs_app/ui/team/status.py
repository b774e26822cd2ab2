"""The mark of an account's status: an icon and a word."""

from __future__ import annotations

from typing import Any

import reflex as rx

from mbs_app.ui.components.marks import mark

MARKS = (
    ("pending", "clock"),
    ("approved", "circle_check"),
    ("suspended", "ban"),
    ("rejected", "circle_x"),
)


def status_mark(status: Any, words: Any) -> rx.Component:
    cases = [
        (key, rx.el.span(mark(words, icon=icon), class_name=f"user-state {key}"))
        for key, icon in MARKS
    ]
    return rx.match(status, *cases, rx.fragment())
