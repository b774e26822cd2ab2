"""The pages of who went astray: to an address that leads nowhere, or to one that is for admins."""
