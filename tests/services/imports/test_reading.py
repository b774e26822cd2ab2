"""Rows out of bytes: numbering, broken quotes, and memory that doesn't grow with the file."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from mbs_app.services.imports.reading import FileRow, read_rows, skip_lead_in

_cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=12)


def rows(text: str, delimiter: str = ",") -> list[FileRow]:
    return list(read_rows([text.encode()], "utf-8", delimiter))


@given(
    st.lists(st.lists(_cells, min_size=2, max_size=5), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]),
    st.integers(1, 7),
)
def test_what_a_program_wrote_is_what_is_read(
    table: list[list[str]], delimiter: str, encoding: str, piece: int
) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(table)
    data = written.getvalue().encode(encoding)
    pieces = [data[at : at + piece] for at in range(0, len(data), piece)]
    found = [list(row.cells) for row in read_rows(pieces, encoding, delimiter)]
    if not table[0][0].startswith("sep="):
        assert found == table


@given(st.binary(max_size=400), st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "cp1252"]))
def test_any_bytes_give_rows_numbered_in_order(data: bytes, encoding: str) -> None:
    numbers = [row.number for row in read_rows([data], encoding, ",")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_empty_lines_and_quoted_breaks_count_as_in_a_spreadsheet() -> None:
    found = rows('a,b\n\n"x\ny",z\n1,2\n')
    assert [(row.number, row.cells) for row in found if not row.is_blank] == [
        (1, ["a", "b"]),
        (3, ["x\ny", "z"]),
        (4, ["1", "2"]),
    ]


def test_titles_above_a_table_are_no_rows_of_it() -> None:
    found = skip_lead_in(iter(rows("Export\n\nOct 15\na,b,c\n1,2,3\n4,5,6\n")))
    assert next(found) == FileRow(4, ["a", "b", "c"])


def test_a_lone_phone_number_is_no_title() -> None:
    found = skip_lead_in(iter(rows("5125550142,,\nRosa,D,5125550143\nTy,W,5125550144\n")))
    assert next(found).number == 1


def test_memory_stays_at_a_piece_of_the_file() -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(30):
            yield b"(512) 555-0142,Rosa,Delgado,rosa@example.com\r\n" * 20_000

    tracemalloc.start()
    count = sum(1 for _ in read_rows(pieces(), "utf-8", ","))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 600_000
    assert peak < 8_000_000  # the file has 27 MB
