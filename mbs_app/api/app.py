"""The FastAPI application that is served beside the pages, on the same port."""

from __future__ import annotations

from fastapi import Depends, FastAPI

from mbs_app import __version__
from mbs_app.api import (
    admin_password_resets,
    admin_security,
    audit,
    auth,
    campaigns,
    confirming,
    customers,
    docs,
    groups,
    health,
    identities,
    imports,
    invites,
    keys,
    mails,
    me,
    my_security,
    password_resets,
    passwords,
    provider,
    registration,
    second_step,
    sessions,
    system,
    templates,
    tokens,
    unknown,
    users,
)
from mbs_app.api.dependencies import refuse_unstorable
from mbs_app.api.metering import Metering
from mbs_app.api.openapi import Api
from mbs_app.api.problems import add_problem_handlers

# The imports' paths begin like a customer's, so they come first.
ROUTERS = (
    auth.router,
    registration.router,
    audit.router,
    system.router,
    invites.router,
    mails.router,
    users.router,
    second_step.router,
    confirming.router,
    provider.router,
    tokens.router,
    passwords.router,
    password_resets.router,
    admin_password_resets.router,
    imports.router,
    customers.router,
    groups.router,
    templates.router,
    campaigns.router,
    me.router,
    me.links,
    keys.router,
    sessions.router,
    my_security.router,
    identities.router,
    admin_security.router,
    docs.router,
    health.router,
)


def create_api() -> FastAPI:
    api = Api(
        title="MBS",
        version=__version__,
        summary="Customers, campaigns and templates, as on the screens.",
        openapi_url="/api/openapi.json",
        # The stock pages load their scripts from other sites; ours is in api/docs.py.
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(refuse_unstorable)],
    )
    for router in ROUTERS:
        api.include_router(router)
    api.router.routes.append(unknown.route)
    add_problem_handlers(api)
    api.add_middleware(Metering)
    return api
