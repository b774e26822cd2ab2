"""What the page shows on which somebody joins with a code."""

from __future__ import annotations

import reflex as rx

from mbs_app.ui.components.buttons import button, link_button, text_link
from mbs_app.ui.components.callout import callout
from mbs_app.ui.components.fields import select_field, text_field
from mbs_app.ui.components.new_password_field import new_password_field
from mbs_app.ui.components.signin_layout import signin_layout
from mbs_app.ui.credentials import post_form
from mbs_app.ui.join.state import JoinState

ROUTE = "/join"
TITLE = "Join"
ON_LOAD = [JoinState.load]
FORM = "join"

S = JoinState


def page() -> rx.Component:
    place = rx.cond(S.workspace_name != "", S.workspace_name, "MBS")
    return signin_layout(
        rx.cond(S.is_loaded, rx.cond(S.is_sent, _received(), rx.fragment(_form(), _elsewhere()))),
        title=rx.cond(S.is_sent, "Your account waits for approval", f"Join {place}"),
        subtitle=rx.cond(
            S.is_sent,
            f"An admin of {place} looks at each new account.",
            "You need the code of your invitation.",
        ),
        more=rx.cond(
            S.is_sent,
            rx.fragment(),
            rx.fragment("Have an account? ", text_link("Sign in", href="/signin")),
        ),
    )


def _form() -> rx.Component:
    problem = S.field_problems
    return rx.el.form(
        rx.cond(S.problem != "", callout(S.problem, tone="bad")),
        rx.el.div(
            text_field(
                "Invite code",
                field_id="code",
                name="code",
                size="lg",
                default_value=S.linked_code,
                placeholder="LAKE-7QF2-M9KD",
                auto_complete="off",
                auto_capitalize="characters",
                spell_check=False,
                required=True,
                error=problem.get("code", ""),
                on_change=S.type_code,
            ),
            key=S.linked_code,  # another link in the same tab brings its own code
            class_name="code-field",
        ),
        text_field(
            "Your name",
            field_id="name",
            name="name",
            size="lg",
            auto_complete="name",
            max_length=120,
            required=True,
            error=problem.get("name", ""),
        ),
        text_field(
            "Email",
            field_id="email",
            name="email",
            type="email",
            size="lg",
            auto_complete="username",
            required=True,
            error=problem.get("email", ""),
        ),
        new_password_field(
            "Password",
            "password",
            name_field_id="name",
            email_field_id="email",
            required=True,
            error=problem.get("password", ""),
        ),
        select_field(
            "Time zone",
            S.zones,
            field_id="time_zone",
            name="time_zone",
            value=S.zone,
            on_change=S.choose_zone,
            hint="For the times you see. You can change it later.",
            error=problem.get("time_zone", ""),
        ),
        button(
            "Join",
            kind="primary",
            size="lg",
            type="submit",
            wide=True,
            busy=S.busy,
            busy_label="Joining",
        ),
        id=FORM,
        class_name="stack gap-16",
        no_validate=True,  # what needs mending stands at each field, in our words
        method="post",
        on_submit=[S.begin, post_form(FORM, "/api/auth/register", S.answered)],
    )


def _elsewhere() -> rx.Component:
    """With the code alone: name and address come from there."""
    return rx.cond(
        S.provider != "",
        rx.el.div(
            link_button(
                f"Continue with {S.provider}",
                href=S.provider_url,
                size="lg",
                icon="log_in",
                wide=True,
                external=True,
            ),
            class_name="door-ways",
        ),
    )


def _received() -> rx.Component:
    """The same for an address that has an account already: its owner gets a mail that says so."""
    return rx.el.div(
        callout(
            "You get a mail once an admin has decided. Until then you can sign in to see whether they have.",
            tone="good",
            icon="mail",
        ),
        link_button("Go to sign-in", href="/signin", kind="primary", size="lg", wide=True),
        class_name="stack gap-16",
        role="status",
    )
