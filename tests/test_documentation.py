"""What the documents say is there is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mbs_app.cli import cli
from mbs_app.settings import PROJECT_ROOT, Settings

VARIABLES = sorted(name.upper() for name in Settings.model_fields)
DOCUMENTS = sorted(
    [PROJECT_ROOT / "README.md", PROJECT_ROOT / "CHANGELOG.md", *PROJECT_ROOT.glob("docs/**/*.md")]
)
README = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")


def test_each_variable_is_in_the_example_and_nothing_else() -> None:
    example = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == VARIABLES


def test_each_variable_is_in_the_readmes_table() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)
    assert sorted(listed) == VARIABLES


def test_each_command_is_in_the_readme() -> None:
    names = [one.name or one.callback.__name__ for one in cli.registered_commands if one.callback]
    missing = [name for name in names if f"python3 -m mbs_app {name}" not in README]
    assert missing == []


def test_each_target_of_make_is_in_the_readme() -> None:
    makefile = (PROJECT_ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) - {"help"}
    assert {target for target in targets if f"`make {target}`" not in README} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_within_the_project_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["architecture.md", "security.md", "security-rules.md"])
def test_files_that_are_named_are_there(name: str) -> None:
    named = _named_paths((PROJECT_ROOT / "docs" / name).read_text(encoding="utf-8"))
    assert len(named) > 10
    places = (PROJECT_ROOT, PROJECT_ROOT / "mbs_app")
    gone = [path for path in named if not any((place / path).exists() for place in places)]
    assert gone == []


def _named_paths(text: str) -> list[str]:
    """What stands in backticks and reads as a file or folder of the project, outside of code blocks."""
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    spans = re.findall(r"`([\w./-]+)`", prose)
    files = re.compile(r".+\.(css|js|lock|md|py|toml|txt)")
    return [span for span in spans if span[0] != "/" and ("/" in span or files.fullmatch(span))]


def test_decisions_are_numbered_without_a_gap_and_short() -> None:
    decisions = sorted((PROJECT_ROOT / "docs" / "adr").glob("*.md"))
    for number, path in enumerate(decisions, 1):
        text = path.read_text(encoding="utf-8")
        assert path.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        assert len(text.split()) < 400
