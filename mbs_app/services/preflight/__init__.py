"""The check before sending: every text filled in once, counted, and what to know before it leaves."""

from mbs_app.services.preflight.checking import check
from mbs_app.services.preflight.estimate import estimate_segments
from mbs_app.services.preflight.facts import (
    BlankField,
    Letter,
    Notice,
    Preflight,
    Problem,
    SampleText,
    SegmentLine,
    SenderFacts,
)
from mbs_app.services.preflight.histogram import Bar, Histogram
from mbs_app.services.preflight.lists import (
    PeoplePage,
    PersonLine,
    TextFilter,
    TextLine,
    TextPage,
    left_out_page,
    left_out_piece,
    texts_page,
)

__all__ = [
    "Bar",
    "BlankField",
    "Histogram",
    "Letter",
    "Notice",
    "PeoplePage",
    "PersonLine",
    "Preflight",
    "Problem",
    "SampleText",
    "SegmentLine",
    "SenderFacts",
    "TextFilter",
    "TextLine",
    "TextPage",
    "check",
    "estimate_segments",
    "left_out_page",
    "left_out_piece",
    "texts_page",
]
