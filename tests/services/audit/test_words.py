"""Sentences: every action that is recorded anywhere has words, and they read well."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mbs_app.services.audit import ACTS, GROUP_WORDS, words
from mbs_app.services.audit.words import Part
from mbs_app.settings import PROJECT_ROOT

# What these hand on to ``record`` they get as a literal from their callers.
HANDED_ON = {("mbs_app/delivery/launch.py", "_move")}


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((PROJECT_ROOT / "mbs_app").rglob("*.py")):
        yield path.relative_to(PROJECT_ROOT), ast.parse(path.read_text())


def _recorded() -> dict[str, str]:
    """Every action that some call records, and where; a call whose action can't be read fails the test."""
    found: dict[str, str] = {}
    for path, module in _modules():
        constants = {
            target.id: node.value.value
            for node in module.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in _calls(module):
            name = _name(call)
            handed_on = (str(path), name) in HANDED_ON
            if not (handed_on or _records(call, path)):
                continue
            for action in _actions(call, constants, f"{path}:{call.lineno}"):
                found[action] = f"{path}:{call.lineno}"
    return found


def _calls(module: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _records(call: ast.Call, path: Path) -> bool:
    if isinstance(call.func, ast.Attribute):
        owner = call.func.value
        return call.func.attr == "record" and isinstance(owner, ast.Name) and owner.id == "audit"
    return _name(call) == "record" and "services/audit" in str(path)


def _actions(call: ast.Call, constants: dict[str, object], where: str) -> list[str]:
    given = call.args[2:3] or [word.value for word in call.keywords if word.arg == "action"]
    assert given, f"{where} records no action"
    choices = [given[0].body, given[0].orelse] if isinstance(given[0], ast.IfExp) else given
    actions = []
    for choice in choices:
        if isinstance(choice, ast.Constant):
            actions.append(str(choice.value))
        elif isinstance(choice, ast.Name) and choice.id in constants:
            actions.append(str(constants[choice.id]))
        elif not (isinstance(choice, ast.Name) and where.startswith("mbs_app/delivery/launch.py")):
            raise AssertionError(f"{where}: write the action as a literal, so that it can be found")
    return actions


def test_every_action_that_is_recorded_has_words() -> None:
    without = {action: where for action, where in _recorded().items() if action not in ACTS}
    assert without == {}, "add them to ACTS in mbs_app/services/audit/words.py"


def test_no_words_are_left_of_what_is_recorded_no_more() -> None:
    assert set(ACTS) - set(_recorded()) == set()


def test_every_group_has_words_and_something_in_it_or_will() -> None:
    assert set(GROUP_WORDS) == set(words.ActGroup)
    assert {act.group for act in ACTS.values()} <= set(GROUP_WORDS)


def test_the_rows_are_well_made() -> None:
    for action, act in ACTS.items():
        noun, _, verb = action.partition(".")
        assert noun and verb, action
        said = words.told(words.sentence(act, "Maya", "", {}))
        assert not set("{}[]") & set(said), (action, said)
        assert "  " not in said and said == said.strip(), (action, said)


@pytest.mark.parametrize(
    ("action", "subject", "details", "expected"),
    [
        ("account.create", "Jordan Bell", {"role": "admin"},
         "Maya made an account for Jordan Bell with the role admin"),
        ("account.create", "", {}, "Maya made an account for somebody"),
        ("campaign.pause", "“Sale”", {"reason": "Carrier blocked it as spam"},
         "Maya paused “Sale”: Carrier blocked it as spam"),
        ("campaign.pause", "“Sale”", {}, "Maya paused “Sale”"),
        ("campaign.pause", "“Sale”", {"reason": ""}, "Maya paused “Sale”"),
        ("campaign.launch", "", {}, "Maya pressed Send for a campaign"),
        ("customers.delete", "", {"people": 1}, "Maya deleted 1 customer"),
        ("customers.delete", "", {"people": 12_000}, "Maya deleted 12,000 customers"),
        ("user.change_role", "Jordan Bell", {"before": "user", "after": "admin"},
         "Maya changed the role of Jordan Bell from marketer to admin"),
        ("import.start", "“october.csv”", {"rows": 412}, "Maya imported “october.csv”, 412 rows"),
    ],
)  # fmt: skip
def test_a_sentence_leaves_out_what_it_does_not_know(
    action: str, subject: str, details: dict[str, object], expected: str
) -> None:
    assert words.told(words.sentence(ACTS[action], "Maya", subject, details)) == expected


def test_names_stand_out() -> None:
    parts = words.sentence(ACTS["account.create"], "Maya", "Jordan", {})
    assert parts == [
        Part("Maya", strong=True),
        Part(" "),
        Part("made an account for "),
        Part("Jordan", strong=True),
    ]


def test_details_cannot_break_out_of_their_place() -> None:
    details = {"reason": "{subject} [x] {people|a|b}"}
    said = words.told(words.sentence(ACTS["campaign.pause"], "Maya", "“Sale”", details))
    assert said == "Maya paused “Sale”: {subject} [x] {people|a|b}"


def test_programs_act_as_mbs_and_strangers_as_somebody() -> None:
    refused = ACTS["session.refuse"]
    assert words.who_words(None, "sign-in", refused) == "Somebody"
    assert words.who_words(None, "worker", ACTS["campaign.pause"]) == "MBS"
    assert "command line" in words.who_words(None, "command line", ACTS["account.create"])
    assert words.who_words("an id", "Maya Okafor", refused) == "Maya Okafor"


def test_an_action_of_an_older_version_still_has_a_sentence() -> None:
    act = words.act_of("gadget.frob")
    assert words.told(words.sentence(act, "Maya", "", {})) == "Maya did “gadget.frob”"


def test_details_are_told_in_plain_words() -> None:
    told = words.detail_words(
        {
            "file_name": "october.csv",
            "rows": 12_406,
            "price_per_segment_micros": 7900,
            "reason": "opted_out",
            "expires_at": "2027-02-01T06:30:00+00:00",
            "day": "2027-02-01",
            "kept": True,
            "before": {"label": "Old", "rows": 2},
            "states": ["TX", "OK"],
            "empty": "",
        }
    )
    assert told == [
        ("File", "october.csv"),
        ("Rows", "12,406"),
        ("Price of a segment", "$0.0079"),
        ("Reason", "Opted out"),
        ("Expires at", "2027-02-01 06:30 UTC"),
        ("Day", "2027-02-01"),
        ("Kept", "Yes"),
        ("Before", "Label: Old; Rows: 2"),
        ("States", "TX, OK"),
    ]
