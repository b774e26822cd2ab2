"""MBS, the Message Broadcasting System: text campaigns whose books always balance."""

__version__ = "0.1.0"
