"""Sign-in through another provider (OpenID Connect)."""

from mbs_app.providers.openid.client import Claims, OpenIdProvider, ProviderFailed

__all__ = ["Claims", "OpenIdProvider", "ProviderFailed"]
