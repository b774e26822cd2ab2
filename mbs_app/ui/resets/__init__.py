"""The resets of passwords, for admins: all links there were, and sending one."""
