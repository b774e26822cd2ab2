"""The outbox of the product's own mails, for admins."""
