from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mbs_app.setup import upkeep


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with closing(sqlite3.connect(tmp_path / "mbs.db")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE kept (word TEXT)")
        database.execute("INSERT INTO kept VALUES ('here')")
        database.commit()
    return tmp_path


def words_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [word for (word,) in database.execute("SELECT word FROM kept")]


def test_a_backup_is_one_whole_file_while_writers_go_on(data: Path) -> None:
    with closing(sqlite3.connect(data / "mbs.db")) as writer:
        writer.execute("INSERT INTO kept VALUES ('not committed')")
        upkeep.back_up(data / "copy.db")
    assert words_in(data / "copy.db") == ["here"]


def test_a_backup_has_the_time_in_its_name(data: Path) -> None:
    upkeep.back_up(None)
    [made] = (data / "backups").iterdir()
    assert words_in(made) == ["here"]


def test_a_backup_overwrites_nothing(data: Path) -> None:
    (data / "copy.db").write_text("mine")
    with pytest.raises(SystemExit):
        upkeep.back_up(data / "copy.db")
    assert (data / "copy.db").read_text() == "mine"


def test_postgresql_is_told_about_pg_dump(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://host/mbs")
    with pytest.raises(SystemExit):
        upkeep.back_up(None)
    assert "pg_dump" in capsys.readouterr().err
