"""The composition root: the pages, the guard in front of their events and the HTTP API on one port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import reflex as rx
from fastapi import FastAPI
from starlette.types import ASGIApp

from mbs_app.api.app import create_api
from mbs_app.settings import get_settings
from mbs_app.setup import lifeline
from mbs_app.setup.paths import BUILT_PAGES
from mbs_app.ui import pages
from mbs_app.ui.door import Door, may_open_socket
from mbs_app.ui.guard import Guard
from mbs_app.ui.problems import log_browser_error, show_problem
from mbs_app.ui.session import keep_cookies_on_the_server
from mbs_app.ui.tabs import let_tabs_outlive_their_process
from mbs_app.ui.theme import app_looks
from mbs_app.webhooks import resend, twilio
from mbs_app.worker import make_worker

lifeline.follow_parent()

PAGE_THREADS = 24
"""How many pages may be at the database at once. Python's own number, cores + 4, lets a few long checks of
large campaigns hold up everybody's pages."""


def served_beside_the_pages() -> FastAPI:
    api = create_api()
    api.include_router(twilio.router)
    api.include_router(resend.router)
    return api


@asynccontextmanager
async def threads_for_the_pages() -> AsyncIterator[None]:
    asyncio.get_running_loop().set_default_executor(
        ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="pages")
    )
    yield


@asynccontextmanager
async def worker_beside_the_pages() -> AsyncIterator[None]:
    """A worker in a thread of its own; RUN_WORKER=false leaves the sending to other processes."""
    settings = get_settings()
    if not settings.run_worker:
        yield
        return
    working = make_worker(settings)
    thread = working.start_in_thread()
    try:
        yield
    finally:
        working.stop()
        # What has left by then settles; the rest is in its lease and safe to take up again.
        await asyncio.to_thread(thread.join, 1.5)


def behind_the_door(served: ASGIApp) -> ASGIApp:
    return Door(served, app, BUILT_PAGES)


app = rx.App(
    api_transformer=[served_beside_the_pages(), behind_the_door],
    backend_exception_handler=show_problem,
    frontend_exception_handler=log_browser_error,
    **app_looks(),
)
app.add_middleware(Guard(), index=0)
keep_cookies_on_the_server(app)
let_tabs_outlive_their_process(app)
assert app.sio is not None
app.sio.eio.cors_allowed_origins = may_open_socket
app.register_lifespan_task(threads_for_the_pages)
app.register_lifespan_task(worker_beside_the_pages)
pages.register(app)
