"""A key as its list shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mbs_app.domain.time_words import ago, day_words, mid_sentence
from mbs_app.models import ApiKey
from mbs_app.services import api_keys

SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class KeyRow:
    """``status`` is "active", "soon" (about to expire), "expired" or "revoked"; ``ends`` says when."""

    id: str
    name: str
    hint: str
    may: str
    status: str
    ends: str
    used: str
    used_from: str
    summary: str
    made: str


def key_row(key: ApiKey, now: datetime, zone: str) -> KeyRow:
    status = api_keys.status_of(key)
    used = ago(key.last_used_at, now) if key.last_used_at else "Never"
    return KeyRow(
        id=str(key.id),
        name=key.name,
        hint=api_keys.hint(key),
        may=scope_words(key.scopes),
        status="soon" if status == "active" and _ends_soon(key, now) else status,
        ends=_ends(key, status, now, zone),
        used=used,
        used_from=key.last_used_ip,
        summary=f"Used {mid_sentence(used)}" if key.last_used_at else "Never used",
        made=f"Made {mid_sentence(day_words(key.created_at, now, zone))}",
    )


def scope_words(scopes: list[str]) -> str:
    """["read", "write"] → "Read, write"."""
    return ", ".join(scopes).capitalize()


def _ends_soon(key: ApiKey, now: datetime) -> bool:
    return key.expires_at is not None and (key.expires_at - now).days < SOON_DAYS


def _ends(key: ApiKey, status: str, now: datetime, zone: str) -> str:
    if key.revoked_at is not None:
        return f"Revoked {mid_sentence(day_words(key.revoked_at, now, zone))}"
    if key.expires_at is None:
        return "No end"
    verb = "Expired" if status == "expired" else "Ends"
    return f"{verb} {mid_sentence(day_words(key.expires_at, now, zone))}"
