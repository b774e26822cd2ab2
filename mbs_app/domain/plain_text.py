"""Texts as they are kept."""

from __future__ import annotations


def clean_text(text: str) -> str:
    """``text`` with one kind of line end and nothing that a database refuses.

    Half a surrogate pair goes too: a text field that cuts off at its longest may leave one.
    """
    one_line_end = text.replace("\r\n", "\n").replace("\r", "\n")
    return one_line_end.replace("\x00", "").encode("utf-8", "ignore").decode()
