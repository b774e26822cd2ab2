from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.time_words import is_zone
from mbs_app.domain.usa import (
    STATE_NAMES,
    STATE_ZONES,
    normalise_state,
    state_code,
    state_name,
    state_zone,
    state_zones,
)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("TX", "TX"),
        ("tx", "TX"),
        ("Texas", "TX"),
        ("  texas ", "TX"),
        ("Tex.", "TX"),
        ("US-TX", "TX"),
        ("CA", "CA"),
        ("CA-QC", "QC"),
        ("Québec", "QC"),
        ("N.Y.", None),
        ("new york", "NY"),
        ("D.C.", "DC"),
        ("Washington, DC", None),
        ("Washington D.C.", "DC"),
        ("Washington", "WA"),
        ("Bayern", None),
        ("", None),
    ],
)
def test_codes(value: str, code: str | None) -> None:
    assert state_code(value) == code


def test_unknown_states_stay_as_they_came() -> None:
    assert normalise_state(" Bayern ") == "Bayern"
    assert normalise_state("oklahoma") == "OK"
    assert state_name("TX") == "Texas"
    assert state_name("Bayern") == "Bayern"


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(value: str) -> None:
    assert normalise_state(normalise_state(value)) == normalise_state(value)


def test_fifty_states_the_district_the_territories_and_thirteen_provinces() -> None:
    assert len(STATE_NAMES) == 50 + 1 + 5 + 13
    assert all(state_code(name) == code for code, name in STATE_NAMES.items())


def test_every_state_has_zones_that_exist() -> None:
    assert all(zones and all(map(is_zone, zones)) for zones in STATE_ZONES.values())


def test_the_zone_most_people_live_in_comes_first() -> None:
    assert state_zone("Tennessee") == "America/Chicago"
    assert state_zones("TN") == ("America/Chicago", "America/New_York")
    assert state_zone("TX") == "America/Chicago"
    assert state_zone("Bayern") is None
