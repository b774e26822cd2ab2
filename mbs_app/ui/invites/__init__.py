"""Invites: the codes people join with."""
