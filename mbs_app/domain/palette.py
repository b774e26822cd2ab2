"""The colours a group can have. Their values are the CSS variables ``--group-<name>``."""

from __future__ import annotations

from typing import NamedTuple


class GroupColor(NamedTuple):
    """``name`` is stored, ``label`` is what the picker says to those who can't see it."""

    name: str
    label: str


GROUP_COLORS = (
    GroupColor("teal", "Teal"),
    GroupColor("amber", "Amber"),
    GroupColor("brown", "Brown"),
    GroupColor("blue", "Blue"),
    GroupColor("pink", "Pink"),
    GroupColor("olive", "Olive"),
    GroupColor("indigo", "Indigo"),
    GroupColor("violet", "Violet"),
    GroupColor("sky", "Sky"),
    GroupColor("slate", "Slate"),
)
COLOR_NAMES = tuple(color.name for color in GROUP_COLORS)
DEFAULT_COLOR = COLOR_NAMES[0]


def next_color(used: list[str]) -> str:
    """The colour used least so far, the first of the palette among equals."""
    return min(COLOR_NAMES, key=lambda name: (used.count(name), COLOR_NAMES.index(name)))
