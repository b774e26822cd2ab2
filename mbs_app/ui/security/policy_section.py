"""Who must have a second factor, for admins."""

from __future__ import annotations

import reflex as rx

from mbs_app.domain.vocabulary import SecondFactorFor
from mbs_app.ui.components.choices import radio_card
from mbs_app.ui.components.dialog import confirm_dialog
from mbs_app.ui.components.layout import form_section
from mbs_app.ui.components.wording import counted
from mbs_app.ui.security.state import SecurityState

CHOICES = [
    (SecondFactorFor.NOBODY, "Nobody", "Anybody may have one."),
    (SecondFactorFor.ADMINS, "Admins", "Those who can see and change everything must have one."),
    (SecondFactorFor.EVERYBODY, "Everybody", "All who sign in must have one."),
]

S = SecurityState


def policy_section() -> rx.Component:
    return rx.cond(
        S.is_admin,
        form_section(
            "Who must have a second factor",
            "For the whole workspace.",
            rx.el.div(
                *(
                    radio_card(
                        words,
                        about,
                        name="second-factor-for",
                        value=value,
                        checked=S.asked == value,
                        on_change=S.choose_policy(value),
                    )
                    for value, words, about in CHOICES
                ),
                role="radiogroup",
                aria_label="Who must have a second factor",
                class_name="stack gap-8",
            ),
        ),
    )


def policy_dialog() -> rx.Component:
    return confirm_dialog(
        open=S.choosing != "",
        title=rx.match(
            S.choosing,
            (SecondFactorFor.ADMINS, "Ask admins for a second factor?"),
            (SecondFactorFor.EVERYBODY, "Ask everybody for a second factor?"),
            "Ask nobody for a second factor any more?",
        ),
        text=rx.match(
            S.choosing,
            (SecondFactorFor.ADMINS, _consequence(S.admins_without, "admin has", "admins have")),
            (
                SecondFactorFor.EVERYBODY,
                _consequence(S.people_without, "person has", "people have"),
            ),
            rx.el.span("Who has one keeps it, and is still asked for it when signing in."),
        ),
        keep="Leave it as it is",
        confirm=rx.match(
            S.choosing,
            (SecondFactorFor.ADMINS, "Ask admins"),
            (SecondFactorFor.EVERYBODY, "Ask everybody"),
            "Ask nobody",
        ),
        danger=False,
        on_keep=S.keep_policy,
        on_confirm=S.save_policy,
    )


def _consequence(count: rx.Var[int], one: str, many: str) -> rx.Component:
    return rx.cond(
        count > 0,
        rx.el.span(
            counted(count, one, many),
            " none yet. At their next step they are led to set one up, and can do nothing else before.",
        ),
        rx.el.span("All of them have one. Nobody is stopped."),
    )
