from __future__ import annotations

import pytest

from mbs_app.domain.column_words import HEADINGS, NAME_WORDS, RANKED, heading_words


def test_no_heading_stands_for_two_things() -> None:
    every = [heading for headings in HEADINGS.values() for heading in headings]
    assert sorted({h for h in every if every.count(h) > 1}) == []
    assert not NAME_WORDS & set(every)


def test_every_heading_is_written_the_way_it_is_looked_up() -> None:
    assert [heading for heading in RANKED if heading_words(heading) != heading] == []


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("Cell #", "cell"),
        ("firstName", "first name"),
        ("E-Mail", "e mail"),
        ("Prénom", "prenom"),
        ("first_nm", "first nm"),
        ("FIRST NAME", "first name"),
        ("Téléphone (portable)", "telephone portable"),
        ("", ""),
    ],
)
def test_headings_are_made_comparable(heading: str, words: str) -> None:
    assert heading_words(heading) == words
