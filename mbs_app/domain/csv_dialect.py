"""How a CSV file is written: encoding, delimiter, and what spreadsheets wrap around values."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from unicodedata import category

DELIMITERS = (",", ";", "\t", "|")
FALLBACK_ENCODING = "cp1252"

# UTF-32's little-endian mark begins with UTF-16's, so it is looked for first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEP_LINE = re.compile(r"^\ufeff?\"?sep=(.)\"?\s*$", re.IGNORECASE)
_FORMULA_TEXT = re.compile(r'^=\s*["“](.*)["”]$', re.DOTALL)
_APOSTROPHE_GUARD = re.compile(r"^'(?=[-+=@(\d])")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_SAMPLE_ROWS = 50
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NUMBER = re.compile(r"[+-]?[\d ().-]+", re.ASCII)
_USUAL_CONTROLS = frozenset("\t\n\r\f\v\0\x1a\x85")  # the last but one ends files of MS-DOS
_STRANGE = frozenset(("Cc", "Cn", "Co", "Cs"))


def detect_encoding(head: bytes, whole_is_head: bool) -> str:
    """The Python codec that reads a file beginning with ``head``.

    One of utf-8-sig, utf-8, utf-16, utf-16-le, utf-16-be, utf-32 or cp1252. Every file can be read
    as Windows-1252, so that is what is left when nothing else fits; its five unused bytes need
    ``errors="replace"``. Say whether ``head`` is the whole file: a letter cut in two at the end of
    a part is no fault.
    """
    return detect_encoding_of([head], complete=whole_is_head)


def detect_encoding_of(chunks: Iterable[bytes], complete: bool = True) -> str:
    """:func:`detect_encoding` over a whole file in pieces, at the memory of one piece.

    Worth the reading: the first accented name may stand in the last row.
    """
    utf8 = codecs.getincrementaldecoder("utf-8")()
    first = True
    for chunk in chunks:
        if first and chunk:
            first = False
            if decided := _by_mark(chunk) or _by_zero_bytes(chunk):
                return decided
        try:
            utf8.decode(chunk)
        except UnicodeDecodeError:
            return FALLBACK_ENCODING
    try:
        utf8.decode(b"", final=complete)
    except UnicodeDecodeError:
        return FALLBACK_ENCODING
    return "utf-8"


def is_text(sample: str) -> bool:
    """Whether somebody could have written ``sample``: control characters, unused ones and bytes that the
    encoding can't read are the exception in it, as they never are in a program, a picture or a backup.

    A stray one or two are let pass, and so are NULs, which old programs fill up columns with.
    """
    strange = sum(
        letter == "\ufffd" or (letter not in _USUAL_CONTROLS and category(letter) in _STRANGE)
        for letter in sample
    )
    return strange <= 2 + len(sample) // 50


def detect_delimiter(sample: str) -> str:
    """The delimiter of a file that begins with ``sample``: comma, semicolon, tab or bar.

    A first line ``sep=;`` decides. Otherwise the delimiter that splits the most rows into the same
    number of columns, quoted ones and line breaks left alone. A file of one column gets a comma.
    """
    if declared := declared_delimiter(sample):
        return declared
    scores = {delimiter: _score(sample, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > 0 else ","


def declared_delimiter(sample: str) -> str | None:
    """The delimiter that Excel's ``sep=`` line names, when the file begins with one. That line is
    not a row: skip it when reading."""
    first_line = re.split(r"\r\n|\r|\n", sample, maxsplit=1)[0]
    declared = _SEP_LINE.match(first_line)
    return declared[1] if declared else None


def unwrap_cell(cell: str) -> str:
    """A value without what a spreadsheet put around it: ``="014"`` gives ``014``, ``'+1512`` gives
    ``+1512``. Hard spaces become spaces, the ends are trimmed, and ``'t Hooft`` stays."""
    text = cell
    if not text.isascii():
        text = _INVISIBLE.sub("", text.replace("\xa0", " ").replace("\u202f", " "))
    text = text.strip()
    if text[:1] == "=" and (wrapped := _FORMULA_TEXT.match(text)):
        text = wrapped[1].replace('""', '"').strip()
    if text[:1] == "'":
        text = _APOSTROPHE_GUARD.sub("", text)
    return text


def csv_text(rows: Iterable[Iterable[object]], delimiter: str = ",") -> str:
    """Rows as lines of a CSV file, as RFC 4180 ends them. Cells are written as they are: see :func:`guard_cell`."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def guard_cell(value: str) -> str:
    """A value that a spreadsheet won't run as a formula when it opens our file.

    A leading ``=``, ``+``, ``-`` or ``@`` gets an apostrophe, except before a plain number such as
    a phone number; :func:`unwrap_cell` takes it off again. Source: OWASP, "CSV Injection".
    """
    return value if _PLAIN_NUMBER.fullmatch(value) else guard_text(value)


def guard_text(value: str) -> str:
    """As :func:`guard_cell` for a cell of text, where a spreadsheet must not make a number of "+1" either."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _by_mark(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def _by_zero_bytes(head: bytes) -> str | None:
    """UTF-16 without a mark: Latin letters leave every second byte zero; no other text does."""
    part = head[: min(len(head), 4096) // 2 * 2]
    if not part:
        return None
    even, odd = part[0::2].count(0), part[1::2].count(0)
    enough = len(part) // 2 * 0.4
    if odd > enough and odd > even * 3:
        return "utf-16-le"
    if even > enough and even > odd * 3:
        return "utf-16-be"
    return None


def _score(sample: str, delimiter: str) -> float:
    widths = _row_widths(sample, delimiter)
    if not widths:
        return 0.0
    width, agreeing = Counter(widths).most_common(1)[0]
    if width < 2:
        return 0.0
    # Agreement first. The rest settles ties: a delimiter stands beside quotes; a comma before a space
    # is more often part of a text, as in "Delgado, Rosa;512"; and of "1,5;2,5" the split into more
    # columns is right.
    count = max(1, sample.count(delimiter))
    at_quotes = (sample.count(f'"{delimiter}') + sample.count(f'{delimiter}"')) / (2 * count)
    in_text = sample.count(f"{delimiter} ") / count
    return agreeing / len(widths) + at_quotes / 5 - in_text / 20 + min(width, 50) / 1000


def _row_widths(sample: str, delimiter: str) -> list[int]:
    widths = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if row:
                widths.append(len(row))
            if len(widths) > _SAMPLE_ROWS:
                break
    except csv.Error:
        return []
    # The last row of a sample is cut off somewhere.
    return widths[:-1] if len(widths) > 2 else widths
