"""What other pages have to say on the way to the sign-in page, by a short word in its address."""

from __future__ import annotations

from mbs_app.ui.components.callout import Tone

PASSWORD_CHANGED = "password-changed"
STEP_OVER = "step-over"

NOTICES: dict[str, tuple[Tone, str]] = {
    PASSWORD_CHANGED: ("good", "Your password is changed. Sign in with the new one."),
    STEP_OVER: ("warn", "This took too long, or was tried too often. Start again."),
}
