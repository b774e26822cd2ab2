"""The environment, read once and checked once, as one frozen :class:`Settings`.

Values come from the process's environment, then from ``.env`` in the working directory; ``.env.example``
documents each. A wrong or half-set value raises :class:`~mbs_app.domain.errors.ConfigurationError` with a
sentence that says how to mend it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from mbs_app.domain.errors import ConfigurationError

SHORTEST_SECRET = 32  # characters of SECRET_KEY
PROJECT_ROOT = Path(__file__).resolve().parent.parent


def _blank_is_unset(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Text = Annotated[str | None, BeforeValidator(_blank_is_unset)]
Secret = Annotated[SecretStr | None, BeforeValidator(_blank_is_unset)]


class Settings(BaseSettings):
    """All configuration. Field names are the environment variables in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    # Where the product runs
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    host: str = "0.0.0.0"
    public_base_url: Text = None
    data_dir: Path = PROJECT_ROOT / "data"
    database_url: Text = None
    redis_url: Text = None
    trusted_proxy_hops: Annotated[int, Field(ge=0, le=10)] = 0
    run_worker: bool = True
    secret_key: Secret = None
    api_requests_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 300

    # Twilio
    twilio_account_sid: Text = None
    twilio_auth_token: Secret = None
    twilio_phone_number: Text = None
    twilio_messaging_service_sid: Text = None
    twilio_api_base_url: Text = None
    texts_per_second: Annotated[float, Field(gt=0, le=10_000)] = 10.0
    price_per_segment: Annotated[float, Field(ge=0, le=10)] = 0.0079

    # Resend
    resend_api_key: Secret = None
    resend_from_email: Text = None
    resend_api_base_url: Text = None
    resend_webhook_secret: Secret = None

    # Sign-in through an OpenID provider
    oidc_issuer: Text = None
    oidc_client_id: Text = None
    oidc_client_secret: Secret = None
    oidc_name: str = "single sign-on"

    # The built-in simulator, used for every provider that has no credentials
    simulator_port: Annotated[int, Field(ge=0, le=65535)] = 0
    simulator_seed: int = 1

    @property
    def address(self) -> str:
        """Where a browser and the providers find this installation, without a trailing slash."""
        return (self.public_base_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def is_https(self) -> bool:
        return self.address.startswith("https://")

    @property
    def session_cookie_name(self) -> str:
        """Over HTTPS the ``__Host-`` prefix ties the cookie to this very host."""
        return "__Host-mbs_session" if self.is_https else "mbs_session"

    @property
    def device_cookie_name(self) -> str:
        """Keeps a browser known to us from sign-in to sign-in; it opens nothing by itself."""
        return "__Host-mbs_device" if self.is_https else "mbs_device"

    @property
    def step_cookie_name(self) -> str:
        """Ties a sign-in of several steps to the browser that began it."""
        return "__Host-mbs_step" if self.is_https else "mbs_step"

    @property
    def signs_in_through_provider(self) -> bool:
        return self.oidc_issuer is not None

    @property
    def sqlalchemy_url(self) -> str:
        """The database, with the psycopg 3 driver where PostgreSQL is meant."""
        if self.database_url is None:
            return f"sqlite:///{self.data_dir / 'mbs.db'}"
        return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", self.database_url)

    @property
    def simulates_texts(self) -> bool:
        return self.twilio_account_sid is None

    @property
    def simulates_mail(self) -> bool:
        return self.resend_api_key is None

    @property
    def simulator_is_needed(self) -> bool:
        return (self.simulates_texts and self.twilio_api_base_url is None) or (
            self.simulates_mail and self.resend_api_base_url is None
        )

    @property
    def simulator_url(self) -> str | None:
        """Where this machine's processes reach the simulator, when it delivers and its port is known."""
        if not self.simulator_is_needed or not self.simulator_port:
            return None
        return f"http://127.0.0.1:{self.simulator_port}"

    def checked(self) -> Settings:
        """These settings, or a ConfigurationError that says what to mend."""
        self._check_twilio()
        self._check_resend()
        self._check_provider()
        self._check_secret_key()
        for name in (
            "public_base_url",
            "twilio_api_base_url",
            "resend_api_base_url",
            "oidc_issuer",
        ):
            _check_url(name.upper(), getattr(self, name))
        if self.database_url and not re.match(
            r"^(sqlite|postgres(ql)?(\+psycopg)?)://?", self.database_url
        ):
            raise ConfigurationError(
                "DATABASE_URL must start with postgresql:// or sqlite:///. "
                "Leave it empty to use SQLite in the data folder."
            )
        if self.redis_url and not self.redis_url.startswith(("redis://", "rediss://", "unix://")):
            raise ConfigurationError(
                "REDIS_URL must start with redis://, rediss:// or unix://. Leave it empty for one web process."
            )
        return self

    def _check_twilio(self) -> None:
        given = {
            "TWILIO_ACCOUNT_SID": self.twilio_account_sid,
            "TWILIO_AUTH_TOKEN": self.twilio_auth_token,
            "TWILIO_PHONE_NUMBER or TWILIO_MESSAGING_SERVICE_SID": self.twilio_phone_number
            or self.twilio_messaging_service_sid,
        }
        _all_or_none("Twilio", given)
        if self.twilio_account_sid and not re.fullmatch(r"AC[0-9a-f]{32}", self.twilio_account_sid):
            raise ConfigurationError(
                "TWILIO_ACCOUNT_SID must be AC and 32 hexadecimal digits. Copy it from the Twilio console."
            )
        if self.twilio_phone_number and not re.fullmatch(
            r"\+[1-9]\d{6,14}|\d{3,8}", self.twilio_phone_number
        ):
            raise ConfigurationError(
                "TWILIO_PHONE_NUMBER must be in the form +15125550142, or a short code of 3 to 8 digits."
            )
        sid = self.twilio_messaging_service_sid
        if sid and not re.fullmatch(r"MG[0-9a-f]{32}", sid):
            raise ConfigurationError(
                "TWILIO_MESSAGING_SERVICE_SID must be MG and 32 hexadecimal digits."
            )

    def _check_resend(self) -> None:
        _all_or_none(
            "Resend",
            {"RESEND_API_KEY": self.resend_api_key, "RESEND_FROM_EMAIL": self.resend_from_email},
        )
        if self.resend_from_email and "@" not in self.resend_from_email:
            raise ConfigurationError(
                "RESEND_FROM_EMAIL must be an address such as news@example.com or Shop <news@example.com>."
            )
        secret = self.resend_webhook_secret
        if secret and not re.fullmatch(r"whsec_[A-Za-z0-9+/]{8,}={0,2}", secret.get_secret_value()):
            raise ConfigurationError(
                "RESEND_WEBHOOK_SECRET must start with whsec_. Copy it from the webhook’s page in Resend’s dashboard."
            )

    def _check_provider(self) -> None:
        _all_or_none(
            "Sign-in through a provider",
            {
                "OIDC_ISSUER": self.oidc_issuer,
                "OIDC_CLIENT_ID": self.oidc_client_id,
                "OIDC_CLIENT_SECRET": self.oidc_client_secret,
            },
            otherwise="to sign in with passwords only",
        )
        issuer = urlsplit(self.oidc_issuer or "https://")
        if issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ConfigurationError(
                "OIDC_ISSUER must start with https://: who signs in is told over this connection."
            )

    def _check_secret_key(self) -> None:
        if self.secret_key and len(self.secret_key.get_secret_value()) < SHORTEST_SECRET:
            raise ConfigurationError(
                f"SECRET_KEY must have at least {SHORTEST_SECRET} characters. Make one with: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
            )


def _all_or_none(
    service: str, given: Mapping[str, object], *, otherwise: str = "to use the simulator"
) -> None:
    missing = [name for name, value in given.items() if not value]
    if missing and len(missing) < len(given):
        raise ConfigurationError(
            f"{service} is half set up: {' and '.join(missing)} missing. "
            f"Set {'it' if len(missing) == 1 else 'them'}, or remove the others {otherwise}."
        )


def _check_url(name: str, value: str | None) -> None:
    if value is None:
        return
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise ConfigurationError(f"{name} must be an address such as https://sms.example.com.")


def read_settings(**overrides: Any) -> Settings:
    """Read and check the environment. ``overrides`` win over it (for tests and the command line).

    Raises:
        ConfigurationError: a value is wrong or half set.
    """
    try:
        return Settings(**overrides).checked()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(f"{name}: {first['msg']}.") from None


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process."""
    return read_settings()
