"""The composition root: the pages, the guard in front of their events and the HTTP API on one port."""

from __future__ import annotations

import reflex as rx
from fastapi import FastAPI

from mbs_app.ui import pages

api = FastAPI(openapi_url="/api/openapi.json", docs_url=None, redoc_url=None)


@api.get("/api/health", include_in_schema=False)
def health() -> dict[str, str]:
    return {"status": "ok"}


app = rx.App(api_transformer=api)
pages.register(app)
