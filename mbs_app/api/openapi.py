"""The OpenAPI document: FastAPI's, and what each route asks of its caller."""

from __future__ import annotations

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
            _say_who_may_call(super().openapi(), self.routes)
        assert self.openapi_schema is not None
        return self.openapi_schema


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
