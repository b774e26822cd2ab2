"""One use case per function: each takes a session and an actor, and none commits."""
