"""The page behind the one-time link: the business and its first admin."""
