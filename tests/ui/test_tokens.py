"""Text has at least 4.5:1 against what it stands on, edges of controls 3:1, in both themes (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "assets" / "tokens.css").read_text()
GROUNDS = ("--bg", "--bg-sunken", "--bg-raised", "--bg-hover")


def tokens(dark: bool) -> dict[str, str]:
    blocks = re.findall(r"([^{}]+)\{([^{}]*)\}", CSS)
    found: dict[str, str] = {}
    for selector, body in blocks:
        if ":root" not in selector or (".dark" in selector and not dark):
            continue
        found |= dict(re.findall(r"(--[\w-]+):(#[0-9A-Fa-f]{6})\b", body))
    return found


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", ["--ink", "--ink-2", "--ink-3", "--teal-11", "--o-failed-ink"])
def test_words_can_be_read(dark: bool, ground: str, ink: str) -> None:
    values = tokens(dark)
    assert contrast(values[ink], values[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("--teal-contrast", "--teal-9"),
        ("--teal-contrast", "--teal-10"),
        ("--teal-12", "--teal-3"),
        ("--teal-11", "--teal-3"),
        ("--o-unknown-ink", "--o-unknown-bg"),
        ("--o-failed-ink", "--o-failed-bg"),
        ("--ink-2", "--bg-active"),
    ],
)
def test_words_on_tints_can_be_read(dark: bool, ink: str, ground: str) -> None:
    values = tokens(dark)
    assert contrast(values[ink], values[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_edges_of_controls_can_be_seen(dark: bool) -> None:
    values = tokens(dark)
    assert contrast(values["--control"], values["--bg"]) >= 3
    for name in (name for name in values if name.startswith("--group-")):
        assert contrast(values[name], values["--bg"]) >= 3
