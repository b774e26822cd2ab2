"""Merge fields: what a template says is wrong with it, and what one person gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbs_app.domain.merge import Field, clean_value, field_values, parse

ROSA = field_values(
    first_name="Rosa",
    last_name="Delgado",
    phone="(512) 555-0178",
    city="Austin",
    state="TX",
    attributes={"points": 940, "store": "South Lamar"},
)
KNOWN = ("points", "store")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("", ""),
        ("No fields", "No fields"),
        ("Hi {first_name}", "Hi Rosa"),
        ("{first_name}{last_name}", "RosaDelgado"),
        ("{full_name} of {city}, {state}", "Rosa Delgado of Austin, TX"),
        ("{ First Name }, {POINTS}", "Rosa, 940"),
        ("{first_name|there}", "Rosa"),
        ("{email|your inbox}", "your inbox"),
        ("{email|}", ""),
        ("{{first_name}}", "{first_name}"),
        ("{{{first_name}}}", "{Rosa}"),
        ("a {{ b }} c", "a { b } c"),
        ("line one\r\nline two\rthree", "line one\nline two\nthree"),
        ("{store|a | b}", "South Lamar"),
        ("{email|a | b}", "a | b"),
    ],
)
def test_renders(template: str, text: str) -> None:
    parsed = parse(template)
    assert parsed.problems(KNOWN) == []
    assert parsed.render(ROSA).text == text


def test_says_which_fields_stayed_blank_and_which_fell_back() -> None:
    rendered = parse("{email} {email} {first_name|x} {nickname|friend} {zip}").render(ROSA)
    assert rendered.blanks == ("email", "zip")
    assert rendered.fallbacks_used == ("nickname",)


def test_marks_what_was_filled_in() -> None:
    rendered = parse("Hi {first_name}, {email|you} {zip}!").render(ROSA)
    assert [rendered.text[start:end] for start, end in rendered.filled] == ["Rosa", "you"]


def test_fields_and_their_places_in_the_source() -> None:
    parsed = parse("Hi {first_name|there}, {points} and {first_name}")
    assert parsed.fields == ("first_name", "points")
    assert parsed.marks[0] == Field("first_name", "there", 3, 21)
    assert [parsed.source[mark.start : mark.end] for mark in parsed.marks] == [
        "{first_name|there}",
        "{points}",
        "{first_name}",
    ]


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        (
            "Hi {frist_name}",
            "{frist_name} is not a field of your customers. Did you mean {first_name}?",
        ),
        ("{pts}", "{pts} is not a field of your customers. Did you mean {points}?"),
        (
            "{favourite_dish|soup}",
            (
                "{favourite_dish} is not a field of your customers. "
                "Pick one from the list of fields, or write braces twice to show them."
            ),
        ),
        (
            "Hi {first_name, welcome",
            (
                "The brace in “{first_name, welcome” is never closed. Add a } after the field’s name, "
                "or write {{ to show a brace."
            ),
        ),
        (
            "Hi first_name}",
            (
                "The brace in “Hi first_name}” has no { before it. "
                "Remove it, or write }} to show a brace."
            ),
        ),
        (
            "Hi {}",
            (
                "{} names no field. Put a field such as {first_name} there, "
                "or write braces twice to show them: {{ and }}."
            ),
        ),
    ],
)
def test_problems_say_how_to_mend_them(template: str, problem: str) -> None:
    assert parse(template).problems(KNOWN) == [problem]


def test_the_same_problem_is_told_once() -> None:
    assert len(parse("{frist_name} {frist_name}").problems()) == 1


def test_standard_fields_are_always_known() -> None:
    assert parse("{first_name} {state}").problems(()) == []


def test_a_doubled_field_is_allowed_but_warned_of() -> None:
    parsed = parse("Hi {{first_name}}, {{ not a field }}")
    assert parsed.problems() == []
    assert parsed.warnings() == [
        (
            "{{first_name}} is sent as {first_name}, not filled in. "
            "To fill it in, write single braces: {first_name}."
        )
    ]


def test_an_unclosed_brace_stays_as_it_was_written() -> None:
    assert parse("Hi {first_name and {city}").render(ROSA).text == "Hi {first_name and Austin"


@pytest.mark.parametrize("value", ["{phone}", "{first_name|x}", "{{", "}", "$&", "\\1", "%s"])
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    rendered = parse("Hi {first_name}.").render(field_values(first_name=value, phone="+1512"))
    assert rendered.text == f"Hi {value}."


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("Rosa", "Rosa"),
        ("  Rosa ", "Rosa"),
        ("Ro\x00sa\x07", "Rosa"),
        ("12 Main St\r\nAustin", "12 Main St Austin"),
        ("a\t\n\n b", "a b"),
        ("a\u2028b", "a b"),
        ("\ufeffRosa\u202e", "Rosa"),
        ("a\ud800b", "ab"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("Zoë", "Zoë"),
        ("\n", ""),
    ],
)
def test_values_are_made_fit_for_one_line(value: str, clean: str) -> None:
    assert clean_value(value) == clean


def test_a_blank_value_is_as_good_as_none() -> None:
    assert parse("{first_name|there}").render({"first_name": " \n"}).text == "there"


def test_attributes_cannot_replace_standard_fields_and_become_text() -> None:
    values = field_values(
        first_name="Rosa",
        attributes={
            "first_name": "Mallory",
            "vip": True,
            "points": 3.0,
            "tags": ["a"],
            "gone": None,
        },
    )
    assert values["first_name"] == "Rosa"
    assert (values["vip"], values["points"], values["tags"], values["gone"]) == ("Yes", "3", "", "")


@given(st.text())
def test_any_text_can_be_parsed_and_rendered(template: str) -> None:
    parsed = parse(template)
    parsed.problems()
    parsed.warnings()
    rendered = parsed.render({})
    assert all(0 <= start < end <= len(rendered.text) for start, end in rendered.filled)


@given(st.text(alphabet=st.characters(exclude_characters="\r")))
def test_doubling_every_brace_gives_the_text_back(text: str) -> None:
    parsed = parse(text.replace("{", "{{").replace("}", "}}"))
    assert parsed.problems() == []
    assert parsed.render({}).text == text


@given(st.text(), st.text())
def test_values_appear_cleaned_and_nowhere_else(first: str, last: str) -> None:
    rendered = parse("<{first_name}|{last_name}>").render({"first_name": first, "last_name": last})
    assert rendered.text == f"<{clean_value(first)}|{clean_value(last)}>"


@given(st.text())
def test_a_clean_value_is_one_trimmed_encodable_line(value: str) -> None:
    clean = clean_value(value)
    assert clean == clean.strip() == clean_value(clean)
    assert "\n" not in clean
    assert "\r" not in clean
    clean.encode("utf-8")
