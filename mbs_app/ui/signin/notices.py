"""What other pages and answers have to say on the way to the sign-in page, by a short word in its address."""

from __future__ import annotations

from mbs_app.domain.errors import MbsError
from mbs_app.services.sign_in import by_provider
from mbs_app.services.steps import StepOver
from mbs_app.ui.components.callout import Tone

PASSWORD_CHANGED = "password-changed"
SIGNED_OUT = "signed-out"  # the word that ui/scripts/leaving.js gives

_PROBLEMS: tuple[MbsError, ...] = (
    StepOver(),
    by_provider.ProviderAway(),
    by_provider.NoAccountYet(),
    by_provider.HasAccount(),
    by_provider.NoConfirmedEmail(),
)
NOTICES: dict[str, tuple[Tone, str]] = {
    PASSWORD_CHANGED: ("good", "Your password is changed. Sign in with the new one."),
    # Not why: an ended session, a suspension and a sign-out elsewhere look the same to who is not signed in.
    SIGNED_OUT: ("note", "You were signed out. Sign in again to go on."),
    **{problem.code: ("warn", problem.message) for problem in _PROBLEMS},
}
