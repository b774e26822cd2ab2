"""What somebody shows beside a password: an authenticator app's code, a passkey, a recovery code.

Services of the account itself run for its user; what signs somebody in runs for the program and names the user.
"""

from mbs_app.services.second_factor import (
    attempts,
    authenticators,
    ceremonies,
    codes,
    passkeys,
    policy,
    recovery_codes,
)
from mbs_app.services.second_factor.ceremonies import RelyingParty
from mbs_app.services.second_factor.confirmation import confirm, require_confirmed
from mbs_app.services.second_factor.methods import Method, methods_of
from mbs_app.services.second_factor.overview import Overview, overview

__all__ = [
    "Method",
    "Overview",
    "RelyingParty",
    "attempts",
    "authenticators",
    "ceremonies",
    "codes",
    "confirm",
    "methods_of",
    "overview",
    "passkeys",
    "policy",
    "recovery_codes",
    "require_confirmed",
]
