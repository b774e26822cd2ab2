"""The installation's own secret: what is kept readable, but only for this program, is sealed with it.

SECRET_KEY names it; without that a random one is made at the first start and kept in the data folder. Every
machine of an installation needs the same. Each purpose gets a key of its own (HKDF, RFC 5869), so that what is
made for one is worth nothing for another.
"""

from __future__ import annotations

import os
import secrets
from base64 import urlsafe_b64encode
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mbs_app.domain.errors import ConfigurationError
from mbs_app.settings import Settings, get_settings

FILE = "secret.key"
KEY_BYTES = 32


def seal(text: str, purpose: str) -> str:
    """``text`` encrypted and authenticated for ``purpose``; about 100 characters longer."""
    return Fernet(_fernet_key(purpose)).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """What was sealed.

    Raises:
        ConfigurationError: it was sealed with another installation's secret.
    """
    try:
        return Fernet(_fernet_key(purpose)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ConfigurationError(
            "This was sealed with another SECRET_KEY. Set the one it was made with, on every machine."
        ) from None


def derived(purpose: str, settings: Settings | None = None) -> bytes:
    """32 bytes for one purpose; the same at every call and on every machine with the same secret.

    ``settings`` are those of another installation than this process's own.
    """
    return _derive(_secret(settings or get_settings()), purpose)


def _fernet_key(purpose: str) -> bytes:
    return urlsafe_b64encode(derived(purpose))


@lru_cache(maxsize=32)
def _derive(secret: bytes, purpose: str) -> bytes:
    # Stretching is for what people choose; this secret is random, or at least 32 characters.
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"mbs/{purpose}".encode()).derive(secret)


def _secret(settings: Settings) -> bytes:
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    return _kept_in(settings.data_dir / FILE)


@lru_cache(maxsize=4)
def _kept_in(path: Path) -> bytes:
    return _make_or_read(path)


def _make_or_read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return _make(path)


def _make(path: Path) -> bytes:
    """A new secret, written whole and readable by this user only; of two starts at once the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()
