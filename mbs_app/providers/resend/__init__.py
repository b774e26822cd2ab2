"""Mails through Resend."""

from mbs_app.providers.resend.client import ResendMails

__all__ = ["ResendMails"]
