"""The audit log: who did what to what, when, from where. It is only ever added to."""

from mbs_app.services.audit.export import csv_piece, note_export
from mbs_app.services.audit.listing import (
    AuditFilter,
    AuditLine,
    AuditPage,
    Person,
    count_newer,
    find_people,
    list_events,
    name_of,
    note_look,
)
from mbs_app.services.audit.recording import look_as_admin, record
from mbs_app.services.audit.words import ACTS, GROUP_WORDS, ActGroup, Part, detail_words

__all__ = [
    "ACTS",
    "GROUP_WORDS",
    "ActGroup",
    "AuditFilter",
    "AuditLine",
    "AuditPage",
    "Part",
    "Person",
    "count_newer",
    "csv_piece",
    "detail_words",
    "find_people",
    "list_events",
    "look_as_admin",
    "name_of",
    "note_export",
    "note_look",
    "record",
]
