"""What gives the app its looks: stylesheets, Radix theme, head of the document, toaster.

`rxconfig.py` takes `radix_plugin()`, the composition root `rx.App(**app_looks(), …)`.
"""

from typing import Any

import reflex as rx

from mbs_app.ui.components.toast import toaster
from mbs_app.ui.shell.connection import connection_notice

STYLESHEETS = [
    "/css/fonts.css",
    "/tokens.css",
    "/css/base.css",
    "/css/controls.css",
    "/css/marks.css",
    "/css/tables.css",
    "/css/ledger.css",
    "/css/charts.css",
    "/css/message.css",
    "/css/overlay.css",
    "/css/security.css",
    "/css/shell.css",
    "/css/live.css",
    "/css/campaigns.css",
    "/css/people.css",
    "/css/passwords.css",
    "/css/imports.css",
    "/css/account.css",
    "/css/administration.css",
    "/css/team.css",
    "/css/gallery.css",
]

# The sidebar's width is remembered in the browser and set before the first paint.
_RESTORE_RAIL = """
try {
  if (localStorage.getItem("mbs-rail") === "closed") document.documentElement.dataset.rail = "closed";
} catch (error) {}
"""


def radix_plugin() -> rx.plugins.RadixThemesPlugin:
    """Radix Themes in the product's colours; the values are in assets/tokens.css."""
    return rx.plugins.RadixThemesPlugin(
        theme=rx.theme(
            accent_color="teal",
            gray_color="sage",
            radius="medium",
            scaling="100%",
            panel_background="solid",
            has_background=True,
        )
    )


def app_looks() -> dict[str, Any]:
    """Keyword arguments for `rx.App`."""
    return {
        "stylesheets": STYLESHEETS,
        "head_components": [
            rx.el.link(rel="icon", type="image/svg+xml", href="/favicon.svg"),
            rx.el.link(
                rel="preload",
                href="/fonts/geist-latin-wght-normal.woff2",
                custom_attrs={
                    "as": "font",
                    "type": "font/woff2",
                    "crossOrigin": "anonymous",
                },
            ),
            rx.el.meta(name="color-scheme", content="light dark"),
            # In the document itself; `rx.script` would come after the first paint.
            rx.el.script(_RESTORE_RAIL),
        ],
        "html_lang": "en",
        "toaster": toaster(),
        # Reflex's own banner speaks of servers and addresses; ours says what a person can expect.
        "extra_app_wraps": {
            (5, "Overlay"): lambda stateful: connection_notice() if stateful else None
        },
    }
