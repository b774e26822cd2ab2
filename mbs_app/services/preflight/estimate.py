"""About how long an audience's texts are, without filling in every one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.segments import measure
from mbs_app.services import audiences


def estimate_segments(
    session: Session, actor: Actor, audience: Mapping[str, Any], message_body: str, *, will_get: int
) -> int:
    """Segments of all ``will_get`` texts together, from some hundred of them filled in."""
    template = merge.parse(message_body)
    people = audiences.sample(session, actor, audience, fields=template.fields, will_get=will_get)
    if not people:
        return 0
    segments = sum(measure(template.render(one.values()).text).segments for one in people)
    return round(will_get * segments / len(people))
