"""What the frame knows: loaded with each page."""

from collections.abc import AsyncIterator
from typing import Any, ClassVar

import reflex as rx

from mbs_app.services import accounts
from mbs_app.services.workspace import shell_facts
from mbs_app.settings import get_settings
from mbs_app.ui.access import Access
from mbs_app.ui.browser import renew_session
from mbs_app.ui.session import BaseState, current_standing, standing_changes
from mbs_app.ui.shell.facts import initials, sending_words, simulator_address

# What changes in this process is heard of at once; another process may change it as well.
LOOK_EVERY = 20.0


class ShellState(BaseState, rx.State):
    """The sidebar's facts. `ShellState.load` belongs in every signed-in page's ON_LOAD.

    Nothing here decides what somebody may do: `is_admin` only hides what would be refused anyway.
    """

    access: ClassVar[Access | None] = Access.SIGNED_IN

    workspace_name: str = ""
    user_name: str = ""
    user_initials: str = ""
    is_admin: bool = False
    time_zone: str = ""
    appearance: str = ""
    live_campaigns: int = 0
    sending_words: str = ""
    simulated: bool = False
    simulator_url: str = ""
    waiting_people: int = 0

    _watch_number: int = 0

    @rx.event
    async def load(self) -> Any:
        """Read the facts for whoever is signed in."""
        facts = await self._read(shell_facts)
        settings = get_settings()
        self.workspace_name = facts.workspace_name
        self.user_name = facts.user_name
        self.user_initials = initials(facts.user_name)
        self.is_admin = facts.is_admin
        self.time_zone = facts.time_zone
        self.appearance = facts.appearance
        self.live_campaigns = facts.live_campaigns
        self.sending_words = sending_words(facts.live_campaigns, facts.sending_per_second)
        self.simulated = settings.simulates_texts
        self.simulator_url = simulator_address(settings)
        self.waiting_people = facts.waiting_people
        return ShellState.watch_standing

    @rx.event(background=True)
    async def watch_standing(self) -> AsyncIterator[Any]:
        """Take an open page away from whoever may no longer see it, though nobody presses anything on it."""
        async with self:
            self._watch_number += 1
            number = self._watch_number
        with standing_changes.listening() as changes:
            while True:
                found = (
                    await current_standing()
                )  # a session that has ended leads to the sign-in page
                if found.refusal is not None:
                    raise found.refusal
                if found.must_renew:
                    yield renew_session()
                    return
                await changes.wait(LOOK_EVERY)
                async with self:
                    if self._watch_number != number:
                        return

    @rx.event
    async def keep_appearance(self, appearance: str) -> None:
        """The browser shows it already; the account takes it along to other browsers."""
        user = await self._run(accounts.change_profile, appearance=appearance)
        self.appearance = user.appearance

    def _show_sending(self, rates: list[float]) -> None:
        """For pages that follow the hub: texts a second of each campaign that is sending now."""
        words = sending_words(len(rates), sum(rates))
        if (self.live_campaigns, self.sending_words) != (len(rates), words):
            self.live_campaigns, self.sending_words = len(rates), words
