"""The rows of an uploaded file, one at a time, however it was written.

Memory stays at about one piece of the file, whatever its size. Rows are numbered as a spreadsheet shows
them: a quoted line break stays within its row, an empty line is a row too, and Excel's ``sep=`` line is none.

A quote that is opened and never closed would swallow the rows after it. Such a row is given back as a
fault, and reading goes on with the line below it.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from mbs_app.domain.csv_dialect import declared_delimiter, unwrap_cell
from mbs_app.domain.errors import InvalidInput

# Excel's own limit is 32,767 characters a cell; this one is the csv module's.
LONGEST_CELL = 131_072
LONGEST_LINE = 1_000_000
MOST_OPEN_QUOTES = 50
ROWS_TO_KNOW_A_FILE_BY = 200

OPEN_QUOTE = "open_quote"
CELL_TOO_LONG = "cell_too_long"


class FileRow(NamedTuple):
    """``number`` is the spreadsheet's row number; ``fault`` is OPEN_QUOTE, CELL_TOO_LONG or ""."""

    number: int
    cells: list[str]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.fault and not any(cell and not cell.isspace() for cell in self.cells)


def read_rows(pieces: Iterable[bytes], encoding: str, delimiter: str) -> Iterator[FileRow]:
    """Every row of a file given in pieces, blank ones included.

    Bytes that ``encoding`` can't read become U+FFFD; NUL characters are left out.

    Raises:
        InvalidInput: quotes don't match up over and over again, so that no row can be trusted.
    """
    text = io.TextIOWrapper(
        io.BufferedReader(_Pieces(pieces), buffer_size=1 << 16),
        encoding=encoding,
        errors="replace",
        newline="",
    )
    lines = _without_sep_line(_lines(text))
    number = open_quotes = 0
    while True:
        feed = _Feed(lines)
        for cells, fault in _records(feed, delimiter):
            number += 1
            yield FileRow(number, cells, fault)
            if fault:
                break
        else:
            return
        open_quotes += 1
        if open_quotes > MOST_OPEN_QUOTES:
            raise InvalidInput(
                f"Quotes in this file don’t match up, from row {number:,} on. "
                "Open it in your spreadsheet, save it as CSV again and upload that file."
            )
        lines = chain(feed.taken[1:], lines)


def skip_lead_in(rows: Iterator[FileRow]) -> Iterator[FileRow]:
    """``rows`` from where the table starts: without blank rows and titles above it, such as
    "Customer export" and a date in cells of their own."""
    known = list(islice(rows, ROWS_TO_KNOW_A_FILE_BY))
    return chain(known[_lead_in(known) :], rows)


def usual_width(rows: list[FileRow]) -> int:
    """How many columns most rows have, empty ones at the right end left out."""
    widths = Counter(_filled_width(row.cells) for row in rows if not row.is_blank)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _lead_in(rows: list[FileRow]) -> int:
    many_columns = usual_width(rows) > 2
    for index, row in enumerate(rows):
        if not row.is_blank and not (many_columns and _is_title(row)):
            return index
    return 0


def _is_title(row: FileRow) -> bool:
    """One cell at the left edge, and no number that might be somebody's phone."""
    filled = [cell for cell in row.cells if cell.strip()]
    if row.fault or len(filled) != 1 or not row.cells[0].strip():
        return False
    return sum(map(str.isdigit, filled[0])) < 7 or len(filled[0].split()) > 3


def _filled_width(cells: list[str]) -> int:
    width = len(cells)
    while width and not unwrap_cell(cells[width - 1]):
        width -= 1
    return width


def _records(feed: _Feed, delimiter: str) -> Iterator[tuple[list[str], str]]:
    """The records of ``feed``, up to and including the first with a fault."""
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        feed.taken.clear()
        try:
            cells = next(reader, None)
        except csv.Error:
            # Either way, what the line holds can't be told apart into cells.
            fault = CELL_TOO_LONG if len(feed.taken) == 1 else OPEN_QUOTE
            yield [feed.taken[0].strip()[:500]], fault
            return
        if cells is None:
            return
        if len(feed.taken) > 1 and not _is_sound(feed.taken, delimiter):
            yield [feed.taken[0].strip()[:500]], OPEN_QUOTE
            return
        yield cells, ""


def _is_sound(lines: list[str], delimiter: str) -> bool:
    """Whether the quotes of a record over several lines close where a delimiter or its end follows."""
    try:
        return sum(1 for _ in csv.reader(lines, delimiter=delimiter, strict=True)) == 1
    except csv.Error:
        return False


class _Feed:
    """Lines for the csv reader; ``taken`` holds those of the record it is at."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.taken: list[str] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken.append(line)
        return line


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE and line[-1] not in "\r\n":
            while (rest := text.readline(LONGEST_LINE)) and rest[-1] not in "\r\n":
                pass
        yield line.replace("\0", "") if "\0" in line else line


def _without_sep_line(lines: Iterator[str]) -> Iterator[str]:
    first = next(lines, None)
    if first is None:
        return iter(())
    return lines if declared_delimiter(first) else chain([first], lines)


class _Pieces(io.RawIOBase):
    """An iterable of bytes as a file to read from."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # it says more exactly what it takes
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
