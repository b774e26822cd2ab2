"""Passwords: how they are kept, what may be one, and how strong one is."""

from mbs_app.services.passwords.hashing import (
    hash_aside,
    hash_password,
    hash_with_salt_aside,
    needs_rehash,
    rehash_aside,
    verify_aside,
    verify_password,
)
from mbs_app.services.passwords.rules import LONGEST, SHORTEST, check_new_password
from mbs_app.services.passwords.strength import Strength, strength_of

__all__ = [
    "LONGEST",
    "SHORTEST",
    "Strength",
    "check_new_password",
    "hash_aside",
    "hash_password",
    "hash_with_salt_aside",
    "needs_rehash",
    "rehash_aside",
    "strength_of",
    "verify_aside",
    "verify_password",
]
