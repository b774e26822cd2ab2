"""The colours of groups."""

from __future__ import annotations

from mbs_app.domain.palette import COLOR_NAMES, next_color
from mbs_app.settings import PROJECT_ROOT


def test_the_colour_used_least_comes_next() -> None:
    assert next_color([]) == COLOR_NAMES[0]
    assert next_color([COLOR_NAMES[0]]) == COLOR_NAMES[1]
    assert next_color(list(COLOR_NAMES)) == COLOR_NAMES[0]


def test_every_colour_has_a_value_in_both_themes() -> None:
    tokens = (PROJECT_ROOT / "assets" / "tokens.css").read_text()
    for name in COLOR_NAMES:
        assert tokens.count(f"--group-{name}:") == 2
