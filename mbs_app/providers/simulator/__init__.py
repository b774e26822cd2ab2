"""Twilio and Resend as far as this product uses them, on loopback. A program of its own.

The official libraries talk to it through a base URL. It keeps its own books of what it accepted.
"""
