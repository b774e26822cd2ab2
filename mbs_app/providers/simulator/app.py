"""The simulator as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from mbs_app.providers.simulator.agenda import Agenda
from mbs_app.providers.simulator.callbacks import Caller
from mbs_app.providers.simulator.carrier import Carrier
from mbs_app.providers.simulator.config import SimulatorConfig
from mbs_app.providers.simulator.control import Control
from mbs_app.providers.simulator.ledger import Ledger
from mbs_app.providers.simulator.post_office import PostOffice
from mbs_app.providers.simulator.resend_api import ResendApi
from mbs_app.providers.simulator.store import Store
from mbs_app.providers.simulator.twilio_api import TwilioApi
from mbs_app.settings import PROJECT_ROOT

_PAGE = Path(__file__).parent / "page"
_PAGE_FILES = {
    "/": _PAGE / "index.html",
    "/page.css": _PAGE / "page.css",
    "/page.js": _PAGE / "page.js",
    # The product's own; the page falls back to the system's where it isn't there.
    "/geist.woff2": PROJECT_ROOT / "assets" / "fonts" / "geist-latin-wght-normal.woff2",
}
_PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # Mails are shown as they were sent, in a frame that may load and run nothing.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; font-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
}


def create_app(config: SimulatorConfig | None = None) -> Starlette:
    """A simulator of its own, with its own memory. Serve it with one process and one event loop."""
    config = config or SimulatorConfig()
    store, agenda = Store(config.keep), Agenda()
    ledger = Ledger(config.ledger)
    caller = Caller(config, agenda)
    carrier = Carrier(config, store, ledger, agenda, caller)
    twilio = TwilioApi(carrier)
    post_office = PostOffice(config, store, ledger, agenda, caller)
    resend = ResendApi(config, store, post_office)

    def reset() -> None:
        agenda.clear()
        caller.forget()
        store.clear()
        ledger.empty()
        twilio.forget()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await caller.start()
        ledger.restore(store)
        carrier.resume()
        post_office.resume()
        yield
        agenda.clear()
        await caller.stop()
        ledger.close()

    routes = [*twilio.routes(), *resend.routes(), *Control(carrier, reset).routes()]
    known = [Middleware(TrustedHostMiddleware, allowed_hosts=config.hosts)] if config.hosts else []
    app = Starlette(routes=[*routes, *_page_routes()], lifespan=lifespan, middleware=known)
    app.state.store, app.state.config = store, config
    return app


def _page_routes() -> list[Route]:
    async def page(request: Request) -> Response:
        return FileResponse(_PAGE_FILES[request.url.path], headers=_PAGE_HEADERS)

    return [Route(path, page) for path, file in _PAGE_FILES.items() if file.exists()]
