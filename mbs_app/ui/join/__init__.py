"""Joining with an invite code."""
