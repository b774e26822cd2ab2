"""What the frame knows: loaded once with each page, changed by nobody."""

from typing import ClassVar

import reflex as rx

from mbs_app.ui.access import Access
from mbs_app.ui.session import BaseState


class ShellState(BaseState, rx.State):
    """The facts of the sidebar. `ShellState.load` belongs in every signed-in page's on_load."""

    access: ClassVar[Access] = Access.SIGNED_IN

    workspace_name: str = ""
    user_name: str = ""
    user_initials: str = ""
    is_admin: bool = False
    live_campaigns: int = 0
    sending_words: str = ""
    sending_note: str = ""
    simulated: bool = False
    simulator_url: str = ""

    @rx.event
    async def load(self) -> None:
        """Read the facts for whoever is signed in."""
