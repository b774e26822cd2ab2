"""The larger parts with made-up numbers: ledger, funnel, chart, editor, phone, slip, events."""

from collections import namedtuple

import reflex as rx

from mbs_app.services.live import Ledger
from mbs_app.ui.components.buttons import button, text_link
from mbs_app.ui.components.day_chart import DayBar, axis_for, day_chart, day_legend
from mbs_app.ui.components.editor import insert_button, insert_row, message_editor
from mbs_app.ui.components.expressions import Content
from mbs_app.ui.components.figures import bar_list, stat, stats
from mbs_app.ui.components.funnel import funnel
from mbs_app.ui.components.funnel_shape import funnel_shape
from mbs_app.ui.components.layout import regions, section_head
from mbs_app.ui.components.ledger import ledger_bar, ledger_columns, plan_bar, plan_columns, ruler
from mbs_app.ui.components.marks import live_indicator
from mbs_app.ui.components.phone import (
    TextPart,
    bubble,
    day_line,
    filled_text,
    phone_facts,
    phone_preview,
)
from mbs_app.ui.components.progress import progress
from mbs_app.ui.components.segment_meter import meter_shape, segment_meter
from mbs_app.ui.components.slip import send_slip
from mbs_app.ui.components.small_bars import SmallBar, marked_bars
from mbs_app.ui.components.sparkline import spark_points, sparkline
from mbs_app.ui.components.stepper import stepper
from mbs_app.ui.components.timeline import HistoryItem, history
from mbs_app.ui.gallery.state import GalleryState

_Reason = namedtuple("_Reason", "words count")
_LEDGER = Ledger(11_204, 1_318, 42, 5_310, 18, 236, 314, 18_442)
_PACE = [12, 24, 31, 36, 38, 37, 39, 40, 38, 41, 40, 42, 41, 40, 24, 30, 38, 41, 40, 42, 41, 42]
_REASONS = [
    _Reason("Number no longer in service", 104),
    _Reason("Phone off or out of reach", 58),
    _Reason("Carrier blocked it as spam", 41),
    _Reason("Landline, can’t get texts", 24),
    _Reason("Carrier error, no detail given", 9),
]
_EVENTS = [
    HistoryItem("10:01:09 AM", "Queued at place 12,702"),
    HistoryItem("10:06:09 AM", "Handed to carrier, accepted", rest="in 0.17 s, attempt 1 of 3"),
    HistoryItem(
        "10:06:12 AM",
        "Not delivered: number no longer in service",
        code="30005",
        note="Marked “can’t receive texts”. Later campaigns skip this number.",
        tone="bad",
    ),
]
_DAILY = [37, 35, 41, 32, 12, 26, 38, 32, 37, 61, 36, 10, 33, 38, 47, 46, 58, 27, 10, 38]


def samples() -> list[rx.Component]:
    """One section for each of the larger parts."""
    return [_ledger(), _funnel(), _days(), _message(), _plan()]


def _sample(*content: Content) -> rx.Component:
    return rx.el.section(*content, class_name="section")


def _ledger() -> rx.Component:
    figures = stats(
        stat("About 2 min left", "Ends near 10:08 AM", large=True),
        stat(
            "41.8 a second",
            "Limit for this number: 45",
            beside=sparkline(spark_points(_PACE, 45), label="The last minute"),
        ),
        stat("97.8% delivered", "of 11,458 with a final answer"),
        stat("$150.14", "of about $213 in all"),
        end=rx.fragment(live_indicator(), rx.el.span("10:06:14 AM")),
    )
    panel = rx.el.div(
        figures,
        ledger_bar(_LEDGER, size=32),
        ruler(_LEDGER.audience),
        ledger_columns(_LEDGER, _LEDGER.audience),
        class_name="panel",
    )
    return _sample(section_head("Live ledger"), panel)


def _funnel() -> rx.Component:
    left = rx.el.div(
        section_head("From audience to phone"),
        funnel(funnel_shape(_LEDGER), moving=True, per_second=41.8),
    )
    right = rx.el.div(
        section_head("Why 236 failed", text_link("Download list")),
        bar_list(_REASONS, top=104, label="Why texts failed"),
    )
    return _sample(regions(left, right), rx.el.div(history(_EVENTS), class_name="gallery-events"))


def _days() -> rx.Component:
    days = [
        DayBar(f"Day {number}", "Sep 17" if number == 0 else "", k * 1000, k * 40, k * 9)
        for number, k in enumerate(_DAILY)
    ]
    days.append(DayBar("Today", "Today", 15_000, 900, 500, rest=15_000))
    left = rx.el.div(
        section_head("Last 30 days", day_legend(_LEDGER)),
        day_chart(days, axis_for(62_000), totals=None, label="Texts by day"),
    )
    right = rx.el.div(
        section_head("Import"),
        stepper(["Choose file", "Check", "Import"], 2),
        progress("Importing", 4_200, 12_406, on_stop=rx.noop()),
        ledger_bar(_LEDGER),
        ledger_bar(_LEDGER, size=8),
        class_name="stack gap-16",
    )
    return _sample(regions(left, right))


def _message() -> rx.Component:
    left = rx.el.div(
        message_editor(
            field_id="g-editor",
            value=GalleryState.text,
            on_change=GalleryState.write,
            label="Message",
            known_fields=["first_name", "points", "city"],
            tail="Reply STOP to opt out",
            tools=insert_row(
                insert_button("First name", into="g-editor", field_text="{first_name|there}"),
                insert_button("Points", into="g-editor", field_text="{points}"),
            ),
        ),
        segment_meter(meter_shape(158, shortest=150, longest=182)),
        marked_bars(
            [
                SmallBar(height, "now" if number < 11 else "later", "")
                for number, height in enumerate(
                    [8, 30, 62, 85, 100, 90, 72, 52, 36, 22, 12] + [8] * 20
                )
            ],
            label="People by characters",
            mark_at=33,
            mark_words="longer than 160: a second segment",
            start="150",
            mark="160",
            end="182",
        ),
        class_name="stack gap-16",
    )
    parts = [
        TextPart("Hi "),
        TextPart("Rosa", True),
        TextPart(", it’s double points weekend at Juniper & Oak. You have "),
        TextPart("940", True),
        TextPart(" points. Reply STOP to opt out"),
    ]
    right = phone_preview(
        "Lakeline Plaza",
        "(512) 555-0142",
        day_line("Fri, Oct 10"),
        bubble("Night Market is on tonight, rain or shine. Reply STOP to opt out", look="old"),
        day_line("Today 8:15 PM"),
        bubble(filled_text(parts)),
        foot=phone_facts("158 characters", "1 segment", "about $0.0104"),
    )
    return _sample(regions(left, rx.el.div(right)))


def _plan() -> rx.Component:
    left = rx.el.div(
        section_head("Who gets it"),
        plan_bar(23_504, 412, 702),
        plan_columns(
            ("now", "Tonight at 8:15 PM", 23_504),
            ("later", "Tomorrow at 9:00 AM", 412),
            ("skipped", "Left out", 702),
            total_words="Audience",
            total=24_618,
        ),
    )
    slip = send_slip(
        "Double points weekend",
        "from (512) 555-0142",
        [
            ("People", "23,916"),
            ("Segments", "26,989"),
            ("Price per segment", "$0.0099–$0.0109"),
            ("Starts", "Today 8:15 PM CT"),
        ],
        total=("Cost", "$267.19–$294.18"),
        button=button("Send to 23,916 people at 8:15 PM", kind="primary", size="lg", wide=True),
        note="You can cancel until the last text has left.",
    )
    return _sample(regions(left, rx.el.div(slip)))
