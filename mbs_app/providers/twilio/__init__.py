"""Texts through Twilio: the client, what its codes mean, its webhooks' signature and payloads."""

from mbs_app.providers.twilio.client import TwilioTexts

__all__ = ["TwilioTexts"]
