"""The keys of one's programs: made, shown once, revoked."""
