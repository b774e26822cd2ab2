from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mbs_app.settings import read_settings
from mbs_app.setup import database, upkeep


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


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_nobody_else_on_the_machine_reads_a_backup_or_a_folder_made_for_data(
    data: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    upkeep.back_up(data / "copy.db")
    upkeep.back_up(None)
    assert (data / "copy.db").stat().st_mode & 0o077 == 0
    assert (data / "backups").stat().st_mode & 0o077 == 0
    fresh = tmp_path_factory.mktemp("fresh") / "data"
    settings = read_settings(data_dir=fresh)
    monkeypatch.setattr(database, "get_settings", lambda: settings)
    monkeypatch.setattr("alembic.command.upgrade", lambda *_: None)
    database.migrate()
    assert fresh.stat().st_mode & 0o077 == 0


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
