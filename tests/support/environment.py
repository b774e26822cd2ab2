"""Another environment than the tests' own, for a test that needs one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mbs_app.settings import Settings, get_settings


@contextmanager
def with_environment(**variables: str) -> Iterator[Settings]:
    """The settings of a process with these variables, for as long as the block lasts."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        get_settings.cache_clear()
        try:
            yield get_settings()
        finally:
            get_settings.cache_clear()
