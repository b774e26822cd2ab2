from __future__ import annotations

import pytest

from mbs_app.domain.carrier_codes import CodeAction, explain, known_codes


@pytest.mark.parametrize(
    ("code", "words", "action"),
    [
        (30005, "Number no longer in service", CodeAction.SUPPRESS_NUMBER),
        (30003, "Phone off or out of reach", CodeAction.RETRY_LATER),
        (30007, "Carrier blocked it as spam", CodeAction.PAUSE_CAMPAIGN),
        (30006, "Landline, can’t get texts", CodeAction.SUPPRESS_NUMBER),
        (30008, "Carrier error, no detail given", CodeAction.NONE),
        (21610, "Opted out", CodeAction.SUPPRESS_OPT_OUT),
        (21211, "Not a valid number", CodeAction.SUPPRESS_NUMBER),
        (21614, "Not a mobile number", CodeAction.SUPPRESS_NUMBER),
        (21408, "Texts to this country are switched off", CodeAction.PAUSE_CAMPAIGN),
        (30034, "Sender is not registered for texts", CodeAction.PAUSE_CAMPAIGN),
        (30001, "Queue for the sending number is full", CodeAction.SLOW_DOWN),
        (21611, "Queue for the sending number is full", CodeAction.SLOW_DOWN),
        (20429, "Too many texts at once", CodeAction.SLOW_DOWN),
        (14107, "Too many texts between two numbers", CodeAction.NONE),
        (20003, "Twilio refused our sign-in", CodeAction.PAUSE_CAMPAIGN),
        (30036, "Waited too long to be sent", CodeAction.NONE),
        (63038, "Daily limit of the account reached", CodeAction.PAUSE_CAMPAIGN),
        (21617, "Text is too long", CodeAction.NONE),
    ],
)
def test_codes_in_plain_words(code: int, words: str, action: CodeAction) -> None:
    meaning = explain(code)
    assert (meaning.code, meaning.words, meaning.action) == (code, words, action)


@pytest.mark.parametrize(
    "code",
    [21602, 21606, 21612, 30002, 30004, 30022, 30023, 30410],
)
def test_these_are_known_too(code: int) -> None:
    assert code in known_codes()


def test_only_a_phone_that_was_off_is_worth_a_second_text() -> None:
    # Anything less certain, a carrier's time-out above all, could put the same text on a phone twice.
    assert [code for code in known_codes() if explain(code).action is CodeAction.RETRY_LATER] == [
        30003
    ]


@pytest.mark.parametrize("code", [30410, 30450, 30453])
def test_trouble_with_one_number_neither_repeats_nor_pauses(code: int) -> None:
    assert explain(code).action is CodeAction.NONE


@pytest.mark.parametrize("code", [30454, 30485])
def test_codes_whose_meaning_is_not_certain_change_nothing(code: int) -> None:
    assert explain(code).words == "Carrier error, no detail given"
    assert explain(code).action is CodeAction.NONE


def test_a_code_nobody_knows_is_a_carrier_error_and_keeps_its_number() -> None:
    assert explain(39999).words == "Carrier error, no detail given"
    assert explain(39999).code == 39999
    assert explain(None).action is CodeAction.NONE


def test_every_code_has_words_advice_and_a_sane_threshold() -> None:
    assert len(known_codes()) == len(set(known_codes()))
    for code in known_codes():
        meaning = explain(code)
        assert meaning.words
        assert not meaning.words.endswith(".")
        assert meaning.advice.endswith(".")
        assert meaning.pause_after >= 1
        assert "!" not in meaning.words + meaning.advice
