"""Signing in and out: the password first, then what else the account asks for, then a session."""

from mbs_app.services.sign_in import by_passkey, by_provider, second_step
from mbs_app.services.sign_in.by_passkey import FailedPasskey
from mbs_app.services.sign_in.ending import (
    SignedIn,
    note_sign_in,
    sign_out,
    start_program_session,
    start_session,
)
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
from mbs_app.services.sign_in.second_step import SecondStep, ask_second_factor

__all__ = [
    "PER_ACCOUNT_AND_ADDRESS",
    "PER_ADDRESS",
    "PER_DEVICE",
    "WINDOW",
    "FailedPasskey",
    "FailedSignIn",
    "SecondStep",
    "SignedIn",
    "accept_password",
    "ask_second_factor",
    "begin",
    "by_passkey",
    "by_provider",
    "note_sign_in",
    "refuse",
    "second_step",
    "sign_out",
    "start_program_session",
    "start_session",
]
