"""Where somebody stands."""

from __future__ import annotations

import pytest

from mbs_app.domain.consent_state import STATE_WORDS, ConsentState, state_of


@pytest.mark.parametrize(
    ("reasons", "yes", "state"),
    [
        ([], False, ConsentState.NO_RECORD),
        ([], True, ConsentState.OPTED_IN),
        (["stop_reply"], True, ConsentState.OPTED_OUT),
        (["carrier_opt_out"], True, ConsentState.OPTED_OUT),
        (["cannot_receive", "recorded"], True, ConsentState.OPTED_OUT),
        (["cannot_receive"], True, ConsentState.CANNOT_RECEIVE),
        (["bounced"], True, ConsentState.OPTED_IN),
    ],
)
def test_an_opt_out_outweighs_all_else(reasons: list[str], yes: bool, state: ConsentState) -> None:
    assert state_of(reasons, ever_opted_in=yes) == state


def test_every_state_has_words() -> None:
    assert set(STATE_WORDS) == set(ConsentState)
