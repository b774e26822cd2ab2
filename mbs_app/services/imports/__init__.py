"""Importing customers from a file.

::

    upload ─► uploaded ─► checking ─► checked ─► importing ─► done
                 ▲            │          ▲           │  ▲
                 └── stopped ─┘          └ changed ──┘  └─ stopped, or failed: goes on from there

Uploading guesses what the columns mean and asks for a check, which changes nothing; whoever uploaded looks at
what would happen, corrects the columns, and starts. A worker does the work (:func:`run_next`).
"""

from mbs_app.services.imports.choices import (
    change_mapping,
    change_region,
    check_again,
    choose_group,
    map_column,
    set_has_header,
    start,
    stop,
)
from mbs_app.services.imports.job import run_next
from mbs_app.services.imports.report import (
    ColumnMatch,
    ImportSummary,
    ReasonCount,
    RefusedPage,
    RefusedRow,
    changed_words,
    left_out_rows,
    refused_page,
    refused_piece,
    summary,
)
from mbs_app.services.imports.targets import offered_targets, target_name
from mbs_app.services.imports.uploads import (
    LARGEST_FILE,
    discard,
    get_import,
    list_imports,
    upload,
)

__all__ = [
    "LARGEST_FILE",
    "ColumnMatch",
    "ImportSummary",
    "ReasonCount",
    "RefusedPage",
    "RefusedRow",
    "change_mapping",
    "change_region",
    "changed_words",
    "check_again",
    "choose_group",
    "discard",
    "get_import",
    "left_out_rows",
    "list_imports",
    "map_column",
    "offered_targets",
    "refused_page",
    "refused_piece",
    "run_next",
    "set_has_header",
    "start",
    "stop",
    "summary",
    "target_name",
    "upload",
]
