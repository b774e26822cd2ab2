"""The OpenAPI document: FastAPI's, and what each route asks of its caller."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from mbs_app.api.needs import Need, needs_of
from mbs_app.settings import get_settings

_WORDS = {
    Need.ANY_ACCOUNT: "For anybody signed in, even where the account isn’t approved. Not with an API key.",
    Need.IN_PERSON: "For somebody signed in. Not with an API key.",
    Need.PERSON: "For somebody signed in. Not with an API key.",
    Need.READ: "Needs the scope “read”.",
    Need.WRITE: "Needs the scope “write”.",
    Need.SEND: "Needs the scope “send”.",
    Need.ADMIN: "For admins. Needs the scope “admin”.",
}


class Api(FastAPI):
    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = self.openapi_schema = _with_pages_named(super().openapi())
            _say_who_may_call(document, self.routes)
            _say_what_goes_wrong(document)
        assert self.openapi_schema is not None
        return self.openapi_schema


def _with_pages_named(schema: dict[str, Any]) -> dict[str, Any]:
    """“CustomerPage” for what Pydantic calls “ListPage_CustomerOut_”."""
    named = re.sub(r"ListPage[_\[](\w+?)(?:Out)?[_\]]", r"\1Page", json.dumps(schema))
    return dict(json.loads(named))


def _say_who_may_call(schema: dict[str, Any], routes: Any) -> None:
    schema["components"]["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key, `mbs_…`, or the access token of a program that signed in, `mba_…`.",
        },
        "cookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": get_settings().session_cookie_name,
            "description": "The session of a browser.",
        },
    }
    for method, path, needs in needs_of(routes):
        operation = schema["paths"].get(path, {}).get(method.lower())
        if operation is None:
            continue
        operation["security"] = []
        if needs:
            scopes = [needs[0].value] if needs[0].is_scope else []
            operation["security"] = [{"bearer": scopes}, {"cookie": []}]
            about = operation.get("description", "")
            operation["description"] = f"{about}\n\n{_WORDS[needs[0]]}".strip()


_PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "The same for the same problem: /api/problems/…"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and how to mend it."},
        "errors": {
            "type": "array",
            "description": "Where fields are at fault: each with what is wrong.",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "in": {"type": "string", "description": "body, query or path"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_AS_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _say_what_goes_wrong(schema: dict[str, Any]) -> None:
    """Errors as ``api/problems.py`` answers them, in the place of FastAPI's own."""
    schemas = schema["components"]["schemas"]
    schemas["Problem"] = _PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for operations in schema["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            for status, answer in answers.items():
                if answer["description"] == "Successful Response":
                    answer["description"] = HTTPStatus(int(status)).phrase
            if "422" in answers:
                answers["422"] = {
                    "description": "Values that can’t be taken",
                    "content": _AS_PROBLEM,
                }
            answers["default"] = {"description": "Any other problem", "content": _AS_PROBLEM}
