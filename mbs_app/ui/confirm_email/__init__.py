"""The page behind the link in the mail to a new address."""
