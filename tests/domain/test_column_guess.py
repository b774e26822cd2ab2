"""Columns of customer lists as people really have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.column_guess import (
    STANDARD_TARGETS,
    Guess,
    How,
    attribute_of,
    guess,
    has_header,
)

PICTURE_HEADINGS = [
    "first_nm", "last_nm", "mobile", "email_addr", "city_st", "pts_balance", "sms_ok", "signup_dt",
    "store_cd",
]  # fmt: skip
PICTURE_ROWS = [
    ["Rosa", "Delgado", "(512) 555-0178", "rosa.d@example.com", "Austin TX",
     "940", "Y", "2024-03-02", "014"],
    ["Tyrell", "Washington", "405.555.0126", "tw@example.org", "Norman OK",
     "86", "Y", "2023-08-19", "022"],
    ["Hannah", "Nguyen", "737-555-0163", "hn@example.com", "Round Rock TX",
     "12480", "N", "2025-01-01", "014"],
]  # fmt: skip


def targets(
    headings: list[str], rows: list[list[str]] | None = None, region: str = "US"
) -> list[str]:
    return [found.target for found in guess(headings, rows or [], region)]


def test_a_loyalty_export() -> None:
    assert guess(PICTURE_HEADINGS, PICTURE_ROWS, "US") == [
        Guess("first_name", How.HEADING),
        Guess("last_name", How.HEADING),
        Guess("phone", How.HEADING),
        Guess("email", How.HEADING),
        Guess("city_state", How.HEADING),
        Guess("attribute:pts_balance", How.NEW_FIELD),
        Guess("attribute:sms_ok", How.NEW_FIELD),
        Guess("attribute:signup_dt", How.NEW_FIELD),
        Guess("attribute:store_cd", How.NEW_FIELD),
    ]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["First Name", "Last Name", "Cell #"], ["first_name", "last_name", "phone"]),
        (["firstName", "lastName", "phoneNumber"], ["first_name", "last_name", "phone"]),
        (
            ["Vorname", "Nachname", "Handynummer", "E-Mail", "Bundesland", "Ort"],
            ["first_name", "last_name", "phone", "email", "state", "city"],
        ),
        (["Vorname", "Name", "Mobil"], ["first_name", "last_name", "phone"]),
        (["Prénom", "Nom", "Téléphone"], ["first_name", "last_name", "phone"]),
        (["Nombre", "Apellidos", "Móvil", "Correo electrónico", "Estado"],
         ["first_name", "last_name", "phone", "email", "state"]),
        (["Nome", "Sobrenome", "Celular", "Cidade", "UF"],
         ["first_name", "last_name", "phone", "city", "state"]),
        (["Nome", "Cognome", "Cellulare", "Città"], ["first_name", "last_name", "phone", "city"]),
        (["Voornaam", "Achternaam", "Mobiel", "Woonplaats"],
         ["first_name", "last_name", "phone", "city"]),
        (["Name", "Phone"], ["full_name", "phone"]),
        (["Customer Name", "Cell Phone", "Time Zone", "Notes"],
         ["full_name", "phone", "time_zone", "notes"]),
        (["NAME", "MOBILE PHONE", "STATE"], ["full_name", "phone", "state"]),
    ],
)  # fmt: skip
def test_headings_in_many_languages(headings: list[str], expected: list[str]) -> None:
    assert targets(headings) == expected


def test_of_several_phones_the_mobile_is_texted() -> None:
    assert targets(["Home Phone", "Work Phone", "Mobile", "Phone"]) == [
        "attribute:home_phone",
        "attribute:work_phone",
        "phone",
        "attribute:phone_2",
    ]


def test_a_mobile_column_without_numbers_yields_to_one_with_some() -> None:
    rows = [["", "5125550142"], ["", "5125550143"]]
    assert targets(["Mobile", "Phone"], rows) == ["attribute:mobile", "phone"]


def test_values_tell_when_headings_do_not() -> None:
    headings = ["Wer", "Was", "Wo", "Wann", "Zone"]
    rows = [
        ["rosa@example.com", "(512) 555-0178", "TX", "2024-03-02", "America/Chicago"],
        ["tw@example.org", "405.555.0126", "OK", "2023-08-19", "America/Chicago"],
    ]
    assert guess(headings, rows, "US") == [
        Guess("email", How.VALUES),
        Guess("phone", How.VALUES),
        Guess("state", How.VALUES),
        Guess("attribute:wann", How.NEW_FIELD),
        Guess("time_zone", How.VALUES),
    ]


def test_city_and_state_in_one_column_are_seen_by_their_values() -> None:
    rows = [["5125550142", "Austin, TX"], ["4055550126", "Norman OK"]]
    assert guess(["Phone", "Where"], rows)[1] == Guess("city_state", How.VALUES)


def test_a_contact_column_of_numbers_is_a_phone() -> None:
    assert targets(["Contact"], [["512-555-0178"], ["405-555-0126"]]) == ["phone"]


def test_values_that_contradict_a_heading_win() -> None:
    rows = [["activo", "+34612345678"], ["inactivo", "+34612345679"]]
    assert targets(["Estado", "Móvil"], rows, "ES") == ["attribute:estado", "phone"]


def test_dates_balances_and_ids_are_no_phones() -> None:
    rows = [["2024-03-02", "12480", "10000234"], ["2023-08-19", "86", "10000235"]]
    assert targets(["a", "b", "c"], rows, "DE") == ["attribute:a", "attribute:b", "attribute:c"]


def test_a_file_without_headings() -> None:
    headings = ["Column 1", "Column 2", "Column 3", "", "Column 5"]
    rows = [
        ["Rosa", "Delgado", "(512) 555-0178", "TX", "17"],
        ["Tyrell", "Washington", "405.555.0126", "OK", "18"],
    ]
    assert guess(headings, rows) == [
        Guess("first_name", How.VALUES),
        Guess("last_name", How.VALUES),
        Guess("phone", How.VALUES),
        Guess("state", How.VALUES),
        Guess("skip", How.LEFT_OUT),
    ]
    whole = [["Rosa Delgado", "5125550142"], ["Tyrell Washington", "4055550126"]]
    assert targets(["Column 1", "Column 2"], whole) == ["full_name", "phone"]


def test_new_fields_never_share_a_key_or_take_a_standard_one() -> None:
    assert targets(["Points", "points", "State", "state", "漢字"]) == [
        "attribute:points",
        "attribute:points_2",
        "state",
        "attribute:state_2",
        "skip",
    ]


@given(
    st.lists(st.text(max_size=20), max_size=8),
    st.lists(st.lists(st.text(max_size=20), max_size=8), max_size=5),
)
def test_any_file_gets_one_guess_a_column_and_no_target_twice(
    headings: list[str], rows: list[list[str]]
) -> None:
    found = targets(headings, rows)
    assert len(found) == len(headings)
    used = [target for target in found if target != "skip"]
    assert len(used) == len(set(used))
    assert all(target in STANDARD_TARGETS or attribute_of(target) for target in used)
    has_header(rows)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Name", "Phone"], ["Rosa", "5125550142"]], True),
        ([["first_nm", "x"], ["Rosa", "y"]], True),
        ([["Rosa", "5125550142"], ["Tyrell", "4055550126"]], False),
        ([["rosa@example.com"], ["tw@example.org"]], False),
        ([["Puhelin"], ["5125550142"]], True),
        ([["Rosa", "Delgado"], ["Tyrell", "Washington"]], False),
        ([["1", "2"], ["3", "4"]], False),
        ([["", ""], ["a", "b"]], False),
        ([], False),
        ([['="Mobile"'], ["5125550142"]], True),
    ],
)
def test_header_rows(rows: list[list[str]], expected: bool) -> None:
    assert has_header(rows, "US") is expected


def test_attribute_targets() -> None:
    assert attribute_of("attribute:points") == "points"
    assert attribute_of("phone") is None
