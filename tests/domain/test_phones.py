"""Numbers as files hold them, and the sentence for each that can't be used."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers.tzdata import TIMEZONE_LONGEST_PREFIX

from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.phones import (
    LONGEST_ZONE_PREFIX,
    PhoneFault,
    PhoneProblem,
    display_phone,
    is_landline,
    is_region,
    parse_phone,
    region_time_zones,
)

ROSA = "+15125550142"


@pytest.mark.parametrize(
    "raw",
    [
        "5125550142",
        "(512) 555-0142",
        "512.555.0142",
        "512-555-0142",
        "512 555 0142",
        "1 512 555 0142",
        "1-512-555-0142",
        "+1 (512) 555-0142",
        "+15125550142",
        "  5125550142\n",
        '="+15125550142"',
        '="5125550142"',
        "'+15125550142",
        "'5125550142",
        "‘5125550142",
        "tel:+1-512-555-0142",
        "tel:+1-512-555-0142;ext=12",
        "５１２５５５０１４２",
        "\u202a+1 512 555 0142\u202c",
        "512\xa0555\xa00142",
        "(512) 555-0142 ext. 12",
        "512-555-0142 x12",
        "512-555-0142x12",
        "512-555-0142 #4",
        "Mobile: 512-555-0142",
        "c. 512-555-0142",
        "512-555-0142 (cell)",
        "512-555-0142 m",
        "001 512 555 0142",
        "011 1 512 555 0142",
        "1.5125550142E+10",
        "5,125550142e9",
        "15125550142.0",
        "5125550142.",
        "512–555–0142",
        "512‑555‑0142",
        "512/555-0142",
    ],
)
def test_reads_the_same_number_out_of_every_wrapping(raw: str) -> None:
    assert parse_phone(raw, "US") == ROSA


@pytest.mark.parametrize(
    ("raw", "region", "e164"),
    [
        ("+49 1511 2345678", "US", "+4915112345678"),
        ("0049 1511 2345678", "US", "+4915112345678"),
        ("011 49 1511 2345678", "US", "+4915112345678"),
        ("0151 12345678", "DE", "+4915112345678"),
        ("+44 (0)7700 900123", "US", "+447700900123"),
        ("07700 900123", "GB", "+447700900123"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("347 123 4567", "IT", "+393471234567"),
        ("612 345 678", "ES", "+34612345678"),
        ("(416) 555-0142", "CA", "+14165550142"),
        ("+1 512 555 0142", None, ROSA),
        ("876 555 0142", "JM", "+18765550142"),
    ],
)
def test_reads_numbers_of_other_countries(raw: str, region: str | None, e164: str) -> None:
    assert parse_phone(raw, region, any_line=True) == e164


@pytest.mark.parametrize(
    ("raw", "reason", "message", "mend"),
    [
        ("", "empty", "No number", "Add a mobile number"),
        (" \u200b ", "empty", "No number", "Add a mobile number"),
        ("'", "empty", "No number", "Add a mobile number"),
        (
            "512-555-01",
            "too_short",
            "Not a phone number: 8 digits, needs 10",
            "Add the missing digits",
        ),
        (
            "555-0142",
            "too_short",
            "Not a phone number: 7 digits, needs 10",
            "Add the missing digits",
        ),
        ("7", "too_short", "Not a phone number: 1 digit, needs 10", "Add the missing digits"),
        (
            "+1 512 555 01",
            "too_short",
            "Not a phone number: 9 digits, needs 11",
            "Add the missing digits",
        ),
        (
            "512-555-01421",
            "too_long",
            "Not a phone number: 11 digits, needs 10",
            "Remove the extra digits, or start it with + and the country code",
        ),
        (
            "+1 512 555 01421",
            "too_long",
            "Not a phone number: 12 digits, needs 11",
            "Remove the extra digits",
        ),
        ("469-555-017B", "letters", "Not a phone number: it has letters in it", "Fix the number"),
        ("1-800-FLOWERS", "letters", "Not a phone number: it has letters in it", "Fix the number"),
        ("n/a", "letters", "Not a phone number: it has letters in it", "Fix the number"),
        ("--", "not_a_number", "Not a phone number: it has no digits", "Fix the number"),
        (
            "112 555 0142",
            "not_a_number",
            "Not a phone number: no area code starts with 1",
            "Fix the number",
        ),
        (
            "+999 1234567",
            "not_a_number",
            "Not a phone number: no country has the code +999",
            "Fix the number",
        ),
        ("x" * 300, "not_a_number", "Not a phone number: it is a longer text", "Fix the number"),
        (
            "1.51255E+10",
            "digits_lost",
            "Not a phone number: the spreadsheet shortened it to 1.51255E+10",
            "Format the column as text in the spreadsheet, fill in the numbers and export it again",
        ),
        (
            "512-555-0142 / 512-555-0143",
            "two_numbers",
            "Two numbers in one cell",
            "Keep only the mobile number",
        ),
        (
            "5125550142 or 5125550143",
            "two_numbers",
            "Two numbers in one cell",
            "Keep only the mobile number",
        ),
    ],
)
def test_says_what_is_wrong_and_how_to_mend_it(
    raw: str, reason: str, message: str, mend: str
) -> None:
    with pytest.raises(PhoneProblem) as caught:
        parse_phone(raw, "US")
    problem = caught.value
    assert (problem.reason, problem.message, problem.mend) == (reason, message, mend)
    assert isinstance(problem, InvalidInput)
    assert problem.fields == {"phone": message}


def test_counts_the_leading_zero_that_was_typed() -> None:
    with pytest.raises(PhoneProblem, match="8 digits, needs 10"):
        parse_phone("06 12 34 56", "FR")


def test_a_short_german_number_is_not_taken_for_a_short_landline() -> None:
    with pytest.raises(PhoneProblem, match="7 digits, needs 11 to 12"):
        parse_phone("0151 123", "DE")


def test_a_number_without_country_needs_a_region() -> None:
    with pytest.raises(PhoneProblem) as caught:
        parse_phone("5125550142", None)
    assert caught.value.mend == "Start it with + and the country code"


@pytest.mark.parametrize(
    ("raw", "region"), [("030 1234567", "DE"), ("+44 20 7946 0958", "US"), ("01 42 68 53 00", "FR")]
)
def test_landlines_are_refused_unless_asked_for(raw: str, region: str) -> None:
    with pytest.raises(PhoneProblem) as caught:
        parse_phone(raw, region)
    assert caught.value.reason is PhoneFault.LANDLINE
    assert caught.value.message == "Landline, can’t get texts"
    assert caught.value.mend == "Ask for a mobile number"
    assert is_landline(parse_phone(raw, region, any_line=True))


@pytest.mark.parametrize(
    ("raw", "region", "message"),
    [
        ("1-800-555-0142", "US", "Toll-free number, not a person’s phone"),
        ("(888) 234-5678", "US", "Toll-free number, not a person’s phone"),
        ("+1 833 234 5678 ext. 3", "DE", "Toll-free number, not a person’s phone"),
        ("900-234-5678", "US", "Premium-rate number, not a person’s phone"),
        ("0800 1234567", "DE", "Toll-free number, not a person’s phone"),
        ("0180 5 123456", "DE", "Service number, not a person’s phone"),
    ],
)
def test_numbers_of_services_are_refused_unless_asked_for(
    raw: str, region: str, message: str
) -> None:
    with pytest.raises(PhoneProblem) as caught:
        parse_phone(raw, region)
    assert (caught.value.reason, caught.value.message) == (PhoneFault.SERVICE, message)
    assert caught.value.mend == "Ask for a mobile number"
    assert parse_phone(raw, region, any_line=True).startswith("+")


def test_every_toll_free_area_code_takes_the_long_way() -> None:
    for area in range(200, 1000):
        if phonenumbers.number_type(phonenumbers.parse(f"+1{area}2345678")) in (
            phonenumbers.PhoneNumberType.TOLL_FREE,
            phonenumbers.PhoneNumberType.PREMIUM_RATE,
        ):
            with pytest.raises(PhoneProblem, match="not a person’s phone"):
                parse_phone(f"{area}-234-5678", "US")


def test_american_numbers_are_never_called_landlines() -> None:
    assert not is_landline("+13615550199")


@given(
    st.from_regex(r"[2-9][0-9]{2}", fullmatch=True),
    st.from_regex(r"[2-9][0-9]{2}", fullmatch=True),
    st.from_regex(r"[0-9]{4}", fullmatch=True),
)
def test_the_short_way_agrees_with_the_library(area: str, exchange: str, line: str) -> None:
    parsed = phonenumbers.parse(f"{area}{exchange}{line}", "US")
    expected = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    assert parse_phone(f"({area}) {exchange}-{line}", "US", any_line=True) == expected
    # An extension takes the long way, to the same end.
    longer = f"({area}) {exchange}-{line} ext. 12"
    assert parse_phone(longer, "US", any_line=True) == expected


def test_the_short_way_calls_no_landline_a_mobile() -> None:
    for area in range(200, 1000):
        number = f"+1{area}5550142"
        if is_landline(number):
            with pytest.raises(PhoneProblem, match="Landline"):
                parse_phone(number, "US")


@given(st.text(max_size=60), st.sampled_from(["US", "DE", "FR", "BR", None, "XX"]))
def test_any_text_gives_e164_or_a_problem(raw: str, region: str | None) -> None:
    try:
        number = parse_phone(raw, region)
    except PhoneProblem:
        return
    assert number.startswith("+")
    assert number[1:].isdigit()
    assert number.isascii()
    assert 8 <= len(number) <= 17


@given(st.from_regex(r"\+?[\d ().-]{4,20}", fullmatch=True), st.sampled_from(["US", "DE", "GB"]))
def test_what_was_read_once_reads_the_same_again(raw: str, region: str) -> None:
    try:
        number = parse_phone(raw, region)
    except PhoneProblem:
        return
    assert parse_phone(number, region) == number
    assert parse_phone(number, None) == number


@pytest.mark.parametrize(
    ("e164", "home", "shown"),
    [
        (ROSA, "US", "(512) 555-0142"),
        (ROSA, "CA", "(512) 555-0142"),
        (ROSA, "DE", "+1 512-555-0142"),
        ("+49301234567", "US", "+49 30 1234567"),
        ("+49301234567", "DE", "030 1234567"),
        ("+447700900123", "US", "+44 7700 900123"),
        ("12345", "US", "12345"),
        ("", "US", ""),
    ],
)
def test_numbers_are_shown_as_people_write_them(e164: str, home: str, shown: str) -> None:
    assert display_phone(e164, home) == shown


def test_shown_numbers_can_be_read_again() -> None:
    assert parse_phone(display_phone(ROSA), "US") == ROSA


@pytest.mark.parametrize(
    ("e164", "zones"),
    [
        (ROSA, ("America/Chicago",)),
        ("+12125550142", ("America/New_York",)),
        ("+4915112345678", ("Europe/Berlin",)),
        ("nonsense", ()),
    ],
)
def test_zones_by_number(e164: str, zones: tuple[str, ...]) -> None:
    assert region_time_zones(e164) == zones


def test_a_toll_free_number_may_be_anywhere() -> None:
    assert len(region_time_zones("+18005550142")) > 10


def test_the_remembered_prefix_is_as_long_as_any_in_the_tables() -> None:
    assert LONGEST_ZONE_PREFIX >= TIMEZONE_LONGEST_PREFIX


def test_regions() -> None:
    assert is_region("US")
    assert is_region("DE")
    assert not is_region("ZZ")
    assert not is_region("")
