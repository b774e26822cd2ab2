"""Ways into the audit log for its filters; what the overview of the system counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REPLACED = (
    ("ix_audit_events_at_id", ["at", "id"]),
    ("ix_audit_events_actor_id_at", ["actor_id", "at"]),
)
WAYS_IN = (
    ("ix_audit_events_actor_id_id", ["actor_id", "id"]),
    ("ix_audit_events_actor_id_action_id", ["actor_id", "action", "id"]),
    ("ix_audit_events_ip_id", ["ip", "id"]),
)
UNMATCHED = sa.text("applied_at IS NOT NULL AND user_id IS NULL")


def upgrade() -> None:
    for name, columns in WAYS_IN:
        op.create_index(name, "audit_events", columns)
    for name, _columns in REPLACED:
        op.drop_index(name, "audit_events")
    op.create_index(
        "ix_message_events_unmatched",
        "message_events",
        ["id"],
        sqlite_where=UNMATCHED,
        postgresql_where=UNMATCHED,
    )
    op.create_table(
        "refused_callbacks",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hour", "kind", name=op.f("pk_refused_callbacks")),
    )


def downgrade() -> None:
    op.drop_table("refused_callbacks")
    op.drop_index("ix_message_events_unmatched", "message_events")
    for name, columns in REPLACED:
        op.create_index(name, "audit_events", columns)
    for name, _columns in WAYS_IN:
        op.drop_index(name, "audit_events")
