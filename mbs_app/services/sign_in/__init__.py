"""Signing in and out: the password first, then what else the account asks for, then a session."""

from mbs_app.services.sign_in.ending import SignedIn, sign_out, start_session
from mbs_app.services.sign_in.password import (
    PER_ACCOUNT_AND_ADDRESS,
    PER_ADDRESS,
    PER_DEVICE,
    WINDOW,
    FailedSignIn,
    accept_password,
    begin,
    refuse,
)

__all__ = [
    "PER_ACCOUNT_AND_ADDRESS",
    "PER_ADDRESS",
    "PER_DEVICE",
    "WINDOW",
    "FailedSignIn",
    "SignedIn",
    "accept_password",
    "begin",
    "refuse",
    "sign_out",
    "start_session",
]
