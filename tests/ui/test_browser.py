"""What pages do in the browser: orders that name a function, and never code."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import pytest
import reflex as rx
from reflex_base.event import Event, EventSpec
from reflex_base.utils.format import format_event

from mbs_app.settings import PROJECT_ROOT
from mbs_app.ui import browser
from mbs_app.ui.access import Access
from mbs_app.ui.components.toast import notify, notify_problem
from mbs_app.ui.credentials import post_form
from mbs_app.ui.session import BaseState

PRODUCT = PROJECT_ROOT / "mbs_app"
# What Reflex sends to the browser as code, when a handler returns it.
SENT_AS_CODE = re.compile(
    r"\brx\.(call_script|call_function|run_script|toast(\.(error|info|success|warning|dismiss))?"
    r"|cancel_upload|clear_selected_files|scroll_to|download|window_alert)\("
)


class AnsweredState(BaseState, rx.State):
    access: ClassVar[Access] = Access.SIGNED_IN
    path: str = "/"

    @rx.event
    async def answered(self, answer: dict[str, Any]) -> None: ...

    @rx.event
    async def answered_for(self, row_id: str, answer: dict[str, Any]) -> None: ...

    @rx.event
    async def undo(self) -> None: ...


def sent(event: EventSpec) -> dict[str, Any]:
    """The payload of an event that a handler returns."""
    [one] = Event.from_event_type([event])
    assert one.name == browser.EVENT
    return one.payload


def test_a_handler_sends_a_name_and_plain_values() -> None:
    assert sent(browser.leave_for("/a'b")) == {"do": "leaveFor", "with": ["/a'b"], "then": None}
    assert sent(browser.focus("send-date", wait_ms=100))["with"] == ["send-date", 100]


def test_a_trigger_may_give_values_that_only_the_browser_knows() -> None:
    compiled = format_event(browser.insert_at_caret("message", AnsweredState.path))
    assert compiled.startswith('ReflexEvent("_in_browser", {do:"insertAtCaret"')
    assert f'with:["message", {AnsweredState.path!s}]' in compiled


def test_an_answer_goes_into_the_first_argument_left_free() -> None:
    payload = sent(post_form("form", "/api/x", AnsweredState.answered))
    assert payload["with"] == ["form", "/api/x", "POST", "", ""]
    assert payload["then"] == {
        "name": f"{AnsweredState.get_full_name()}.answered",
        "payload": {},
        "free": "answer",
    }
    order = sent(post_form("form", "/api/x", AnsweredState.answered_for("7"), method="PUT"))["then"]
    assert (order["payload"], order["free"]) == ({"row_id": "7"}, "answer")


def test_an_undo_sends_its_event_as_it_was_named() -> None:
    words, kind, button = sent(notify("3 customers added", undo=AnsweredState.undo))["with"]
    assert (words, kind, button["label"]) == ("3 customers added", "note", "Undo")
    assert button["event"]["name"].endswith(".undo")
    assert button["event"]["free"] == ""
    assert sent(notify_problem("No"))["with"] == ["No", "problem", None]


def test_no_file_of_the_product_sends_code() -> None:
    found = [
        f"{file.relative_to(PRODUCT)}: {match.group()}"
        for file in sorted(PRODUCT.rglob("*.py"))
        for match in SENT_AS_CODE.finditer(file.read_text(encoding="utf-8"))
        if not (file.name == "browser.py" and match.group() == "rx.call_script(")
    ]
    assert found == []


@pytest.mark.parametrize(
    "name",
    sorted(
        {
            name
            for file in PRODUCT.rglob("*.py")
            for name in re.findall(r'\bin_browser\(\s*"(\w+)"', file.read_text(encoding="utf-8"))
        }
    ),
)
def test_every_name_that_is_used_stands_in_the_table(name: str) -> None:
    script = (PRODUCT / "ui" / "scripts" / "browser.js").read_text(encoding="utf-8")
    table = script[script.index("const ACTIONS") : script.index("\n};")]
    assert re.search(rf"^  {name}[,:]", table, re.MULTILINE)


@pytest.mark.parametrize(
    "page",
    sorted(
        str(file.relative_to(PRODUCT))
        for file in PRODUCT.rglob("*.py")
        if "rx.el.form(" in (text := file.read_text(encoding="utf-8")) and "post_form(" in text
    ),
)
def test_a_form_pressed_before_its_page_is_awake_puts_no_password_into_the_address(
    page: str,
) -> None:
    """Until the script has loaded, the browser itself sends a form, by GET where nothing else is said."""
    text = (PRODUCT / page).read_text(encoding="utf-8")
    assert text.count('method="post"') == text.count("rx.el.form(")
