"""The pages of the settings, as tabs."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.page_tabs import page_tabs

GENERAL = "/settings"
SECURITY = "/settings/security"
SESSIONS = "/settings/sessions"
KEYS = "/settings/keys"


def settings_tabs(active: str) -> rx.Component:
    pages = [
        ("General", GENERAL),
        ("Security", SECURITY),
        ("Sessions", SESSIONS),
        ("API keys", KEYS),
    ]
    return page_tabs(pages, active=active, label="Settings")
