"""The page that mails a link to who forgot their password."""
