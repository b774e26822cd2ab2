"""Mails: the invitation or the link that one carries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_CARRIES_ONE = sa.text("about_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("outgoing_mails", sa.Column("about_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_outgoing_mails_about_id",
        "outgoing_mails",
        ["about_id"],
        sqlite_where=_CARRIES_ONE,
        postgresql_where=_CARRIES_ONE,
    )


def downgrade() -> None:
    op.drop_index("ix_outgoing_mails_about_id", table_name="outgoing_mails")
    op.drop_column("outgoing_mails", "about_id")
