"""A mail for who tries to join with an address that has an account already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLE = "outgoing_mails"
BEFORE = (
    "invitation",
    "approved",
    "rejected",
    "password_reset",
    "password_changed",
    "new_device",
    "email_change",
    "email_changed",
    "security_changed",
)
NEW = "already_joined"


def upgrade() -> None:
    _allow((*BEFORE, NEW))


def downgrade() -> None:
    mails = sa.table(TABLE, sa.column("kind"))
    op.execute(sa.delete(mails).where(mails.c.kind == NEW))
    _allow(BEFORE)


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    # SQLite copies the table for this. Nothing refers to it.
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(op.f("ck_outgoing_mails_kind"), type_="check")
        table.create_check_constraint(op.f("ck_outgoing_mails_kind"), f"kind IN ({listed})")
