"""The gallery's own little state: enough for its fields to be typed into."""

from typing import ClassVar

import reflex as rx

from mbs_app.ui.access import Access
from mbs_app.ui.session import BaseState

SAMPLE = (
    "Hi {first_name|there}, it’s double points weekend at Juniper & Oak. "
    "You have {points} points to spend at {store}."
)


class GalleryState(BaseState, rx.State):
    """Nothing here is saved."""

    access: ClassVar[Access | None] = Access.SIGNED_IN

    text: str = SAMPLE
    span: str = "7"
    on: bool = True

    @rx.event
    def write(self, text: str) -> None:
        self.text = text[:1600]

    @rx.event
    def choose_span(self, span: str) -> None:
        self.span = span[:3]

    @rx.event
    def switch(self, on: bool) -> None:
        self.on = bool(on)
