"""What the simulator is spoken to with, and what it signs with.

The constants are no secrets: a simulator that stands alone listens on loopback and sends nothing anywhere. One
that belongs to an installation signs with secrets of that installation. Otherwise everybody who has read this
file could tell a public installation that STOP was answered, or that a mail came back.
"""

from __future__ import annotations

from base64 import b64encode

from mbs_app import secret_key
from mbs_app.settings import Settings

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "simulator-token-not-a-secret-0000"
FROM_NUMBER = "+15125550142"
"""The sender, (512) 555-0142: of the range kept for fiction."""
RESEND_API_KEY = "re_simulator_not_a_secret"
RESEND_WEBHOOK_SECRET = "whsec_c2ltdWxhdG9yLW5vdC1hLXNlY3JldC0wMDAw"
MAIL_FROM = "MBS simulator <mbs@simulator.test>"

AUTH_TOKEN_VARIABLE = "SIMULATOR_AUTH_TOKEN"
WEBHOOK_SECRET_VARIABLE = "SIMULATOR_WEBHOOK_SECRET"


def auth_token_of(settings: Settings) -> str:
    """An auth token in Twilio's form, of this installation alone: it also signs texts' callbacks."""
    return secret_key.derived("simulator texts", settings)[:16].hex()


def webhook_secret_of(settings: Settings) -> str:
    """A signing secret in Svix's form, of this installation alone."""
    return f"whsec_{b64encode(secret_key.derived('simulator mails', settings)[:24]).decode()}"


def environment_of(settings: Settings) -> dict[str, str]:
    """What the installation's simulator is started with. In variables, since everybody sees a command line."""
    return {
        AUTH_TOKEN_VARIABLE: auth_token_of(settings),
        WEBHOOK_SECRET_VARIABLE: webhook_secret_of(settings),
    }
