"""When somebody last showed in a session that it is them; finding a browser by its cookie."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_known_devices_token_hash", "known_devices", ["token_hash"])


def downgrade() -> None:
    op.drop_index("ix_known_devices_token_hash", table_name="known_devices")
    op.drop_column("sessions", "confirmed_at")
