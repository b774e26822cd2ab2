"""The settings page: the business, oneself, the sending numbers, the providers."""
