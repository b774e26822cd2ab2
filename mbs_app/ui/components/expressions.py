"""Small browser expressions over Vars, and inline styles for values that keep changing."""

from typing import Any, TypeAlias

import reflex as rx
from reflex.vars import VarData

Content: TypeAlias = str | int | rx.Var[Any] | rx.Component
"""What may stand inside an element: words, a Var holding words, or a component."""

Flag: TypeAlias = bool | rx.Var[bool]
Text: TypeAlias = str | rx.Var[str]
Count: TypeAlias = int | rx.Var[int]


def js(template: str, *values: Any, returns: type[Any] = str) -> rx.Var[Any]:
    """A Var computed in the browser: `$0`, `$1` … in `template` stand for `values`.

    Numbers arrive as integers and are worded here, so that a live page sends integers only.
    """
    parts = [rx.Var.create(value) for value in values]
    expression = template
    for index, part in reversed(list(enumerate(parts))):
        expression = expression.replace(f"${index}", f"({part!s})")
    data = VarData.merge(*(part._get_all_var_data() for part in parts))
    return rx.Var(_js_expr=f"({expression})", _var_type=returns, _var_data=data).guess_type()


def inline_style(**rules: Any) -> dict[str, Any]:
    """Props that put `rules` (camelCase) in the element's own style attribute.

    Reflex turns its `style` prop into a new CSS class for each new value, for ever; a bar that
    moves four times a second must not do that.
    """
    # One Var of all the rules: Reflex looks for state in a custom attribute, not in what it holds.
    return {"custom_attrs": {"style": rx.Var.create(rules)}}


def classes(*names: str | bool | None) -> str:
    """The class attribute from the names that apply."""
    return " ".join(name for name in names if isinstance(name, str) and name)


def class_when(base: str, flag: Flag, name: str) -> Text:
    """`base`, and `name` too while `flag` holds."""
    if isinstance(flag, rx.Var):
        return rx.cond(flag, f"{base} {name}", base)
    return f"{base} {name}" if flag else base


def is_var(*values: Any) -> bool:
    """Whether any of the values is only known in the browser."""
    return any(isinstance(value, rx.Var) for value in values)
