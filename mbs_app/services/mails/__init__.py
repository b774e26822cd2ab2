"""The product's own mails: written, and put into the outbox."""

from mbs_app.services.mails.outbox import queue

__all__ = ["queue"]
