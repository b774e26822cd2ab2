"""The people a text is tried on while it is written, kept for a short while for all tabs of a process.

They are read once for an audience and the fields of a text, not with every key press, and stay out of the
page's state: several hundred people are nothing to send to a browser.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.queries.recipients import Recipient
from mbs_app.services import audiences, campaigns
from mbs_app.services.audiences import Reach

FRESH_SECONDS = 60.0
MOST_KEPT = 200

Key = tuple[UUID | None, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is reached, some of them, and which of the text's fields there are."""

    reach: Reach
    people: tuple[Recipient, ...]
    known_fields: tuple[str, ...]


_kept: OrderedDict[Key, tuple[float, Crowd]] = OrderedDict()


def key_of(user_id: UUID | None, audience: Mapping[str, Any], fields: tuple[str, ...]) -> Key:
    return user_id, json.dumps(audience, sort_keys=True), tuple(sorted(fields))


def recall(key: Key) -> Crowd | None:
    """What was read lately, or None."""
    found = _kept.get(key)
    if found is None or time.monotonic() > found[0]:
        return None
    return found[1]


def read(
    session: Session, actor: Actor, audience: Mapping[str, Any], fields: tuple[str, ...]
) -> Crowd:
    """Count the audience and draw a sample of it, and keep both."""
    reach = audiences.reach(session, actor, audience)
    people = audiences.sample(session, actor, audience, fields=fields, will_get=reach.will_get)
    known = campaigns.known_fields(session, audiences.owner_of(actor), fields)
    crowd = Crowd(reach, tuple(people), tuple(known))
    key = key_of(actor.user_id, audience, fields)
    _kept[key] = (time.monotonic() + FRESH_SECONDS, crowd)
    _kept.move_to_end(key)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return crowd
