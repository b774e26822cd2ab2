"""Reflex's configuration, taken from the product's settings."""

import os
import sys

import reflex as rx

from mbs_app.domain.errors import ConfigurationError
from mbs_app.settings import get_settings
from mbs_app.ui.theme import radix_plugin

LONGEST_HANDLER_MS = 30_000

try:
    settings = get_settings()
except ConfigurationError as error:
    sys.exit(error.message)

config = rx.Config(
    app_name="mbs_app",
    # The browser talks to the address it came from; the build replaces this one (setup/frontend.py).
    api_url=os.environ.get("REFLEX_API_URL", f"http://localhost:{settings.port}"),
    deploy_url=settings.address,
    backend_host=settings.host,
    backend_port=settings.port,
    frontend_port=settings.port,
    redis_url=settings.redis_url,
    # Without Redis the state of a tab lives in memory: nothing a user typed is written to disk.
    state_manager_mode=(
        rx.constants.StateManagerMode.REDIS
        if settings.redis_url
        else rx.constants.StateManagerMode.MEMORY
    ),
    # A handler holds its tab's state; on a busy database it may take longer than Reflex's 10 s, and what it
    # did would be lost. A killed process keeps nothing from its tabs that long (ui/tabs.py).
    redis_lock_expiration=LONGEST_HANDLER_MS,
    redis_lock_warning_threshold=LONGEST_HANDLER_MS // 2,
    cors_allowed_origins=[settings.address],
    trusted_proxy_hops=settings.trusted_proxy_hops,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[radix_plugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
