"""The mark: a ledger with its bars and its double rule."""

import reflex as rx


def logo() -> rx.Component:
    """28 px square in the accent; the same drawing is assets/favicon.svg."""
    shapes = [
        rx.el.svg.rect(width="28", height="28", rx="6", fill="currentColor"),
        rx.el.svg.rect(x="6", y="7", width="16", height="3", rx="1", fill="var(--logo-ink)"),
        rx.el.svg.rect(x="6", y="12", width="11", height="3", rx="1", fill="var(--logo-ink)"),
        rx.el.svg.rect(
            x="19",
            y="12",
            width="3",
            height="3",
            rx="1",
            fill="var(--logo-ink)",
            opacity="0.55",
        ),
        rx.el.svg.rect(x="6", y="18", width="16", height="1.2", fill="var(--logo-ink)"),
        rx.el.svg.rect(x="6", y="20.8", width="16", height="1.2", fill="var(--logo-ink)"),
    ]
    return rx.el.svg(*shapes, view_box="0 0 28 28", class_name="logo", aria_hidden="true")
