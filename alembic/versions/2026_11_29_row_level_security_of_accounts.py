"""Row-level security on PostgreSQL for accounts, their links, steps, mails and the audit log."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The column that says whose a row is. The ORM hook leaves these tables alone: who isn't signed in yet is looked up
# in them, and admins go through them. The database lets a person at their own rows only, all the same.
WHOSE = {
    "admin_password_resets": "user_id",
    "audit_events": "actor_id",
    "outgoing_mails": "user_id",
    "password_reset_tokens": "user_id",
    "sign_in_steps": "user_id",
}
# Nobody's: for the program, and for admins among the accounts.
OF_THE_PROGRAM = ("invite_codes", "mail_events", "refused_callbacks")
# Read in anybody's transaction, as to see whether an address is taken; changed by the person alone, and by admins.
PEOPLE = "user_profiles"

_ME = "NULLIF(current_setting('mbs.user_id', true), '')::uuid"
_ALL = "COALESCE(NULLIF(current_setting('mbs.sees_all', true), ''), 'off')::boolean"


def _rules() -> dict[str, str]:
    mine = {table: f"({_ALL} OR {column} = {_ME})" for table, column in WHOSE.items()}
    return {
        **mine,
        **dict.fromkeys(OF_THE_PROGRAM, f"({_ALL})"),
        PEOPLE: f"({_ALL} OR id = {_ME})",
    }


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, rule in _rules().items():
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        op.execute(f'CREATE POLICY owner ON "{table}" USING {rule} WITH CHECK {rule}')
    op.execute(f'CREATE POLICY seen_by_people ON "{PEOPLE}" FOR SELECT USING ({_ME} IS NOT NULL)')


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(f'DROP POLICY seen_by_people ON "{PEOPLE}"')
    for table in _rules():
        op.execute(f'DROP POLICY owner ON "{table}"')
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
