"""The people of the workspace, for admins: who they are, what they may do, resets of their passwords."""
