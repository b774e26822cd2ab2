from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.plain_letters import PlainText, suggest, to_gsm7, without_accents
from mbs_app.domain.segments import GSM7, measure


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("It’s “on” – now…", 'It\'s "on" - now...'),
        ("a\xa0b\u2009c", "a b c"),
        ("«Soldes»", '"Soldes"'),
        ("`tick`", "'tick'"),
        ("• one\n• two", "- one\n- two"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("cafe\u0301", "café"),
        ("plain", "plain"),
        ("Zoë 👋", "Zoë 👋"),
        ("€5 ~ {x}", "€5 ~ {x}"),
    ],
)
def test_typographic_letters_get_their_equals_and_nothing_else_does(text: str, plain: str) -> None:
    assert to_gsm7(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Zoë", "Zoe"),
        ("Café Ñandú", "Café Ñandu"),
        ("Łukasz Œuvre", "Lukasz OEuvre"),
        ("João’s", "Joao's"),
        ("漢字 👋", "漢字 👋"),
    ],
)
def test_accents_go_only_where_gsm7_lacks_them(text: str, plain: str) -> None:
    assert without_accents(text) == plain


def test_a_suggestion_says_what_changed_and_what_still_needs_unicode() -> None:
    assert suggest("It’s Zoë…") == PlainText("It's Zoë...", ("’", "…"), ("ë",))
    assert suggest("It's fine") is None
    assert suggest("Zoë") is None


@given(st.text(max_size=200))
def test_replacing_settles_and_never_adds_unicode(text: str) -> None:
    for change in (to_gsm7, without_accents):
        plain = change(text)
        assert change(plain) == plain
        if GSM7.issuperset(text):
            assert plain == text
    assert set(measure(without_accents(text)).unicode_letters) <= set(
        measure(to_gsm7(text)).unicode_letters
    )
