"""The system overview's words: the whole in one, and what comes first."""

from __future__ import annotations

import pytest

from mbs_app.services.messages import Reason
from mbs_app.services.system import Check, State
from mbs_app.ui.system import rows

HEALTHY, LOOK, BROKEN = State.HEALTHY, State.LOOK, State.BROKEN


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([], "Healthy"),
        ([HEALTHY, HEALTHY], "Healthy"),
        ([HEALTHY, LOOK], "1 thing to look at"),
        ([LOOK, LOOK, HEALTHY], "2 things to look at"),
        ([LOOK, BROKEN], "1 thing is broken"),
        ([BROKEN, BROKEN, LOOK], "2 things are broken"),
    ],
)
def test_the_whole_is_one_sentence(states: list[State], words: str) -> None:
    checks = [Check(str(number), "Label", "", state) for number, state in enumerate(states)]
    assert rows.standing(rows.check_rows("Queue", checks)).words == words


def test_the_broken_comes_first_and_the_healthy_not_at_all() -> None:
    checks = [Check("a", "A", "", LOOK), Check("b", "B", ""), Check("c", "C", "", BROKEN)]
    found = rows.attention(rows.check_rows("Mail", checks))
    assert [(row.part, row.label) for row in found] == [("Mail", "C"), ("Mail", "A")]


def test_a_part_that_cannot_be_read_is_broken_and_says_so() -> None:
    (row,) = rows.unreadable("Storage")
    assert row.state == BROKEN and row.advice and row.value == "Can’t be read"


def test_failures_have_their_share_of_what_was_handed_over() -> None:
    found = rows.failure_rows([Reason("Opted out", 5, 21610), Reason("Other", 1)], 10_000)
    assert [(row.code, row.share) for row in found] == [("21610", "0.1%"), ("", "<0.1%")]
