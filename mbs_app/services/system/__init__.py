"""How the whole installation stands, for admins: sums and states, and nobody's data."""

from mbs_app.services.system.callbacks import Callbacks, read_callbacks
from mbs_app.services.system.health import Check, State, percent_words, worst
from mbs_app.services.system.mail import Mail, read_mail
from mbs_app.services.system.people import People, read_people
from mbs_app.services.system.queue import Queue, read_queue
from mbs_app.services.system.setup import Setting, Setup, read_setup
from mbs_app.services.system.storage import Storage, TableSize, bytes_words, read_storage
from mbs_app.services.system.texts import Texts, read_texts
from mbs_app.services.system.workers import (
    Version,
    WorkerProcess,
    Workers,
    read_version,
    read_workers,
)

__all__ = [
    "Callbacks",
    "Check",
    "Mail",
    "People",
    "Queue",
    "Setting",
    "Setup",
    "State",
    "Storage",
    "TableSize",
    "Texts",
    "Version",
    "WorkerProcess",
    "Workers",
    "bytes_words",
    "percent_words",
    "read_callbacks",
    "read_mail",
    "read_people",
    "read_queue",
    "read_setup",
    "read_storage",
    "read_texts",
    "read_version",
    "read_workers",
    "worst",
]
