"""What the composer shows of a text: for whom, how long, and what would mend it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from mbs_app.domain.merge import STANDARD_FIELDS
from mbs_app.queries.recipients import Recipient
from mbs_app.ui.components.phone import parts_of
from mbs_app.ui.composer.drawing import draw, with_fallback

KNOWN = (*STANDARD_FIELDS, "points")


def someone(first_name: str, **attributes: object) -> Recipient:
    return Recipient(uuid4(), "+15125550100", None, first_name, "", "", "Austin", "TX", attributes)


PEOPLE = [
    someone("Ann", points=1),
    someone("Rosa", points=940),
    someone("Christopher", points=12480),
    someone("", points=86),
]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("shortest", "Ann"), ("longest", "Christopher"), ("no_name", "(512) 555-0100")],
)
def test_the_preview_shows_the_person_asked_for(kind: str, name: str) -> None:
    drawing = draw("Hi {first_name|there}, {points}", PEOPLE, known=KNOWN, kind=kind)
    assert drawing.person_name == name


def test_the_typical_person_has_a_name() -> None:
    drawing = draw("Hi {first_name}", PEOPLE, known=KNOWN)
    assert drawing.person_name in {"Ann", "Rosa", "Christopher"}


def test_one_person_can_be_picked_and_a_missing_one_falls_back() -> None:
    chosen = str(PEOPLE[0].customer_id)
    assert draw("Hi", PEOPLE, known=KNOWN, kind="person", person_id=chosen).person_name == "Ann"
    assert draw("Hi", PEOPLE, known=KNOWN, kind="person", person_id="gone").person_name


def test_nobody_there_shows_made_up_values() -> None:
    drawing = draw("Hi {first_name}", (), known=KNOWN)
    assert (drawing.person_id, drawing.person_name) == ("", "Rosa Delgado")
    assert "".join(part.words for part in drawing.parts) == "Hi Rosa"
    assert drawing.share_words == ""


def test_an_empty_text_has_no_hints_and_no_error() -> None:
    drawing = draw("", PEOPLE, known=KNOWN)
    assert (drawing.hints, drawing.error, drawing.units_words) == ([], "", "0")


def test_the_words_say_how_many_segments_people_get() -> None:
    plain = draw("Hi {first_name}", PEOPLE, known=KNOWN)
    assert plain.share_words == "Everyone gets 1 segment"
    long = draw("{first_name}" + "x" * 152, PEOPLE, known=KNOWN)
    assert long.share_words == "75% of people get 1 segment, 25% get 2"
    assert (long.fewest_segments, long.most_segments) == (1, 2)
    assert long.mean_segments == 1.25


def test_a_letter_outside_gsm7_changes_the_room() -> None:
    drawing = draw("Hi {first_name}", [someone("Zoë")], known=KNOWN)
    assert drawing.needs_unicode
    assert drawing.room_words == " of 70 characters for Zoë"


def test_an_unknown_field_is_an_error_that_says_how_to_mend_it() -> None:
    assert "Did you mean {first_name}" in draw("Hi {first_nam}", PEOPLE, known=KNOWN).error


def test_hints_offer_what_mends_them() -> None:
    drawing = draw("Hi {first_name}, it’s on", PEOPLE, known=KNOWN)
    assert {hint.kind for hint in drawing.hints} == {"plain", "fallback", "opt_out"}
    blank = next(hint for hint in drawing.hints if hint.kind == "fallback")
    assert (blank.field, "25%" in blank.words) == ("first_name", True)


def test_a_good_text_has_no_hints() -> None:
    text = "Hi {first_name|there}. Reply STOP to opt out"
    assert draw(text, PEOPLE, known=KNOWN).hints == []


@pytest.mark.parametrize(
    ("body", "mended"),
    [
        ("Hi {first_name}", "Hi {first_name|there}"),
        ("{First name}, {first_name|you}", "{First name|there}, {first_name|you}"),
        ("{{first_name}} {first_name}", "{{first_name}} {first_name|there}"),
    ],
)
def test_a_fallback_goes_where_there_is_none(body: str, mended: str) -> None:
    assert with_fallback(body, "first_name") == mended


def test_a_field_whose_fallback_we_cannot_guess_is_left_alone() -> None:
    assert with_fallback("{points}", "points") == "{points}"


def test_a_text_is_cut_where_values_begin_and_end() -> None:
    parts = parts_of("Hi Rosa, 940", ((3, 7), (9, 12)))
    assert [(part.words, part.filled) for part in parts] == [
        ("Hi ", False),
        ("Rosa", True),
        (", ", False),
        ("940", True),
    ]
    assert parts_of("", ()) == []
