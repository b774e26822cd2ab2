"""Files as people really have them, through upload, check and import, on both databases."""

from __future__ import annotations

import pytest

from mbs_app import db
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput
from mbs_app.services import imports
from tests.services.imports.support import (
    check,
    customers,
    import_file,
    made_up,
    refused,
    region_of,
    summary,
    upload,
)
from tests.support.accounts import make_actor

ROSA = "+15125550142"


@pytest.fixture
def maya(database: str) -> Actor:
    return make_actor()


NASTY = {
    "a byte order mark": ("Mobile,First name\n5125550142,Rosa\n".encode("utf-8-sig"), "Rosa"),
    "UTF-16 with its mark": ("Mobile\tFirst name\n5125550142\tRosá\n".encode("utf-16"), "Rosá"),
    "UTF-16 without one": ("Mobile,First name\n5125550142,Rosa\n".encode("utf-16-le"), "Rosa"),
    "Windows-1252": ("Mobile;First name\n5125550142;Renée\n".encode("cp1252"), "Renée"),
    "an accent only far down": (
        (
            "Mobile,First name\n5125550142,Rosa\n"
            + "".join(f"512555{n:04d},Al\n" for n in range(3000, 9999))
            + "5125550199,Renée\n"
        ).encode("cp1252"),
        "Rosa",
    ),
    "semicolons": (b"Mobile;First name\n5125550142;Rosa\n", "Rosa"),
    "tabs": (b"Mobile\tFirst name\n5125550142\tRosa\n", "Rosa"),
    "bars": (b"Mobile|First name\n5125550142|Rosa\n", "Rosa"),
    "Excel's sep line": (b"sep=;\r\nMobile;First name\r\n5125550142;Rosa\r\n", "Rosa"),
    "a text formula": (b'Mobile,First name\n"=""+15125550142""",Rosa\n', "Rosa"),
    "a bare text formula": (b'Mobile,First name\n="+15125550142",Rosa\n', "Rosa"),
    "returns for line ends": (b"Mobile,First name\r5125550142,Rosa\r", "Rosa"),
    "NUL bytes": (b"Mobile,First name\n512555\x000142,Ro\x00sa\n", "Rosa"),
    "no headings": (b"Rosa,Delgado,(512) 555-0142\nTyrell,Washington,(512) 555-0143\n", "Rosa"),
    "empty lines": (b"\n\nMobile,First name\n\n5125550142,Rosa\n,\n\n", "Rosa"),
    "titles above the table": (
        b"Customer export,,\nOct 15,,\n\nMobile,First name,Last name\n5125550142,Rosa,Delgado\n",
        "Rosa",
    ),
    "trailing delimiters": (b"Mobile,First name,,\n5125550142,Rosa,,\n", "Rosa"),
    "a heading with a line break": (b'"Mobile\nnumber",First name\n5125550142,Rosa\n', "Rosa"),
    "the Spanish way": ("Móvil;Nombre;Apellidos\n512-555-0142;Rosa;Delgado\n".encode(), "Rosa"),
    "the German way": (b"Handynummer;Vorname;Name\n+1 512 5550142;Rosa;Delgado\n", "Rosa"),
    "the French way": ("Portable;Prénom;Nom\n5125550142;Rosa;Delgado\n".encode("cp1252"), "Rosa"),
    "another order": (b"Points,Last name,Cell #,First name\n9,Delgado,5125550142,Rosa\n", "Rosa"),
    "a whole name": (b'Customer,Phone\n"Delgado, Rosa",512.555.0142\n', "Rosa"),
}


@pytest.mark.parametrize("kind", NASTY)
def test_a_file_with(maya: Actor, kind: str) -> None:
    content, first_name = NASTY[kind]
    done = import_file(maya, content)
    assert done.status == "done", done.error
    assert customers(maya)[ROSA].first_name == first_name
    assert done.adds_up and done.refused == 0


def test_a_quoted_line_break_stays_in_its_row(maya: Actor) -> None:
    checked = check(maya, b'Mobile,Notes\n5125550142,"two\nlines"\n5125,x\n')
    assert refused(maya, checked.id) == [
        (3, "not_a_number", "Not a phone number: 4 digits, needs 10")
    ]
    imports_done = import_file(maya, b'Mobile,Notes\n5125550142,"two\nlines"\n')
    assert imports_done.added == 1
    assert customers(maya)[ROSA].notes == "two\nlines"


def test_every_refused_row_says_where_it_is_and_why(maya: Actor) -> None:
    checked = check(
        maya,
        "First name,Last name,Mobile,City\n"
        "Rosa,Delgado,(512) 555-0142,Austin\n"
        "Pat,Lindqvist,512-555-01,Austin\n"
        "\n"
        "Gloria,Menchaca,,Austin\n"
        "Devon,Pruitt,512.555.0142,Austin\n"
        "Arjun,Mehta,469-555-017B,Austin\n"
        "Sam,Poole,512-555-0150,Austin,TX\n"
        "Lee\n",
    )
    assert refused(maya, checked.id) == [
        (3, "not_a_number", "Not a phone number: 8 digits, needs 10"),
        (5, "no_number", "No number"),
        (6, "twice", "Twice in this file: row 2 has the same number"),
        (7, "not_a_number", "Not a phone number: it has letters in it"),
        (8, "broken_row", "5 cells, but the file has 4 columns"),
        (9, "no_number", "No number"),
    ]
    assert (checked.to_add, checked.refused, checked.rows_total) == (1, 6, 7)
    assert checked.adds_up
    assert {one.label: one.rows for one in checked.reasons} == {
        "Not a phone number": 2,
        "No number": 2,
        "Twice in this file": 1,
        "Row out of shape": 1,
    }


def test_a_quote_that_never_closes_costs_one_row(maya: Actor) -> None:
    checked = check(
        maya,
        b'Mobile,Name\n5125550142,Rosa\n5125550143,"Bob\n5125550144,Cy\n5125550145,Di\n',
    )
    assert (checked.to_add, checked.refused) == (3, 1)
    assert refused(maya, checked.id) == [
        (3, "broken_row", "A quote is opened in this row and never closed")
    ]


def test_a_quote_that_closes_rows_later_swallows_none(maya: Actor) -> None:
    checked = check(
        maya,
        b'Mobile,Name\n5125550142,"Rosa\n5125550143,Bob\n5125550144,"Cy, Jr"\n5125550145,Di\n',
    )
    assert (checked.to_add, checked.refused) == (3, 1)


def test_quotes_that_never_match_are_no_file_to_import(maya: Actor) -> None:
    rows = "".join(f'51255{n:05d},"Bob\n' for n in range(200))
    with pytest.raises(InvalidInput, match="Quotes in this file don’t match up"):
        upload(maya, f"Mobile,Name\n{rows}")


def test_quotes_that_stop_matching_far_down_stop_the_check(maya: Actor) -> None:
    rows = [f"51255{n:05d},Bob\n" for n in range(3000)]
    rows += [f'51255{n:05d},"Bob\n' for n in range(3000, 3200)]
    checked = check(maya, "Mobile,Name\n" + "".join(rows))
    assert checked.status == "failed"
    assert "Quotes in this file don’t match up, from row 3,0" in checked.error
    assert customers(maya) == {}


def test_a_huge_cell_costs_one_row(maya: Actor) -> None:
    checked = check(
        maya, f"Mobile,Notes\n5125550142,{'x' * 3_000_000}\n5125550143,short\n".encode()
    )
    assert (checked.to_add, checked.refused) == (1, 1)


def test_values_that_cannot_be_used_are_left_out_and_said(maya: Actor) -> None:
    done = check(
        maya,
        "Mobile,Email,Time zone,Notes\n"
        f"5125550142,rosa.example.com,America/Chicago,{'x' * 6000}\n"
        "5125550143,ty@example.com,America/Chicago,\n"
        "5125550144,n/a,Middle-earth,\n"
        "5125550145,al@example.com,America/Denver,\n"
        "5125550146,bo@example.com,America/Denver,\n",
    )
    assert (done.to_add, done.values_left_out) == (5, 2)
    with db.transaction(maya, read_only=True) as session:
        rows = imports.left_out_rows(session, maya, done.id)
    assert [row.detail for row in rows] == [
        "Email left out: not an address; notes left out: over 5,000 characters",
        "Time zone left out: not a zone such as America/Chicago",
    ]


def test_numbers_are_read_by_the_region_of_the_owner(maya: Actor) -> None:
    region_of(maya, "DE")
    import_file(maya, "Handy;Vorname\n0151 23456789;Rosa\n+1 512 555 0142;Ty\n")
    assert set(customers(maya)) == {"+4915123456789", ROSA}


OTHER_KINDS = {
    "an Excel workbook": (b"PK\x03\x04rest", "Excel workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
    "a PDF": (b"%PDF-1.7", "PDF"),
    "an address book": (b"BEGIN:VCARD\nVERSION:3.0\n", "vCard"),
    "a web page": (b"\xef\xbb\xbf<!DOCTYPE html><table>", "web page"),
    "a program": (bytes(range(256)) * 40, "not a text file"),
    "a program that begins as UTF-16 does": (b"\xff\xfe" + bytes(range(256)) * 40, "not a text"),
    "an empty file": (b"", "empty"),
    "blank lines": (b"\n\n,,\n", "empty"),
    "headings alone": (b"Mobile,First name\n", "no rows"),
    "far too many columns": (b",".join(b"Mobile%d" % n for n in range(300)) + b"\n1\n", "columns"),
}


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_refuses_to_take_in(maya: Actor, kind: str) -> None:
    content, words = OTHER_KINDS[kind]
    with pytest.raises(InvalidInput) as refusal:
        upload(maya, content)
    assert words in refusal.value.message


def test_a_file_beyond_the_limit_is_not_kept(maya: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mbs_app.services.imports.uploads.LARGEST_FILE", 2 * 1024 * 1024)
    with pytest.raises(InvalidInput, match="larger than 2 MB"):
        upload(maya, (b"x" * 1024 for _ in range(5000)))
    with db.transaction(maya, read_only=True) as session:
        assert imports.list_imports(session, maya) == []


def test_without_a_phone_column_it_waits_for_one_to_be_chosen(maya: Actor) -> None:
    import_id = upload(maya, "First name,Shoe size\nRosa,38\nTy,44\n")
    work_left = imports.run_next(import_id)
    waiting = summary(maya, import_id)
    assert (work_left, waiting.status, waiting.has_phone) == (False, "uploaded", False)


def test_the_file_is_kept_in_pieces_of_a_megabyte(maya: Actor) -> None:
    import_id = upload(maya, made_up(20_000))
    with db.transaction(maya, read_only=True) as session:
        from sqlmodel import col, func, select

        from mbs_app.models import ImportChunk

        sizes = session.exec(
            select(func.length(ImportChunk.data)).order_by(col(ImportChunk.seq))
        ).all()
    assert set(sizes[:-1]) == {1024 * 1024}
    assert sum(sizes) == summary(maya, import_id).file_bytes


def test_numbers_of_services_are_refused_with_their_reason(maya: Actor) -> None:
    checked = check(maya, b"Mobile,First name\n5125550142,Rosa\n1-800-555-0199,Front desk\n")
    assert refused(maya, checked.id) == [(3, "service", "Toll-free number, not a person’s phone")]
    assert {reason.label: reason.rows for reason in checked.reasons} == {
        "Toll-free or service number": 1
    }
