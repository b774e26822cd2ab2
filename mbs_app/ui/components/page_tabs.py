"""Tabs that are pages of their own: links, the page one is on marked."""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx

from mbs_app.ui.components.expressions import Content, Text
from mbs_app.ui.components.links import anchor


def page_tabs(pages: Sequence[tuple[Content, str]], *, active: str, label: Text) -> rx.Component:
    """``pages`` are (words, address); ``active`` is the address one is at."""
    links = [
        anchor(words, href=href, aria_current="page" if href == active else "false")
        for words, href in pages
    ]
    return rx.el.nav(*links, aria_label=label, class_name="tabs page-tabs")
