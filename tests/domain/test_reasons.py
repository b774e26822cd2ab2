from __future__ import annotations

from mbs_app.domain.reasons import (
    SKIP_WORDS,
    SUPPRESSION_WORDS,
    skip_words,
    suppression_words,
)
from mbs_app.domain.vocabulary import SkipReason, SuppressionReason


def test_every_reason_has_words() -> None:
    assert set(SKIP_WORDS) == set(SkipReason)
    assert set(SUPPRESSION_WORDS) == set(SuppressionReason)


def test_words_come_from_the_stored_value_too() -> None:
    assert skip_words("opted_out") == skip_words(SkipReason.OPTED_OUT) == "Opted out"
    assert skip_words("cannot_receive") == "Can’t get texts"
    assert skip_words("something new") == skip_words(None) == "Left out"
    assert suppression_words("stop_reply") == "Replied STOP"
    assert suppression_words("") == "Not to be sent to"
