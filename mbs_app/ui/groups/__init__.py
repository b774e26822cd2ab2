"""Groups of customers: made, changed, written to."""
