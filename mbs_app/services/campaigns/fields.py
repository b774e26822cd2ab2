"""The fields a text can be filled with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from mbs_app.domain import merge
from mbs_app.domain.actor import Actor
from mbs_app.domain.names import field_label
from mbs_app.queries import customers as customer_queries
from mbs_app.services.lookup import owner_of

MOST_CUSTOM_FIELDS = 40


class MergeField(NamedTuple):
    """``name`` as it stands in braces, ``label`` as on a button."""

    name: str
    label: str
    is_custom: bool


def merge_fields(session: Session, actor: Actor) -> list[MergeField]:
    """The standard fields, then the custom ones found among the actor's customers."""
    custom = customer_queries.attribute_keys(session, owner_of(actor))
    return [
        *(MergeField(name, field_label(name), False) for name in merge.STANDARD_FIELDS),
        *(
            MergeField(name, field_label(name), True)
            for name in custom[:MOST_CUSTOM_FIELDS]
            if name not in merge.STANDARD_FIELDS
        ),
    ]


def known_fields(session: Session, owner: UUID, used: Sequence[str]) -> list[str]:
    """Those of the ``used`` fields that the owner's customers have, be it but one of them."""
    custom = [name for name in used if name not in merge.STANDARD_FIELDS]
    return [
        *merge.STANDARD_FIELDS,
        *(name for name in custom if customer_queries.somebody_has_attribute(session, owner, name)),
    ]
