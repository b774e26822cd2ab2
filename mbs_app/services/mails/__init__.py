"""The product's own mails: written, put into the outbox, and what became of them."""

from mbs_app.services.mails.books import TAG, end, note_accepted
from mbs_app.services.mails.outbox import queue
from mbs_app.services.mails.overview import MailLine, Outbox, problems, read_outbox, recent
from mbs_app.services.mails.reports import take_report
from mbs_app.services.mails.setting_aside import WHY as WHY_SET_ASIDE
from mbs_app.services.mails.setting_aside import SetAside, list_set_aside, release, set_aside

__all__ = [
    "TAG",
    "WHY_SET_ASIDE",
    "MailLine",
    "Outbox",
    "SetAside",
    "end",
    "list_set_aside",
    "note_accepted",
    "problems",
    "queue",
    "read_outbox",
    "recent",
    "release",
    "set_aside",
    "take_report",
]
