"""The database before the start: brought to the newest tables, and the way in for the first admin."""

from __future__ import annotations

import importlib
import importlib.util

from mbs_app.settings import get_settings
from mbs_app.setup.console import stop
from mbs_app.setup.paths import ROOT


def migrate() -> None:
    """Bring the database to the newest tables, or end with a sentence that says what stands in the way."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.exc import OperationalError

    settings = get_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        command.upgrade(Config(ROOT / "alembic.ini"), "head")
    except OperationalError as error:
        stop(f"The database can’t be reached: {str(error.orig).strip()}\nCheck DATABASE_URL.")


def first_admin_link(address: str) -> str | None:
    """The one-time link that makes the first admin; None once there is one."""
    if importlib.util.find_spec("mbs_app.services.first_admin") is None:
        return None
    service = importlib.import_module("mbs_app.services.first_admin")

    from mbs_app import db
    from mbs_app.domain.actor import Actor

    with db.transaction(Actor.system("start")) as session:
        link: str | None = service.first_admin_link(session, address)
        return link
