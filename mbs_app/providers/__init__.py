"""Everything that speaks to a carrier or a mail service, and nothing else does."""
