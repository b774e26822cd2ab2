from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.names import MAX_KEY_LENGTH, attribute_key, field_label, fold


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Pts Balance", "pts_balance"),
        ("pts_balance", "pts_balance"),
        ("lastVisit", "last_visit"),
        ("Cell #", "cell"),
        ("Straße / Nr.", "strasse_nr"),
        ("Prénom", "prenom"),
        ("  ", ""),
        ("2nd visit", "field_2nd_visit"),
        ("漢字", ""),
        ("x" * 80, "x" * MAX_KEY_LENGTH),
        ("ID", "id"),
    ],
)
def test_keys_of_headings(heading: str, key: str) -> None:
    assert attribute_key(heading) == key


@given(st.text(max_size=100))
def test_a_key_is_empty_or_an_identifier_and_stays_itself(heading: str) -> None:
    key = attribute_key(heading)
    assert key == "" or re.fullmatch(r"[a-z][a-z0-9_]{0,39}", key)
    assert attribute_key(key) == key


def test_folding_drops_accents_and_case_but_keeps_other_scripts() -> None:
    assert fold("ÉCLAIR Łódź Größe") == "eclair lodz grosse"
    assert fold("Имя") == "имя"


def test_labels() -> None:
    assert field_label("pts_balance") == "Pts balance"
    assert field_label("") == ""
