import logging

import pytest

from mbs_app.domain.palette import COLOR_NAMES
from mbs_app.ui.gallery import page
from tests.ui.test_tokens import tokens


def test_every_part_can_be_drawn_and_every_icon_exists(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        drawn = str(page.page())
    assert "From audience to phone" in drawn
    assert not [record for record in caplog.records if "icon" in record.message]


def test_every_group_colour_has_its_value() -> None:
    assert {f"--group-{name}" for name in COLOR_NAMES} <= set(tokens(dark=False))
