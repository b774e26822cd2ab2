"""Hashing and checking passwords: Argon2id through the ``passlib`` interface of ``libpass``."""

from __future__ import annotations

import threading

from passlib.context import CryptContext

from mbs_app.domain.errors import InvalidInput

SHORTEST = 12  # OWASP ASVS 5.0, 6.2.1 asks for 8 and recommends 15; no composition rules (6.2.5)
LONGEST = 128

# OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane.
_context = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19456,
    argon2__rounds=2,
    argon2__parallelism=1,
)
# A hash takes 19 MiB and a core: a burst of sign-ins must not starve the server.
_few_at_once = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    with _few_at_once:
        return str(_context.hash(password))


def verify_password(password: str, stored: str | None) -> bool:
    """Whether it matches. With no stored hash it takes the same time and says no."""
    with _few_at_once:
        return bool(_context.verify(password[:LONGEST], stored or _NOBODY)) and stored is not None


def needs_rehash(stored: str) -> bool:
    return bool(_context.needs_update(stored))


def check_new_password(password: str, *, name: str = "", email: str = "") -> None:
    """Refuse a password that is too short, too long, or made of the person's own name or address.

    Raises:
        InvalidInput: with the sentence for the field ``password``.
    """
    if len(password) < SHORTEST:
        missing = SHORTEST - len(password)
        raise InvalidInput(
            password=f"Use at least {SHORTEST} characters: {missing} more "
            f"{'is' if missing == 1 else 'are'} needed."
        )
    if len(password) > LONGEST:
        raise InvalidInput(password=f"Use at most {LONGEST} characters.")
    if len(set(password)) < 5:
        raise InvalidInput(password="Use a few more different characters.")
    lowered = password.lower()
    parts = [email.partition("@")[0], *name.split()]
    if any(len(part) >= 4 and part.lower() in lowered for part in parts):
        raise InvalidInput(password="Leave your name and your email address out of the password.")


_NOBODY = hash_password("the password of nobody at all")
