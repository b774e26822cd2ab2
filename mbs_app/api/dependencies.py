"""What routes ask for: the settings, where the caller is, and that the request is one to be answered."""

from __future__ import annotations

import math
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from mbs_app.domain import proxies
from mbs_app.domain.actor import Actor
from mbs_app.domain.errors import InvalidInput, NotAllowed
from mbs_app.settings import Settings, get_settings

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def client_address(request: Request, settings: Settings) -> str:
    """The caller's address; a proxy's word for it counts only from as many proxies as are trusted."""
    return proxies.client_address(
        request.client.host if request.client else "",
        request.headers.getlist("x-forwarded-for"),
        settings.trusted_proxy_hops,
    )


def remember_caller(request: Request, actor: Actor) -> None:
    """For the log, should the request be refused further on."""
    request.state.caller = f"key {actor.key_id}" if actor.key_id else f"user {actor.user_id}"


def caller_words(request: Request) -> str:
    """ "user 0198c0de-…", "key 0198c0de-…" or "nobody"; never a name or an address."""
    return str(getattr(request.state, "caller", "nobody"))


def allowed_origins(settings: Settings) -> set[str]:
    """The origins whose pages may speak to this server with a cookie."""
    own = urlsplit(settings.address)
    origins = {f"{own.scheme}://{own.netloc}"}
    if settings.public_base_url is None:
        origins |= {
            f"http://{host}:{settings.port}" for host in ("localhost", "127.0.0.1", "[::1]")
        }
    return origins


def refuse_other_sites(request: Request, settings: Settings) -> None:
    """Refuse a change that another site's page asks for in the name of a signed-in browser.

    Browsers say where a request comes from in ``Origin`` and ``Sec-Fetch-Site``; programs send neither.
    A page served from this very host may always call it, whatever name the host is reached by.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("origin")
    if origin is not None:
        same_host = urlsplit(origin).netloc == request.headers.get("host")
        if origin not in allowed_origins(settings) and not same_host:
            raise NotAllowed("This request came from another site.")
    elif request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("This request came from another site.")


async def refuse_unstorable(request: Request) -> None:
    """Refuse what no database keeps as it came, wherever it stands: NUL, half a surrogate pair, NaN.

    Raises:
        InvalidInput: it is in the query or in a JSON body.
    """
    for value in request.query_params.values():
        _refuse_unstorable(value)
    kind = request.headers.get("content-type", "").partition(";")[0].lower()
    if "json" in kind and await request.body():
        try:
            body = await request.json()
        except (ValueError, RecursionError):
            return  # what reads the body says so
        _refuse_unstorable(body)


def _refuse_unstorable(value: object) -> None:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "\0" in one or any("\ud800" <= letter <= "\udfff" for letter in one):
                raise InvalidInput("Text can’t have NUL characters or half surrogate pairs in it.")
        elif isinstance(one, float):
            if not math.isfinite(one):
                raise InvalidInput("NaN and Infinity are no numbers that can be kept.")
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one


SettingsHere = Annotated[Settings, Depends(get_settings)]


def same_site_only(request: Request, settings: SettingsHere) -> None:
    """For routes that browsers call without an actor, such as signing in."""
    refuse_other_sites(request, settings)


SameSite = Depends(same_site_only)
