"""The bar over the table while customers are ticked, and the work done on many."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button, text_link
from mbs_app.ui.components.progress import progress
from mbs_app.ui.components.table import selection_bar
from mbs_app.ui.components.wording import commas
from mbs_app.ui.customers.state import CustomersState

S = CustomersState


def chosen_bar() -> rx.Component:
    count = rx.cond(S.all_match, S.matching, S.chosen.length())
    return rx.cond(
        (S.chosen.length() > 0) & (S.working == ""),
        selection_bar(
            rx.fragment(commas(count), " selected"),
            button("Add to group", kind="ghost", icon="tags", on_click=S.ask("group", "")),
            rx.cond(
                S.shows_one_group,
                button(
                    "Take out of group",
                    kind="ghost",
                    icon="circle_minus",
                    on_click=S.remove_from_shown_group,
                ),
            ),
            button("Text them", kind="ghost", icon="send", on_click=S.write_to_them),
            button("Record opt-out", kind="ghost", icon="ban", on_click=S.ask("opt_out", "")),
            link_button(
                "Export", href=S.chosen_export_url, kind="ghost", icon="download", external=True
            ),
            button("Delete", kind="danger", icon="trash_2", on_click=S.ask("delete", "")),
            more=rx.cond(
                ~S.all_match & (S.matching > S.chosen.length()),
                text_link(
                    rx.fragment("Select all ", commas(S.matching), " that match"),
                    on_click=S.choose_all_that_match,
                ),
            ),
            on_clear=S.choose_nobody,
        ),
    )


def work_progress() -> rx.Component:
    words = rx.match(
        S.working,
        ("adding", "Adding to the group"),
        ("removing", "Taking out of the group"),
        ("opting_out", "Recording opt-outs"),
        ("deleting", "Deleting"),
        "",
    )
    return rx.cond(
        (S.working != "") & (S.to_do > 1),
        progress(words, S.done, S.to_do, on_stop=S.stop, stopping=S.stopping),
    )
