"""The component kit: small functions that return Reflex components in the product's looks."""
