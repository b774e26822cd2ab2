from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.person_names import split_city_state, split_full_name


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Rosa Delgado", "Rosa", "Delgado"),
        ("Delgado, Rosa", "Rosa", "Delgado"),
        ("  Rosa   Delgado ", "Rosa", "Delgado"),
        ("Rosa", "Rosa", ""),
        ("", "", ""),
        ("Mary Ann Smith", "Mary Ann", "Smith"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Maria de la Cruz", "Maria", "de la Cruz"),
        ("de la Cruz, Maria", "Maria", "de la Cruz"),
        ("Dr. Hannah Nguyen", "Hannah", "Nguyen"),
        ("Mr. and Mrs", "and", "Mrs"),
        ("Dr.", "Dr.", ""),
        ("Nguyen, Dr. Hannah", "Hannah", "Nguyen"),
        ("John Smith Jr.", "John", "Smith Jr."),
        ("John Smith, Jr.", "John", "Smith Jr."),
        ("Smith, ", "", "Smith"),
        ("Van Morrison", "Van", "Morrison"),
    ],
)
def test_full_names(name: str, first: str, last: str) -> None:
    assert split_full_name(name) == (first, last)


@given(st.text(max_size=60))
def test_any_name_can_be_split_and_no_letter_is_invented(name: str) -> None:
    first, last = split_full_name(name)
    assert set((first + last).replace(" ", "")) <= set(name)


@pytest.mark.parametrize(
    ("place", "city", "state"),
    [
        ("Austin TX", "Austin", "TX"),
        ("Austin, TX", "Austin", "TX"),
        ("Austin,TX", "Austin", "TX"),
        ("austin tx", "austin", "TX"),
        ("Austin, Texas", "Austin", "TX"),
        ("Austin Texas", "Austin", "TX"),
        ("Austin, TX 78704", "Austin", "TX"),
        ("Austin TX 78704-1234", "Austin", "TX"),
        ("Austin, TX 78704, USA", "Austin", "TX"),
        ("Oklahoma City OK", "Oklahoma City", "OK"),
        ("New York, NY", "New York", "NY"),
        ("New York", "New York", ""),
        ("New York New York", "New York", "NY"),
        ("Charleston West Virginia", "Charleston", "WV"),
        ("Toronto, ON M5V 2T6", "Toronto", "ON"),
        ("Texas", "Texas", ""),
        ("Austin", "Austin", ""),
        ("Berlin, Germany", "Berlin, Germany", ""),
        ("Villa de Al", "Villa de Al", ""),
        ("", "", ""),
    ],
)
def test_city_and_state(place: str, city: str, state: str) -> None:
    assert split_city_state(place) == (city, state)


@given(st.text(max_size=60))
def test_any_place_can_be_split(place: str) -> None:
    city, state = split_city_state(place)
    assert state == "" or len(state) == 2
    assert city == city.strip()
