"""Which provider this installation uses, from its settings: the real one, or the simulator."""

from __future__ import annotations

from mbs_app.domain.errors import ConfigurationError
from mbs_app.providers.base import MailProvider, TextProvider
from mbs_app.providers.resend import ResendMails
from mbs_app.providers.simulator import credentials
from mbs_app.providers.twilio import TwilioTexts
from mbs_app.settings import Settings


def text_provider(settings: Settings, simulator_url: str | None = None) -> TextProvider:
    """Twilio with the configured account, or the simulator at ``simulator_url`` without one.

    ``TWILIO_API_BASE_URL`` wins over both addresses. Raises ConfigurationError where texts are
    simulated and there is no simulator.
    """
    if settings.simulates_texts:
        base_url = settings.twilio_api_base_url or simulator_url
        if base_url is None:
            raise ConfigurationError("The simulator isn’t running, and no Twilio account is set.")
        return TwilioTexts(credentials.ACCOUNT_SID, twilio_auth_token(settings), base_url=base_url)
    return TwilioTexts(
        settings.twilio_account_sid or "",
        twilio_auth_token(settings),
        base_url=settings.twilio_api_base_url,
    )


def mail_provider(settings: Settings, simulator_url: str | None = None) -> MailProvider:
    """Resend with the configured key, or the simulator at ``simulator_url`` without one."""
    if settings.simulates_mail or settings.resend_api_key is None:
        base_url = settings.resend_api_base_url or simulator_url
        if base_url is None:
            raise ConfigurationError("The simulator isn’t running, and no Resend key is set.")
        return ResendMails(credentials.RESEND_API_KEY, mail_sender(settings), base_url=base_url)
    return ResendMails(
        settings.resend_api_key.get_secret_value(),
        mail_sender(settings),
        base_url=settings.resend_api_base_url,
    )


def twilio_account_sid(settings: Settings) -> str:
    return settings.twilio_account_sid or credentials.ACCOUNT_SID


def twilio_auth_token(settings: Settings) -> str:
    """The token webhooks are signed with: that of this installation's simulator while it delivers."""
    if settings.simulates_texts or settings.twilio_auth_token is None:
        return credentials.auth_token_of(settings)
    return settings.twilio_auth_token.get_secret_value()


def resend_webhook_secret(settings: Settings) -> str | None:
    """What reports of mails are signed with; None where nobody has set it."""
    if settings.simulates_mail:
        return credentials.webhook_secret_of(settings)
    secret = settings.resend_webhook_secret
    return secret.get_secret_value() if secret is not None else None


def default_sender(settings: Settings) -> tuple[str | None, str | None]:
    """(from number, messaging service SID); at least one is set."""
    if settings.simulates_texts:
        return credentials.FROM_NUMBER, None
    return settings.twilio_phone_number, settings.twilio_messaging_service_sid


def mail_sender(settings: Settings) -> str:
    """The From of every mail."""
    return settings.resend_from_email or credentials.MAIL_FROM
