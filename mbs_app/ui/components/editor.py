"""The message editor: a textarea over a layer that tints {fields}, so that the caret stays true.

What is typed shows at once, in the browser; the state hears of it a moment after the last key.
"""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec

from mbs_app.ui.browser import insert_at_caret
from mbs_app.ui.components.buttons import button
from mbs_app.ui.components.expressions import Content, Text

_SCRIPT = r"""
function MessageEditor({ id, value, onChange, onBlur, rows, placeholder, known, tail, wait, describedBy, invalid, label }) {
  const [text, setText] = useState(value ?? "");
  const timer = useRef(null);
  const told = useRef([value ?? ""]);
  const latest = useRef(value ?? "");
  useEffect(() => {
    // Our own words coming back from the server, maybe late, must not undo what was typed since.
    if (value == null || told.current.includes(value)) return;
    told.current = [value];
    latest.current = value;
    setText(value);
  }, [value]);
  const tell = () => {
    clearTimeout(timer.current);
    timer.current = null;
    if (told.current[told.current.length - 1] === latest.current) return;
    told.current = [...told.current.slice(-20), latest.current];
    onChange?.(latest.current);
  };
  useEffect(() => () => { if (timer.current) tell(); }, []);
  const typed = (event) => {
    latest.current = event.target.value;
    setText(event.target.value);
    clearTimeout(timer.current);
    timer.current = setTimeout(tell, wait ?? 300);
  };
  const pieces = text.split(/(\{[^{}\n]*\})/g).map((piece, index) => {
    if (index % 2 === 0) return piece;
    const name = piece.slice(1, -1).split("|")[0].trim();
    const bad = known && !known.includes(name);
    return createElement("mark", { key: index, className: bad ? "bad" : "" }, piece);
  });
  return createElement(
    "div",
    { className: "editor-area" },
    createElement(
      "div",
      { className: "editor-paint", "aria-hidden": true },
      ...pieces,
      tail ? createElement("span", { className: "tail" }, (/\s$/.test(text) || !text ? "" : " ") + tail) : null,
      "\u200b",
    ),
    createElement("textarea", {
      id, rows, placeholder, value: text, onChange: typed, spellCheck: true,
      onBlur: () => { tell(); onBlur?.(); },
      "aria-label": label, "aria-describedby": describedBy, "aria-invalid": invalid ? true : undefined,
    }),
  );
}
"""


class MessageEditor(rx.Component):
    """The React part: local text, a debounced `on_change`, and the tinted layer."""

    tag = "MessageEditor"

    value: rx.Var[str]
    rows: rx.Var[int]
    placeholder: rx.Var[str]
    known: rx.Var[list[str]]
    tail: rx.Var[str]
    wait: rx.Var[int]
    described_by: rx.Var[str]
    invalid: rx.Var[bool]
    label: rx.Var[str]

    on_change: rx.EventHandler[lambda text: [text]]  # type: ignore[type-arg]  # as Reflex has it
    on_blur: rx.EventHandler[no_args_event_spec]  # type: ignore[type-arg]  # as Reflex has it

    def add_imports(self) -> dict[str, list[str]]:
        return {"react": ["useState", "useEffect", "useRef", "createElement"]}

    def add_custom_code(self) -> list[str]:
        return [_SCRIPT]


def message_editor(
    *,
    field_id: str,
    value: Text,
    on_change: Any,
    label: Text,
    known_fields: "list[str] | rx.Var[list[str]] | None" = None,
    tail: Text = "",
    placeholder: Text = "",
    tools: rx.Component | None = None,
    error: Text = "",
    rows: int = 4,
    wait_ms: int = 300,
    **props: Any,
) -> rx.Component:
    """The editor with its tool row.

    `known_fields` are the names that may stand in braces (others are tinted vermilion); `tail` is
    shown in grey after the text ("Reply STOP to opt out"); `tools` is an `insert_row`.
    """
    if known_fields is not None:
        props["known"] = known_fields
    area = MessageEditor.create(
        id=field_id,
        value=value,
        on_change=on_change,
        label=label,
        tail=tail,
        placeholder=placeholder,
        rows=rows,
        wait=wait_ms,
        described_by=f"{field_id}-hint",
        invalid=rx.Var.create(error) != "",
        **props,
    )
    invalid = rx.cond(rx.Var.create(error) != "", "true", "false")
    return rx.el.div(area, tools, data_invalid=invalid, class_name="editor")


def insert_row(*buttons: rx.Component, end: rx.Component | None = None) -> rx.Component:
    """ "Insert" and the buttons that put a field at the caret."""
    return rx.el.div(
        rx.el.span("Insert", class_name="caption"),
        *buttons,
        rx.el.span(end, class_name="push") if end is not None else None,
        class_name="editor-tools",
    )


def insert_button(words: Content, *, into: str, field_text: Text) -> rx.Component:
    """Puts `field_text` ("{first_name|there}") at the caret of the editor `into`."""
    return button(words, size="sm", on_click=insert_at_caret(into, field_text))
