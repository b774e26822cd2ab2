"""The check before sending, and the slip with its one button."""
