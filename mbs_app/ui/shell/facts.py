"""The facts the frame shows on every page."""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class ShellFacts:
    """Who is signed in, what is sending, and whether texts leave this machine."""

    workspace_name: str
    user_name: str
    is_admin: bool
    live_campaigns: int
    sending_words: str
    sending_note: str
    simulated: bool
    simulator_url: str


def initials(name: str) -> str:
    """At most two letters: "Maya Okafor" → "MO"."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    chosen = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()
