"""Consent: who said they want texts, who said stop, and how we know.

Two things are kept apart. A *suppression* is in force: its number gets no texts. A *consent event* is
history: it is only ever added. A reply of STOP suppresses the number for the whole workspace, whoever's
customer it is; an opt-out that a marketer records holds for that marketer's own texts and can be undone
by them. A reply of STOP can't: only the person can take it back, by texting START. What was refused follows
the person to a new number.
"""

from mbs_app.services.consent.inbound import IncomingText, handle_inbound
from mbs_app.services.consent.recording import (
    can_undo,
    consent_history,
    follow_to_new_number,
    record_carrier_opt_out,
    record_opt_in,
    record_opt_out,
    record_opt_outs,
    undo_opt_outs,
)

__all__ = [
    "IncomingText",
    "can_undo",
    "consent_history",
    "follow_to_new_number",
    "handle_inbound",
    "record_carrier_opt_out",
    "record_opt_in",
    "record_opt_out",
    "record_opt_outs",
    "undo_opt_outs",
]
