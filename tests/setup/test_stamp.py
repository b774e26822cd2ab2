from __future__ import annotations

from pathlib import Path

import pytest

from mbs_app.setup import stamp


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ui" / "deep").mkdir(parents=True)
    (tmp_path / "ui" / "a.py").write_text("a")
    (tmp_path / "ui" / "deep" / "b.py").write_text("b")
    return tmp_path / "ui"


def test_the_same_files_have_the_same_digest(folder: Path) -> None:
    assert stamp.digest_of([folder]) == stamp.digest_of([folder])


def test_a_change_at_the_bottom_changes_it(folder: Path) -> None:
    before = stamp.digest_of([folder])
    (folder / "deep" / "b.py").write_text("c")
    assert stamp.digest_of([folder]) != before


def test_a_new_name_changes_it(folder: Path) -> None:
    before = stamp.digest_of([folder])
    (folder / "a.py").rename(folder / "z.py")
    assert stamp.digest_of([folder]) != before


def test_compiled_files_do_not(folder: Path) -> None:
    before = stamp.digest_of([folder])
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "a.pyc").write_bytes(b"x")
    assert stamp.digest_of([folder]) == before


def test_what_is_not_there_counts_as_absent(folder: Path) -> None:
    assert stamp.digest_of([folder / "no"]) == stamp.digest_of([])
    assert stamp.digest_of([], "3.11") != stamp.digest_of([], "3.12")


def test_a_stamp_holds_what_was_written(tmp_path: Path) -> None:
    mark = tmp_path / "made" / "later"
    assert not stamp.holds(mark, "x")
    stamp.write(mark, "x")
    assert stamp.holds(mark, "x")
    assert not stamp.holds(mark, "y")
