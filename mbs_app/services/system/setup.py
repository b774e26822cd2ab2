"""The settings at a glance: what is real and what simulated, which are set; never their values."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from mbs_app.domain.actor import Actor
from mbs_app.services.lookup import must_administrate
from mbs_app.services.system.health import Check, look_if
from mbs_app.settings import Settings

# The variables worth knowing of, and what each is for.
_NAMED = {
    "public_base_url": "Address on the internet",
    "database_url": "Database of its own",
    "redis_url": "Several web processes",
    "secret_key": "Key that secrets are sealed with",
    "twilio_account_sid": "Twilio account",
    "twilio_auth_token": "Twilio token",
    "twilio_phone_number": "Number to send from",
    "twilio_messaging_service_sid": "Messaging service to send from",
    "resend_api_key": "Resend key",
    "resend_from_email": "Address that mails come from",
    "resend_webhook_secret": "Secret of Resend’s reports",
    "oidc_issuer": "Sign-in through a provider",
}


@dataclass(frozen=True, slots=True)
class Setting:
    """``name`` is the environment variable."""

    name: str
    words: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class Setup:
    simulates_texts: bool
    simulates_mail: bool
    is_https: bool
    settings: list[Setting]
    checks: list[Check]


def read_setup(session: Session, actor: Actor, settings: Settings) -> Setup:
    """Raises NotAllowed."""
    must_administrate(actor)
    named = [
        Setting(name.upper(), words, getattr(settings, name) is not None)
        for name, words in _NAMED.items()
    ]
    return Setup(
        simulates_texts=settings.simulates_texts,
        simulates_mail=settings.simulates_mail,
        is_https=settings.is_https,
        settings=named,
        checks=[
            Check("texts", "Texts", "Simulated" if settings.simulates_texts else "Real, by Twilio"),
            Check("mail", "Mail", "Simulated" if settings.simulates_mail else "Real, by Resend"),
            Check(
                "https",
                "Encrypted connection",
                "Yes" if settings.is_https else "No",
                *look_if(
                    not settings.is_https and settings.public_base_url is not None,
                    "Passwords travel in the clear. Put MBS behind a proxy with HTTPS, and set PUBLIC_BASE_URL.",
                ),
            ),
        ],
    )
