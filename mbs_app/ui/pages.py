"""The list of pages. A page is added here once, and nowhere else.

A page is a module ``mbs_app/ui/<page>/page.py`` with ``ROUTE``, ``TITLE``, ``page()`` and, where something is
loaded with it, ``ON_LOAD``, a list of event handlers.
"""

from __future__ import annotations

from types import ModuleType

import reflex as rx

from mbs_app.ui.access import Access, accesses_of
from mbs_app.ui.api_keys import page as api_keys
from mbs_app.ui.audit import page as audit
from mbs_app.ui.campaign import page as campaign
from mbs_app.ui.campaigns import page as campaigns
from mbs_app.ui.composer import page as composer
from mbs_app.ui.confirm_email import page as confirm_email
from mbs_app.ui.customer import page as customer
from mbs_app.ui.customers import page as customers
from mbs_app.ui.first_admin import page as first_admin
from mbs_app.ui.forgot import page as forgot
from mbs_app.ui.gallery import page as gallery
from mbs_app.ui.groups import page as groups
from mbs_app.ui.imports import import_page, upload_page
from mbs_app.ui.invites import page as invites
from mbs_app.ui.join import page as join
from mbs_app.ui.lost import page as lost
from mbs_app.ui.lost.admins_only import for_admins
from mbs_app.ui.mails import page as mails
from mbs_app.ui.overview import page as overview
from mbs_app.ui.preflight import page as preflight
from mbs_app.ui.reset import page as reset
from mbs_app.ui.resets import page as resets
from mbs_app.ui.security import page as security
from mbs_app.ui.sessions import page as sessions
from mbs_app.ui.settings import page as settings
from mbs_app.ui.signin import page as signin
from mbs_app.ui.system import page as system
from mbs_app.ui.team import page as team
from mbs_app.ui.templates import page as templates
from mbs_app.ui.waiting import page as waiting

PAGES: tuple[ModuleType, ...] = (
    audit,
    system,
    templates,
    groups,
    upload_page,
    import_page,
    customers,
    customer,
    overview,
    campaign,
    signin,
    forgot,
    reset,
    resets,
    first_admin,
    confirm_email,
    security,
    settings,
    sessions,
    api_keys,
    mails,
    gallery,
    campaigns,
    composer,
    preflight,
    join,
    waiting,
    invites,
    team,
    lost,
)


def register(app: rx.App) -> None:
    """Add every page to ``app``."""
    for page in PAGES:
        on_load = getattr(page, "ON_LOAD", None)
        is_for_admins = Access.ADMIN in accesses_of(on_load or [])
        app.add_page(
            for_admins(page.page) if is_for_admins else page.page,
            route=page.ROUTE,
            title=f"{page.TITLE} · MBS",
            on_load=on_load,
        )
    if not any(page.ROUTE == "/" for page in PAGES):
        app.add_page(_starting_point, route="/", title="MBS")


def _starting_point() -> rx.Component:
    return rx.el.main(rx.el.h1("MBS"), rx.el.p("Text campaigns whose books always balance."))
