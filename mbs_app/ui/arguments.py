"""What a browser sends as a handler's arguments, held against the handler's annotations.

Reflex passes on whatever came over the wire: a list where an ``int`` is annotated, or arguments the handler
doesn't have. Here a wrong one is refused before the handler runs.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, PydanticUserError, TypeAdapter, ValidationError
from reflex_base.event import EventHandler
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY, form_data_as_dict

from mbs_app.domain.errors import InvalidInput, NotFound

REFUSED = "This page sent something the server can’t read. Reload the page, then try again."
DEEPEST = 20


def check(handler: EventHandler, payload: dict[str, Any]) -> None:
    """Check ``payload`` and put the values of the annotated types in it.

    Raises:
        InvalidInput: an argument is missing, unknown or of another type.
    """
    parameters = _parameters(handler.fn)
    missing = {name for name, (_, required) in parameters.items() if required} - payload.keys()
    if missing or payload.keys() - parameters.keys():
        raise InvalidInput(REFUSED)
    for name, value in payload.items():
        _refuse_unstorable(value)
        payload[name] = _checked(parameters[name][0], value)


def as_id(text: str, what: str) -> UUID:
    """An id out of an address or a row. Raises NotFound, which names ``what`` it should be of."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(what) from None


def unannotated(handler: EventHandler) -> list[str]:
    """The parameters nothing is known about; the tests allow none."""
    hints = typing.get_type_hints(handler.fn)
    return [name for name in _names(handler.fn) if name not in hints]


def _checked(adapter: TypeAdapter[Any], value: Any) -> Any:
    try:
        if isinstance(value, dict) and FORM_DATA_ENTRIES_KEY in value:
            adapter.validate_python(form_data_as_dict(value))
            return value  # Reflex unwraps it, into the kind of mapping the handler asks for
        return adapter.validate_python(value)
    except (ValidationError, TypeError, ValueError):
        raise InvalidInput(REFUSED) from None


@lru_cache(maxsize=2048)
def _parameters(function: Any) -> dict[str, tuple[TypeAdapter[Any], bool]]:
    """By name: the check of a parameter, and whether it must be given."""
    hints = typing.get_type_hints(function)
    return {
        name: (_adapter(hints.get(name, Any)), parameter.default is inspect.Parameter.empty)
        for name, parameter in _names(function).items()
    }


def _names(function: Any) -> Mapping[str, inspect.Parameter]:
    parameters = list(inspect.signature(function).parameters.items())
    return dict(parameters[1:])  # without self


def _adapter(hint: Any) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(
            hint, config=ConfigDict(arbitrary_types_allowed=True, allow_inf_nan=False)
        )
    except PydanticUserError:  # a type that brings its own configuration
        return TypeAdapter(hint)


def _refuse_unstorable(value: Any, depth: int = 0) -> None:
    """Refuse text no database takes (NUL, half a surrogate pair) and nesting that only hurts."""
    if depth > DEEPEST:
        raise InvalidInput(REFUSED)
    if isinstance(value, str):
        if "\0" in value or not _is_unicode(value):
            raise InvalidInput(REFUSED)
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_unstorable(key, depth + 1)
            _refuse_unstorable(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _refuse_unstorable(item, depth + 1)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
