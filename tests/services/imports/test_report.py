"""The refused rows: a page at a time on the screen, all of them as a CSV to mend and bring back."""

from __future__ import annotations

import csv
import io

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.services import imports
from tests.services.imports.support import apply, check, summary
from tests.support.accounts import make_actor
from tests.support.downloads import whole


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


def as_csv(actor: Actor, checked: imports.ImportSummary) -> str:
    return whole(actor, imports.refused_piece, checked.id)


def rows_of(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))


def test_refused_rows_come_back_as_they_were_with_the_reason(maya: Actor) -> None:
    checked = check(
        maya, 'First name,Cell #,Notes\nRosa,5125550142,\nPat, 512-555-01 ,"a, b\nc"\nLee\n'
    )
    text = as_csv(maya, checked)
    assert rows_of(text) == [
        ["First name", "Cell #", "Notes", "Row in file", "Reason", "What you can do"],
        [
            "Pat",
            " 512-555-01 ",
            "a, b\nc",
            "3",
            "Not a phone number: 8 digits, needs 10",
            "Add the missing digits and import the row again",
        ],
        ["Lee", "", "", "4", "No number", "Add a mobile number"],
    ]


def test_the_file_keeps_its_delimiter(maya: Actor) -> None:
    checked = check(maya, "Vorname;Handy\nRosa;12\nTy;5125550142\n")
    assert rows_of(as_csv(maya, checked), ";")[1][:3] == ["Rosa", "12", "2"]


def test_a_formula_is_kept_from_running(maya: Actor) -> None:
    checked = check(
        maya,
        'First name,Mobile\n=HYPERLINK(1),512555\n+cmd|x,512556\nRosa,="+1512"\nTy,5125550142\n',
    )
    names = [row[:2] for row in rows_of(as_csv(maya, checked))[1:]]
    assert names == [
        ["'=HYPERLINK(1)", "512555"],
        ["'+cmd|x", "512556"],
        ["Rosa", '="+1512"'],
    ]


def test_the_mended_file_can_be_imported(maya: Actor) -> None:
    checked = check(maya, "First name,Cell #\nPat,512-555-01\nRosa,5125550142\n")
    apply(maya, checked.id)
    mended = as_csv(maya, checked).replace("512-555-01", "512-555-0199")
    again = check(maya, mended.encode())
    assert [one.target for one in again.columns] == [
        "first_name",
        "phone",
        "skip",
        "skip",
        "skip",
    ]
    assert (again.to_add, again.refused) == (1, 0)


def test_refused_again_the_report_columns_are_not_doubled(maya: Actor) -> None:
    checked = check(maya, "First name,Cell #\nPat,512-555-01\nRosa,5125550142\n")
    again = check(maya, as_csv(maya, checked).encode())
    assert rows_of(as_csv(maya, again))[0] == [
        "First name",
        "Cell #",
        "Row in file",
        "Reason",
        "What you can do",
    ]


def test_cells_too_many_are_not_lost(maya: Actor) -> None:
    checked = check(
        maya, "First name,Mobile\nRosa,5125550142,Austin,TX\nTy,5125550143\nAl,5125550144\n"
    )
    assert rows_of(as_csv(maya, checked))[1][-2:] == ["Austin", "TX"]


def test_pages_and_reasons(maya: Actor) -> None:
    short = "".join(f"P{n},5125{n:02d}\n" for n in range(40))
    checked = check(maya, f"First name,Mobile\n{short}Gloria,\nRosa,5125550142\n")
    with db.transaction(maya, read_only=True) as session:
        first = imports.refused_page(session, maya, checked.id)
        second = imports.refused_page(session, maya, checked.id, page=2)
        beyond = imports.refused_page(session, maya, checked.id, page=9)
        blank = imports.refused_page(session, maya, checked.id, reason="no_number")
        none = imports.refused_page(session, maya, checked.id, reason="landline")
    assert (len(first.rows), first.total, first.pages) == (25, 41, 2)
    assert [row.number for row in second.rows] == list(range(27, 43))
    assert beyond == second
    assert [(row.name, row.value, row.mend) for row in blank.rows] == [
        ("Gloria", "", "Add a mobile number")
    ]
    assert (none.rows, none.total) == ((), 0)


def test_refused_rows_outlive_the_import(maya: Actor) -> None:
    checked = check(maya, "First name,Mobile\nPat,512\nRosa,5125550142\n")
    done = apply(maya, checked.id)
    assert summary(maya, done.id).refused == 1
    assert len(rows_of(as_csv(maya, done))) == 2
