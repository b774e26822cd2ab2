"""How the installation stands, for admins."""
