import pytest

from mbs_app.settings import read_settings
from mbs_app.ui.shell.facts import initials, sending_words, simulator_address


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Maya Okafor", "MO"), ("Ana", "A"), ("Ana Maria de la Cruz", "AC"), ("", "?"), ("é t", "ÉT")],
)
def test_initials_are_the_first_and_the_last_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_nothing_is_sending_without_a_live_campaign() -> None:
    assert sending_words(0, 0.0) == "Nothing is sending"


def test_the_rate_has_one_decimal() -> None:
    assert sending_words(2, 45.18) == "Sending normally 45.2/s"


def test_the_simulator_is_linked_only_where_one_runs() -> None:
    assert simulator_address(read_settings(simulator_port=8910)) == "http://localhost:8910/"
    assert simulator_address(read_settings(simulator_port=0)) == ""
