"""The confirmations: they name the business, sell nothing, and fit one segment."""

from __future__ import annotations

import pytest

from mbs_app.domain.consent_replies import reply_to
from mbs_app.domain.consent_words import Keyword
from mbs_app.domain.segments import measure


@pytest.mark.parametrize("keyword", list(Keyword))
@pytest.mark.parametrize(
    "business", ["", "Lakeline Plaza", "The {Very} Long Name of a Business Indeed, Inc"]
)
def test_a_confirmation_fits_one_segment(keyword: Keyword, business: str) -> None:
    reply = reply_to(keyword, business)
    assert measure(reply).segments == 1
    assert reply[0].isalpha()
    assert reply.startswith(business[:30].rstrip())


def test_stop_says_how_to_come_back_and_start_how_to_leave() -> None:
    assert "START" in reply_to(Keyword.STOP, "A")
    assert "STOP" in reply_to(Keyword.START, "A")
    assert "STOP" in reply_to(Keyword.HELP, "A")
