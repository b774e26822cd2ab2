"""How the installation stands, over HTTP, for admins: the same facts as on the page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from mbs_app import db
from mbs_app.api.actors import Administrating
from mbs_app.api.dependencies import SettingsHere
from mbs_app.domain.errors import InvalidInput
from mbs_app.domain.time_words import is_zone
from mbs_app.services import accounts, system
from mbs_app.services.system import (
    Callbacks,
    Mail,
    People,
    Queue,
    Setup,
    State,
    Storage,
    Texts,
    Version,
    Workers,
)

router = APIRouter(prefix="/api/admin/overview", tags=["Administration"])


class OverviewOut(BaseModel):
    """Each part has its figures and its ``checks``, which say how it stands and what to do. ``state`` is the worst
    of them all."""

    state: State
    people: People
    texts: Texts
    queue: Queue
    callbacks: Callbacks
    mail: Mail
    storage: Storage
    workers: Workers
    version: Version
    setup: Setup


@router.get("", summary="How the installation stands")
def read_overview(
    actor: Administrating,
    settings: SettingsHere,
    time_zone: Annotated[
        str | None,
        Query(max_length=64, description="Where days begin (IANA); your own zone if left out."),
    ] = None,
) -> OverviewOut:
    """Sums over the whole workspace; nobody’s customers or texts."""
    if time_zone is not None and not is_zone(time_zone):
        raise InvalidInput(time_zone="Name a zone such as America/Chicago.")
    with db.transaction(actor, read_only=True) as session:
        zone = time_zone or accounts.my_profile(session, actor).time_zone
        found = OverviewOut(
            state=State.HEALTHY,
            people=system.read_people(session, actor),
            texts=system.read_texts(session, actor, zone),
            queue=system.read_queue(session, actor),
            callbacks=system.read_callbacks(session, actor, settings),
            mail=system.read_mail(session, actor, settings),
            storage=system.read_storage(session, actor, settings),
            workers=system.read_workers(session, actor),
            version=system.read_version(session, actor),
            setup=system.read_setup(session, actor, settings),
        )
    parts = (getattr(found, name) for name in OverviewOut.model_fields if name != "state")
    found.state = system.worst(check for part in parts for check in part.checks)
    return found
