"""The product's own mails: written, put into the outbox, and what became of them."""

from mbs_app.services.mails.books import TAG, call_off, end, note_accepted
from mbs_app.services.mails.outbox import queue
from mbs_app.services.mails.overview import (
    MailLine,
    MailPage,
    MailShow,
    Outbox,
    list_mails,
    mails_after,
    read_outbox,
)
from mbs_app.services.mails.reports import take_report
from mbs_app.services.mails.setting_aside import (
    SetAside,
    list_set_aside,
    release,
    set_aside,
    why_set_aside,
)

__all__ = [
    "TAG",
    "MailLine",
    "MailPage",
    "MailShow",
    "Outbox",
    "SetAside",
    "call_off",
    "end",
    "list_mails",
    "list_set_aside",
    "mails_after",
    "note_accepted",
    "queue",
    "read_outbox",
    "release",
    "set_aside",
    "take_report",
    "why_set_aside",
]
