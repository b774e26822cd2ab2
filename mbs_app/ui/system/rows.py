"""What the system overview shows, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mbs_app.domain.vocabulary import UserStatus
from mbs_app.services.messages import Reason
from mbs_app.services.system import Check, People, Setting, State, TableSize, percent_words, worst


@dataclass(frozen=True)
class CheckRow:
    label: str
    value: str
    state: str
    advice: str
    part: str  # "Queue": where it stands on the page


@dataclass(frozen=True)
class StatusRow:
    status: str
    words: str
    count: int


@dataclass(frozen=True)
class FailureRow:
    words: str
    code: str
    count: int
    share: str


@dataclass(frozen=True)
class TableRow:
    words: str
    rows: int


@dataclass(frozen=True)
class SettingRow:
    name: str
    words: str
    is_set: bool


@dataclass(frozen=True)
class Standing:
    """The whole in one word and a sentence."""

    state: str = ""
    words: str = ""


_STATUS_WORDS = {
    UserStatus.APPROVED: "Approved",
    UserStatus.PENDING: "Waiting",
    UserStatus.SUSPENDED: "Suspended",
    UserStatus.REJECTED: "Rejected",
}


def check_rows(part: str, checks: Iterable[Check]) -> list[CheckRow]:
    return [
        CheckRow(check.label, check.value, check.state.value, check.advice, part)
        for check in checks
    ]


def unreadable(part: str) -> list[CheckRow]:
    """In the place of a part that could not be read."""
    advice = "The reason stands in the log. It is tried again in a moment."
    return [CheckRow("This part", "Can’t be read", State.BROKEN.value, advice, part)]


def status_rows(people: People) -> list[StatusRow]:
    return [
        StatusRow(status.value, words, people.by_status[status])
        for status, words in _STATUS_WORDS.items()
    ]


def failure_rows(failures: Sequence[Reason], handed_over: int) -> list[FailureRow]:
    return [
        FailureRow(
            words=one.words,
            code=str(one.code or ""),
            count=one.count,
            share=percent_words(one.count / handed_over) if handed_over else "",
        )
        for one in failures
    ]


def table_rows(tables: Sequence[TableSize]) -> list[TableRow]:
    return [TableRow(table.words, table.rows) for table in tables if table.rows]


def setting_rows(settings: Sequence[Setting]) -> list[SettingRow]:
    return [SettingRow(one.name, one.words, one.is_set) for one in settings]


def standing(rows: Sequence[CheckRow]) -> Standing:
    """ "Healthy", "2 things to look at", "1 thing is broken"."""
    states = [State(row.state) for row in rows]
    found = worst(Check("", "", "", state) for state in states)
    if found is State.HEALTHY:
        return Standing(found.value, "Healthy")
    count = states.count(found)
    things = "1 thing" if count == 1 else f"{count} things"
    if found is State.LOOK:
        return Standing(found.value, f"{things} to look at")
    return Standing(found.value, f"{things} {'is' if count == 1 else 'are'} broken")


def attention(rows: Sequence[CheckRow]) -> list[CheckRow]:
    """What isn't healthy, the broken first."""
    odd = [row for row in rows if row.state != State.HEALTHY.value]
    return sorted(odd, key=lambda row: row.state != State.BROKEN.value)
