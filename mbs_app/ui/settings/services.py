"""The part of the settings about who carries texts and mail."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.layout import caption, facts, form_section
from mbs_app.ui.settings.state import SettingsState
from mbs_app.ui.shell import ShellState


def services_section() -> rx.Component:
    state = SettingsState
    return form_section(
        "Services",
        "Who carries texts and mail, and the addresses they call back.",
        facts(
            [
                (
                    "Texts",
                    rx.cond(
                        state.texts_are_simulated,
                        "Simulated: no text leaves this machine",
                        "Twilio, connected",
                    ),
                ),
                (
                    "Mail",
                    rx.cond(
                        state.mail_is_simulated,
                        "Simulated: no mail leaves this machine",
                        "Resend, connected",
                    ),
                ),
                ("Delivery receipts", _address(state.status_webhook)),
                ("Incoming texts", _address(state.inbound_webhook)),
                ("Mail events", _address(state.mail_webhook)),
            ]
        ),
        rx.cond(
            state.texts_are_simulated | state.mail_is_simulated,
            text_link(
                "See what the simulator received", href=ShellState.simulator_url, external=True
            ),
        ),
        rx.cond(~state.texts_are_simulated, _at_twilio()),
        rx.cond(~state.mail_is_simulated, _at_resend()),
    )


def _at_twilio() -> rx.Component:
    return rx.cond(
        SettingsState.webhooks_are_reachable,
        caption(
            "In the Twilio console, enter the second address under Phone numbers, your number, "
            "“A message comes in”. The first is sent along with each text."
        ),
        callout(
            "Twilio can’t call this address from outside. Set PUBLIC_BASE_URL to the https "
            "address of this server.",
            tone="warn",
        ),
    )


def _at_resend() -> rx.Component:
    return rx.cond(
        SettingsState.mail_events_are_checked,
        caption(
            "In Resend’s dashboard, the third address belongs under Webhooks, with all events that start "
            "with “email.”."
        ),
        callout(
            "Nobody hears of mails that come back. In Resend’s dashboard, add the third address under "
            "Webhooks, then set RESEND_WEBHOOK_SECRET to its signing secret.",
            tone="warn",
        ),
    )


def _address(url: rx.Var[str]) -> rx.Component:
    return rx.el.span(url, class_name="mono")
