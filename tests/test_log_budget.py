"""What strangers send can't fill the log, nor hide what else goes wrong."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mbs_app import logs
from mbs_app.log_budget import LINES_A_MINUTE, Budget
from mbs_app.settings import PROJECT_ROOT

outside = logging.getLogger("reflex.app.of_the_test")
refusals = logging.getLogger("mbs_app.api.problems.of_the_test")
sending = logging.getLogger("mbs_app.delivery.of_the_test")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Written:
    """A log whose lines are kept, with a clock to turn."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.records: list[logging.LogRecord] = []
        self._budget = Budget(self.clock)

    def handle(self, record: logging.LogRecord) -> None:
        self.records += self._budget.admit(record)

    @property
    def lines(self) -> list[str]:
        return [record.getMessage() for record in self.records]


@pytest.fixture
def written() -> Iterator[Written]:
    kept = Written()

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.handle(record)

    handler = Keeping()
    for logger in (outside, refusals, sending):
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(logging.INFO)
    yield kept
    for logger in (outside, refusals, sending):
        logger.removeHandler(handler)
        logger.propagate = True


def flood(times: int) -> None:
    for nth in range(times):
        outside.warning("Received event data as a string %s", nth)


def test_a_flood_is_some_lines_and_a_count(written: Written) -> None:
    flood(5000)
    assert len(written.lines) == LINES_A_MINUTE + 1
    assert written.lines[0] == "Received event data as a string 0"
    assert written.lines[-1].endswith("more are only counted")
    written.clock.now += 60
    refusals.info("refused something else")
    assert written.lines[-2:] == [
        f"{5000 - LINES_A_MINUTE} more like this: Received event data as a string 0",
        "refused something else",
    ]


def test_the_next_minute_has_lines_of_its_own(written: Written) -> None:
    flood(LINES_A_MINUTE + 1)
    written.clock.now += 60
    flood(1)
    assert written.lines[-2].startswith("1 more like this")
    assert written.lines[-1] == "Received event data as a string 0"


def test_a_flood_hides_no_other_place(written: Written) -> None:
    flood(5000)
    refusals.info("refused POST /api/auth/login")
    outside.warning("another line of the same logger")
    assert written.lines[-2:] == ["refused POST /api/auth/login", "another line of the same logger"]


def test_a_flood_of_one_fault_hides_no_other_fault(written: Written) -> None:
    def fail(kind: type[Exception]) -> None:
        try:
            if kind is KeyError:
                raise KeyError("of a stranger")
            raise ValueError("a real fault")
        except Exception:
            outside.exception("an event failed")

    for _ in range(500):
        fail(KeyError)
    assert len(written.lines) == LINES_A_MINUTE + 1
    fail(ValueError)
    assert written.records[-1].exc_info is not None
    assert isinstance(written.records[-1].exc_info[1], ValueError)


def test_what_the_worker_says_is_always_written(written: Written) -> None:
    for nth in range(500):
        sending.error("message %d was taken twice", nth)
    assert len(written.lines) == 500


def test_a_process_writes_within_the_budget_and_its_last_count_at_its_end() -> None:
    program = (
        "import logging; from mbs_app import logs; logs.configure()\n"
        "for nth in range(500): logging.getLogger('reflex.app').warning('as a string %s', nth)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = ended.stderr.splitlines()
    assert len(lines) == LINES_A_MINUTE + 2
    assert lines[0].endswith(" WARNING reflex.app: as a string 0")
    assert lines[-1].endswith(f"{500 - LINES_A_MINUTE} more like this: as a string 0")


def test_a_long_line_is_cut_and_says_how_long_it_was() -> None:
    record = logging.LogRecord("reflex", logging.WARNING, __file__, 1, "x" * 1_000_000, (), None)
    line = logs.Line().format(record)
    assert len(line) < 1.1 * logs.LONGEST_LINE
    assert line.endswith("characters)")


def test_a_traceback_that_quotes_a_megabyte_is_cut_in_its_middle() -> None:
    try:
        raise ValueError("sent\n" * 200_000 + "the end")
    except ValueError as error:
        raised = (type(error), error, error.__traceback__)
    record = logging.LogRecord("reflex", logging.ERROR, __file__, 1, "it failed", (), raised)
    lines = logs.Line().format(record).split("\n")
    assert len(lines) <= logs.MOST_LINES + 2
    assert "in test_a_traceback_that_quotes_a_megabyte" in lines[2]
    assert lines[-1] == "    | the end"
