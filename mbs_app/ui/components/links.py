"""Links between pages (no reload) and to everything else (an ordinary link)."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router.dom import ReactRouterLink

from mbs_app.ui.components.expressions import Content, Text


def anchor(*children: Content, href: Text, external: bool = False, **props: Any) -> rx.Component:
    """A link without looks of its own.

    Give `external=True` for anything that is not one of the pages: downloads, the API docs,
    the simulator.
    """
    if external:
        # Reflex's own rx.el.a is a router link too: it would show /api/… as a page that isn't there.
        return A.create(*children, href=href, **props)
    return ReactRouterLink.create(*children, to=href, **props)
