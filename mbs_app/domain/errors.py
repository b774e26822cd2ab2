"""Every error the product raises on purpose, in one tree.

::

    MbsError
    ├── ConfigurationError        a setting is missing or wrong; the start stops
    ├── ActorRequired             a transaction was used without saying for whom (a bug)
    ├── NotSignedIn               nobody, or a session that has ended
    ├── NotAllowed                somebody, but not allowed to do this
    │   ├── NotApproved           the account is pending, rejected or suspended
    │   ├── SecondFactorRequired  an admin requires a second factor, and the session has shown none
    │   └── ConfirmFirst          the session is too old for this: its holder must show again that it is them
    ├── NotFound                  no such thing among what this actor may see
    ├── InvalidInput              a value can't be taken; says which field and how to mend it
    ├── Conflict                  the thing is no longer in a state where this can be done
    ├── TooManyAttempts           wait, then try again
    │   └── TooManyRequests       a program calls more often than it may
    └── Busy                      the server has its hands full; come back in a moment

Each carries a ``message`` written for the person at the screen. The HTTP layer maps a class to a status;
nothing here knows HTTP.
"""

from __future__ import annotations

from collections.abc import Callable


class MbsError(Exception):
    """The root of the tree. ``message`` is a sentence for the user; ``code`` is stable, for programs."""

    code = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ConfigurationError(MbsError):
    code = "configuration"


class ActorRequired(MbsError):
    code = "actor-required"


class NotSignedIn(MbsError):
    code = "not-signed-in"

    def __init__(self, message: str = "Sign in to go on.") -> None:
        super().__init__(message)


class NotAllowed(MbsError):
    code = "not-allowed"

    def __init__(self, message: str = "Your account can’t do this.") -> None:
        super().__init__(message)


class NotApproved(NotAllowed):
    code = "not-approved"


class SecondFactorRequired(NotAllowed):
    code = "second-factor-required"

    def __init__(self) -> None:
        super().__init__("Your workspace asks for a second factor. Set one up to go on.")


class ConfirmFirst(NotAllowed):
    code = "confirm-first"

    def __init__(self) -> None:
        super().__init__("Confirm that it’s you, then try again.")


class NotFound(MbsError):
    code = "not-found"

    def __init__(self, what: str = "page") -> None:
        super().__init__(f"This {what} doesn’t exist, or it isn’t yours.")
        self.what = what


class InvalidInput(MbsError):
    """A value that can't be taken.

    ``fields`` maps a field's name to the sentence shown at that field. ``message`` sums them up.
    """

    code = "invalid-input"

    def __init__(self, message: str = "", **fields: str) -> None:
        super().__init__(message or " ".join(fields.values()))
        self.fields = fields


def check_all(*checks: Callable[[], object]) -> None:
    """Run every check, so that a form says of all its fields at once what needs mending.

    Raises InvalidInput with what the checks raised; any other error ends it at once.
    """
    problems: dict[str, str] = {}
    for check in checks:
        try:
            check()
        except InvalidInput as error:
            problems |= error.fields
    if problems:
        raise InvalidInput(**problems)


class Conflict(MbsError):
    code = "conflict"


class TooManyAttempts(MbsError):
    """``retry_after`` is in whole seconds."""

    code = "too-many-attempts"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many attempts. Wait {_in_words(retry_after)}, then try again.")
        self.retry_after = retry_after


class TooManyRequests(TooManyAttempts):
    """``policy`` is the name of the limit that is used up."""

    code = "too-many-requests"

    def __init__(self, retry_after: int, policy: str) -> None:
        super().__init__(retry_after)
        self.message = f"Too many requests. Wait {_in_words(retry_after)}, then go on more slowly."
        self.policy = policy


class Busy(MbsError):
    """``retry_after`` is in whole seconds."""

    code = "busy"

    def __init__(self, retry_after: int) -> None:
        super().__init__("Many people are signing in just now. Try again in a moment.")
        self.retry_after = retry_after


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} seconds"
    return f"{round(seconds / 60)} minutes"
