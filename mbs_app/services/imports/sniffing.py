"""What a file is, told from its first bytes and rows: a CSV at all, its columns, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mbs_app.domain.column_guess import SKIP, Guess, How, guess, has_header
from mbs_app.domain.csv_dialect import detect_delimiter, is_text, unwrap_cell
from mbs_app.domain.errors import InvalidInput
from mbs_app.services.imports.reading import (
    ROWS_TO_KNOW_A_FILE_BY,
    FileRow,
    read_rows,
    skip_lead_in,
    usual_width,
)

HEAD_BYTES = 256 * 1024
_SAMPLE_BYTES = 64 * 1024
MOST_COLUMNS = 200
SAMPLE_VALUES = 3
SAMPLE_LENGTH = 60

# The columns that our own file of refused rows adds; they are no news when it comes back mended.
REPORT_HEADINGS = ("Row in file", "Reason", "What you can do")

_SAVE_AS_CSV = "In your spreadsheet choose File, Save as (or Download), CSV, and upload that file."
_NOT_TEXT = (
    (b"PK\x03\x04", f"This is an Excel workbook, not a CSV file. {_SAVE_AS_CSV}"),
    (b"\xd0\xcf\x11\xe0", f"This is an old Excel workbook, not a CSV file. {_SAVE_AS_CSV}"),
    (b"%PDF", "This is a PDF. Export your customers as a CSV file and upload that."),
    (b"\x1f\x8b", "This file is compressed. Unpack it and upload the CSV file inside."),
    (b"Rar!", "This file is compressed. Unpack it and upload the CSV file inside."),
    (b"7z\xbc\xaf", "This file is compressed. Unpack it and upload the CSV file inside."),
    (b"\x89PNG", "This is a picture. Export your customers as a CSV file and upload that."),
    (b"\xff\xd8\xff", "This is a picture. Export your customers as a CSV file and upload that."),
    (b"{\\rtf", f"This is a text document, not a CSV file. {_SAVE_AS_CSV}"),
)
_NOT_A_TABLE = (
    (b"begin:vcard", "This is an address book file (vCard). Export your contacts as CSV instead."),
    (b"<!doctype", f"This is a web page, not a CSV file. {_SAVE_AS_CSV}"),
    (b"<html", f"This is a web page, not a CSV file. {_SAVE_AS_CSV}"),
    (b"<?xml", f"This is an XML file, not a CSV file. {_SAVE_AS_CSV}"),
)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """``sample`` has up to three values for each column, ``mapping`` one target for each."""

    delimiter: str
    has_header: bool
    headings: list[str]
    sample: list[list[str]]
    mapping: list[dict[str, Any]]


def refuse_other_kinds(head: bytes) -> None:
    """Raise InvalidInput when a file that begins with ``head`` is no CSV, saying what it is."""
    for mark, sentence in _NOT_TEXT:
        if head.startswith(mark):
            raise InvalidInput(file=sentence)
    words = head[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, sentence in _NOT_A_TABLE:
        if words.startswith(mark):
            raise InvalidInput(file=sentence)


def know_file(
    head: bytes,
    encoding: str,
    region: str,
    *,
    delimiter: str | None = None,
    header: bool | None = None,
) -> FileFacts:
    """What the file is, from its first :data:`HEAD_BYTES`. ``delimiter`` and ``header`` overrule the guess.

    Raises:
        InvalidInput: it is no text, has no rows, or far too many columns.
    """
    sample = _text(head[:_SAMPLE_BYTES], encoding)
    if not is_text(sample):
        raise InvalidInput(file=f"This is not a text file, and so not a CSV file. {_SAVE_AS_CSV}")
    if delimiter is None:
        delimiter = detect_delimiter(sample)
    rows = first_rows([head], encoding, delimiter)
    if not rows:
        raise InvalidInput(file="This file is empty. Choose a file with a row for each customer.")
    if header is None:
        header = has_header([row.cells for row in rows[:50]], region)
    people = rows[1:] if header else rows
    if not people:
        raise InvalidInput(
            file="This file has headings but no rows. Choose a file with a row for each customer."
        )
    width = max(len(_trimmed(rows[0].cells)) if header else 0, usual_width(people))
    if width > MOST_COLUMNS:
        raise InvalidInput(
            file=f"This file has {width:,} columns; {MOST_COLUMNS} can be read. "
            "Delete the columns you don’t need and save it again."
        )
    headings = _headings(rows[0].cells if header else [], width)
    cells = [row.cells for row in people]
    guesses = _leave_out_report(headings, guess(headings, cells, region))
    return FileFacts(
        delimiter=delimiter,
        has_header=header,
        headings=headings,
        sample=[_first_values(cells, index) for index in range(width)],
        mapping=[{"target": str(one.target), "how": str(one.how), "changes": 0} for one in guesses],
    )


def first_rows(pieces: Iterable[bytes], encoding: str, delimiter: str) -> list[FileRow]:
    """The first rows of the table, without blank ones."""
    try:
        table = skip_lead_in(read_rows(pieces, encoding, delimiter))
        return [row for row in islice(table, ROWS_TO_KNOW_A_FILE_BY) if not row.is_blank]
    except InvalidInput as problem:
        raise InvalidInput(file=problem.message) from None


def _text(head: bytes, encoding: str) -> str:
    return head.decode(encoding, errors="replace").replace("\0", "")


def _trimmed(cells: list[str]) -> list[str]:
    width = len(cells)
    while width and not cells[width - 1].strip():
        width -= 1
    return cells[:width]


def _headings(cells: list[str], width: int) -> list[str]:
    named = [" ".join(unwrap_cell(cell).split())[:120] for cell in cells[:width]]
    return named + [""] * (width - len(named))


def _first_values(rows: list[list[str]], index: int) -> list[str]:
    found: list[str] = []
    for cells in rows:
        value = " ".join(unwrap_cell(cells[index]).split()) if index < len(cells) else ""
        if value and value not in found:
            found.append(value if len(value) <= SAMPLE_LENGTH else value[: SAMPLE_LENGTH - 1] + "…")
        if len(found) == SAMPLE_VALUES:
            break
    return found


def _leave_out_report(headings: list[str], guesses: list[Guess]) -> list[Guess]:
    if tuple(headings[-len(REPORT_HEADINGS) :]) != REPORT_HEADINGS:
        return guesses
    left_out = Guess(SKIP, How.LEFT_OUT)
    return guesses[: -len(REPORT_HEADINGS)] + [left_out] * len(REPORT_HEADINGS)
