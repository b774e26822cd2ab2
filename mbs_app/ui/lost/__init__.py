"""The page of an address that leads nowhere."""
