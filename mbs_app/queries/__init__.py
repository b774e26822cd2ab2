"""Statements worth a name. Each takes a session, none commits."""
