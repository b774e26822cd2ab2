"""A mail's subject, plain text and HTML.

The facts of each kind:

- ``invitation``: inviter, link, code, expires_at (or None)
- ``already_joined``: name, link (somebody tried to join with this address, which has an account)
- ``approved``: name, link
- ``rejected``: name, reason (may be empty)
- ``password_reset``: name, link, minutes, by_admin
- ``password_changed``: name, device, ip, at, and what still works: passkeys and api_keys (how many), providers
  ("login.example", may be empty)
- ``new_device``: name, device, ip, at
- ``email_change``: name, link, new_email (sent to the new address)
- ``email_changed``: name, new_email (sent to the old address)
- ``security_changed``: name, what ("A passkey was added"), device, ip, at

``at`` and ``expires_at`` are moments with a zone; ``device`` is in words ("Chrome on Windows").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlmodel import Session

from mbs_app.domain.vocabulary import MailKind
from mbs_app.models import Workspace
from mbs_app.services.mails.letters import LETTERS, Letter, Setting
from mbs_app.settings import get_settings

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_SUBJECT = 200
NAMELESS = "MBS"


class Written(NamedTuple):
    subject: str
    text: str
    html: str


def write(
    session: Session, kind: MailKind, facts: Mapping[str, Any], *, to: str, zone: str
) -> Written:
    """The mail to ``to``, whose reader lives in the time zone ``zone``.

    Raises TypeError where ``facts`` are not those of the kind.
    """
    workspace = session.get(Workspace, 1)
    name = _one_line(workspace.name) if workspace else ""
    here = Setting(name or NAMELESS, get_settings().address, zone)
    letter = LETTERS[kind](here, **{name: _tidy(name, fact) for name, fact in facts.items()})
    shown = {
        "letter": letter,
        "to": to,
        "workspace": here.workspace,
        "host": urlsplit(here.address).netloc,
        "width": _label_width(letter),
    }
    templates = _templates()
    return Written(
        subject=_subject(letter.subject),
        text=templates.get_template("mail.txt").render(shown).lstrip(),
        html=templates.get_template("mail.html").render(shown).lstrip(),
    )


def _tidy(name: str, fact: Any) -> Any:
    # Nobody's name or device may look like lines of ours; only a reason has lines.
    return _one_line(fact) if isinstance(fact, str) and name != "reason" else fact


def _subject(words: str) -> str:
    """One line: a name with a line break in it must not become a header of its own."""
    line = _one_line(words)
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"


def _one_line(words: str) -> str:
    # Control characters, and those that Unicode takes for line or direction breaks.
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", " ", words).split())


def _label_width(letter: Letter) -> int:
    return max((len(fact.name) + 1 for fact in letter.facts), default=0)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
