"""What counts as telling people how to opt out."""

from __future__ import annotations

import pytest

from mbs_app.domain.opt_out_line import says_how_to_opt_out, with_opt_out_line


@pytest.mark.parametrize(
    "text",
    [
        "Reply STOP to opt out",
        "Sale on Friday. reply stop to end.",
        "Txt STOP 2 quit",
        "STOP to end",
        "Text QUIT to unsubscribe",
        "To opt-out, reply stop",
        "Reply with STOP to cancel",
    ],
)
def test_the_usual_lines_are_known(text: str) -> None:
    assert says_how_to_opt_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Stop by on Friday",
        "Reply YES to book",
        "Reply now. The sale will end soon",
        "Non-stop fun",
    ],
)
def test_other_uses_of_the_words_are_not(text: str) -> None:
    assert not says_how_to_opt_out(text)


@pytest.mark.parametrize(
    ("text", "with_line"),
    [
        ("", "Reply STOP to opt out"),
        ("Sale on Friday.", "Sale on Friday. Reply STOP to opt out"),
        ("Sale on Friday \n", "Sale on Friday. Reply STOP to opt out"),
        ("Sale! Text STOP to end", "Sale! Text STOP to end"),
    ],
)
def test_the_line_is_added_once(text: str, with_line: str) -> None:
    assert with_opt_out_line(text) == with_line
    assert with_opt_out_line(with_line) == with_line
