"""How many webhooks were refused: counted, because keeping them would let anybody fill the disk."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from mbs_app.models.base import UtcDateTime, made_now


class RefusedCallback(SQLModel, table=True):
    """The webhooks of one kind without a good signature in one hour, which ``hour`` is the start of."""

    __tablename__ = "refused_callbacks"

    hour: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    kind: str = Field(max_length=20, primary_key=True)  # "twilio", "resend"
    count: int = 0
    last_at: datetime = made_now()
