"""Looking after an installation: ``doctor``, ``backup`` and ``clean``."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from mbs_app.settings import Settings, read_settings
from mbs_app.setup import frontend
from mbs_app.setup.console import say, stop
from mbs_app.setup.database import sqlite_file
from mbs_app.setup.paths import BUILT_PAGES, OURS_ALONE, ROOT, WEB


def doctor() -> None:
    """Look at everything the product stands on; exit code 1 when something is wrong."""
    settings: Settings | None = None

    def check_settings() -> str:
        nonlocal settings
        settings = read_settings()
        return settings.address

    checks: list[tuple[str, Callable[[], str]]] = [
        ("Python", lambda: sys.version.split()[0]),
        ("Settings", check_settings),
        ("Database", lambda: _database_state(settings)),
        ("Pages", _pages_state),
        ("Texts", lambda: _texts_state(settings)),
        ("Mail", lambda: _mail_state(settings)),
    ]
    healthy = [_report(name, look) for name, look in checks]
    if not all(healthy):
        raise SystemExit(1)


def _report(name: str, look: Callable[[], str]) -> bool:
    try:
        found = look()
    except Exception as error:  # whatever is wrong, the other checks are still worth doing
        sentence = str(error).strip() or type(error).__name__
        say(f"✗ {name:9} {sentence.splitlines()[0]}")
        return False
    say(f"✓ {name:9} {found}")
    return True


def _needed(settings: Settings | None) -> Settings:
    if settings is None:
        raise RuntimeError("Can’t be looked at before the settings are right.")
    return settings


def _database_state(settings: Settings | None) -> str:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    from mbs_app import db

    file = sqlite_file(_needed(settings))
    if file is not None and not file.exists():
        raise RuntimeError(f"there is none at {file} yet. Run: python3 -m mbs_app migrate")
    newest = ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_current_head()
    with db.engine().connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        kind = connection.dialect.name
    if current != newest:
        raise RuntimeError(f"{kind}, but not at the newest tables. Run: python3 -m mbs_app migrate")
    return f"{kind}, at the newest tables"


def _pages_state() -> str:
    if not frontend.is_current():
        raise RuntimeError("not built from these sources. Run: python3 -m mbs_app build")
    return f"built, in {BUILT_PAGES.relative_to(WEB.parent)}"


def _texts_state(settings: Settings | None) -> str:
    if _needed(settings).simulates_texts:
        return "simulated: nothing leaves this machine"
    return "delivered by Twilio"


def _mail_state(settings: Settings | None) -> str:
    from mbs_app.setup.mail_state import mail_state

    return mail_state(_needed(settings))


def back_up(target: Path | None) -> None:
    """Copy the SQLite database to one file, while the product may go on working."""
    settings = read_settings()
    source = sqlite_file(settings)
    if source is None:
        stop(
            "This installation uses PostgreSQL. Back it up with pg_dump and the same DATABASE_URL."
        )
    if not source.exists():
        stop(f"There is no database at {source} yet.")
    stamp = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    target = target or settings.data_dir / "backups" / f"mbs-{stamp}.db"
    if target.exists():
        stop(f"{target} exists already; nothing was written.")
    target.parent.mkdir(mode=OURS_ALONE, parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".part")
    unfinished.touch(mode=0o600)  # a copy of everything, wherever it is put
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(unfinished)) as copy:
        live.backup(copy, pages=1000)
    with closing(sqlite3.connect(unfinished)) as copy:
        (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        stop(f"The copy is damaged ({verdict}). Look at the disk, then try again.")
    unfinished.rename(target)
    say(f"Backed up to {target}")


def clean() -> None:
    """Remove what the commands made: pages, caches, test results. The data and .env stay."""
    made = [WEB, ROOT / ".states", ROOT / "test-results"]
    made += [ROOT / f".{tool}_cache" for tool in ("pytest", "mypy", "ruff", "import_linter")]
    made += [ROOT / ".hypothesis"]
    made += [
        path
        for part in ("mbs_app", "tests", "alembic")
        for path in (ROOT / part).rglob("__pycache__")
    ]
    for path in made:
        shutil.rmtree(path, ignore_errors=True)
