"""What the list of customers does."""

from __future__ import annotations

from typing import ClassVar

import reflex as rx

from mbs_app.ui.access import Access
from mbs_app.ui.customers.choosing import Choosing
from mbs_app.ui.customers.listing import Listing
from mbs_app.ui.session import BaseState


class CustomersState(Choosing, Listing, BaseState, rx.State):
    """Two mixins: the list that is asked for, and the customers ticked in it."""

    access: ClassVar[Access | None] = Access.SIGNED_IN
