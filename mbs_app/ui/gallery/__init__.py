"""The living reference of the component kit."""
