"""Files as spreadsheets and old programs write them."""

from __future__ import annotations

import codecs
import csv
import io
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mbs_app.domain.csv_dialect import (
    declared_delimiter,
    detect_delimiter,
    detect_encoding,
    detect_encoding_of,
    guard_cell,
    is_text,
    unwrap_cell,
)

MARKS = (
    codecs.BOM_UTF8,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_LE,
    codecs.BOM_UTF32_BE,
)
TEXT = "Vorname;Mobil\r\nZoë;+49 1511 2345678\r\nJürgen;0151 12345678\r\n"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-32"), "utf-32"),
        (TEXT.encode("cp1252"), "cp1252"),
        (b"name,phone\n", "utf-8"),
        (b"", "utf-8"),
    ],
)
def test_encodings(raw: bytes, encoding: str) -> None:
    assert detect_encoding(raw, whole_is_head=True) == encoding
    assert raw.decode(encoding) in (TEXT, "name,phone\n", "")


def test_a_letter_cut_in_two_is_a_fault_only_at_the_end_of_the_file() -> None:
    cut = "Zoë".encode()[:-1]
    assert detect_encoding(cut, whole_is_head=False) == "utf-8"
    assert detect_encoding(cut, whole_is_head=True) == "cp1252"


def test_one_accent_in_the_last_row_decides_for_the_whole_file() -> None:
    chunks = [b"name\n" + b"Rosa\n" * 1000, b"Zo\xeb\n"]
    assert detect_encoding_of(chunks) == "cp1252"
    assert detect_encoding_of([b"Zo\xc3", b"\xab\n"]) == "utf-8"
    assert detect_encoding_of([]) == "utf-8"


@given(st.text(min_size=1))
def test_utf8_is_always_recognised(text: str) -> None:
    assume("\x00" not in text)
    assert detect_encoding(text.encode("utf-8"), whole_is_head=True) in ("utf-8", "utf-8-sig")


@given(st.binary(max_size=300), st.booleans())
def test_whatever_is_found_can_read_the_file(raw: bytes, whole: bool) -> None:
    encoding = detect_encoding(raw, whole)
    if encoding == "utf-8":
        # Every byte is understood, but for a letter that was cut in two.
        read = codecs.getincrementaldecoder(encoding)().decode(raw, final=whole)
        assert raw.startswith(read.encode())
        assert len(raw) - len(read.encode()) <= (0 if whole else 3)
    elif encoding == "cp1252":
        assert len(raw.decode(encoding, errors="replace")) == len(raw)
    else:
        # Its mark, or the zeros of UTF-16, say what it is; what doesn't fit comes out as a mark of that.
        assert raw.startswith(MARKS) or 0 in raw
        assert raw.decode(encoding, errors="replace") or raw in MARKS


@given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"])))
def test_what_people_type_is_text(words: str) -> None:
    assert is_text(words)


@given(st.integers(), st.integers(300, 5000))
def test_random_bytes_are_no_text(seed: int, size: int) -> None:
    raw = Random(seed).randbytes(size)
    encoding = detect_encoding(raw, whole_is_head=True)
    assert not is_text(raw.decode(encoding, errors="replace"))


@pytest.mark.parametrize("stray", ["\x0b", "\x1a", "\ufffd", "\x01\x02"])
def test_a_stray_character_leaves_a_file_a_text(stray: str) -> None:
    assert is_text(f"name,phone\nRosa,512{stray}\n")


@pytest.mark.parametrize(
    ("sample", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b;c\n1;2;3\n", ";"),
        ("a\tb\tc\n1\t2\t3\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ('name,phone\n"Delgado; Rosa",1\n"Boone; M",2\n', ","),
        ('name;note\n"a,b";"c,d,e"\n"f,g";"h\n,i"\n', ";"),
        ('a;b\n"line one\nline two";x\n', ";"),
        ("phone\n5125550142\n", ","),
        ("", ","),
        ("sep=;\na,b;c,d\n", ";"),
        ("sep=|\r\na,b|c\r\n", "|"),
        ("\ufeffsep=\t\na\tb\n", "\t"),
        ("Name, first;Phone\nDelgado, Rosa;512\nBoone, Marcus;918\n", ";"),
        ("name,phone,notes\nRosa,1,\nMarcus,2,likes a; b; c\nZoe,3,x", ","),
    ],
)
def test_delimiters(sample: str, delimiter: str) -> None:
    assert detect_delimiter(sample) == delimiter


def test_the_sep_line_is_told_apart_from_a_row() -> None:
    assert declared_delimiter("sep=;\nx") == ";"
    assert declared_delimiter("SEP=,\r\nx") == ","
    assert declared_delimiter("september;x\n") is None


@given(
    st.sampled_from([",", ";", "\t", "|"]),
    st.integers(2, 8),
    st.integers(2, 12),
    st.randoms(use_true_random=False),
)
def test_finds_the_delimiter_of_what_the_csv_module_writes(
    delimiter: str, width: int, height: int, random: object
) -> None:
    cells = ["Rosa", "a,b", "x;y", 'say "hi"', "two\nlines", "", "12480", "Zoë|Z"]
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    for _ in range(height):
        writer.writerow(random.choice(cells) for _ in range(width))
    assert detect_delimiter(output.getvalue()) == delimiter


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Rosa", "Rosa"),
        ("  Rosa\xa0", "Rosa"),
        ("a\xa0b", "a b"),
        ('="+15125550142"', "+15125550142"),
        ('="014"', "014"),
        ('= "014" ', "014"),
        ('="say ""hi"""', 'say "hi"'),
        ('=""', ""),
        ("'+15125550142", "+15125550142"),
        ("'014", "014"),
        ("'=1+1", "=1+1"),
        ("'t Hooft", "'t Hooft"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("\ufeffphone", "phone"),
        ("", ""),
    ],
)
def test_cells_are_unwrapped(cell: str, value: str) -> None:
    assert unwrap_cell(cell) == value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|x", "'+cmd|x"),
        ("-2+3", "'-2+3"),
        ("+15125550142", "+15125550142"),
        ("-5", "-5"),
        ("Rosa", "Rosa"),
    ],
)
def test_formulas_are_disarmed_and_numbers_left_alone(value: str, written: str) -> None:
    assert guard_cell(value) == written


@given(st.text(max_size=50))
def test_a_guarded_cell_never_starts_a_formula_and_comes_back(value: str) -> None:
    written = guard_cell(value)
    assert written[:1] not in ("=", "@", "\t", "\r")
    if value[:1] in ("=", "+", "-", "@") and not value.startswith("="):
        assert unwrap_cell(written) == unwrap_cell(value)
