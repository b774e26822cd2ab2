"""Forms with a password go straight from the browser to the HTTP API.

The API's answer carries the HttpOnly cookie, which no event can set, and the password never becomes part of a
tab's state on the server.
"""

from __future__ import annotations

import json
from typing import Any

import reflex as rx


def post_form(form_id: str, url: str, callback: Any) -> rx.event.EventSpec:
    """Send the form as JSON to ``url``; ``callback`` gets the answer as
    ``{"ok": bool, "detail": str, "errors": {field: sentence}}``."""
    return rx.call_script(
        f"""
        (async () => {{
          const form = document.getElementById({json.dumps(form_id)});
          const values = {{}};
          for (const field of form.elements) {{
            if (!field.name) continue;
            values[field.name] = field.type === "checkbox" ? field.checked : field.value;
          }}
          try {{
            const answer = await fetch({json.dumps(url)}, {{
              method: "POST",
              headers: {{"Content-Type": "application/json"}},
              body: JSON.stringify(values),
            }});
            if (answer.ok) return {{ok: true, detail: "", errors: {{}}}};
            const problem = await answer.json();
            const errors = {{}};
            for (const error of problem.errors || []) errors[error.field] = error.detail;
            return {{ok: false, detail: problem.detail || "", errors}};
          }} catch {{
            return {{ok: false, detail: "The server can’t be reached. Try again in a moment.", errors: {{}}}};
          }}
        }})()
        """,
        callback=callback,
    )


def leave_for(path: str) -> rx.event.EventSpec:
    """A full page load: the new socket then carries the new cookie, and the tab a state of its own."""
    return rx.call_script(f"sessionStorage.clear(); window.location.assign({json.dumps(path)})")
