"""The countries offered where phone numbers without a country code have to be read."""

from __future__ import annotations

REGIONS = (
    ("US", "United States"),
    ("CA", "Canada"),
    ("AU", "Australia"),
    ("AT", "Austria"),
    ("BE", "Belgium"),
    ("BR", "Brazil"),
    ("FR", "France"),
    ("DE", "Germany"),
    ("IN", "India"),
    ("IE", "Ireland"),
    ("IT", "Italy"),
    ("MX", "Mexico"),
    ("NL", "Netherlands"),
    ("NZ", "New Zealand"),
    ("PT", "Portugal"),
    ("ZA", "South Africa"),
    ("ES", "Spain"),
    ("CH", "Switzerland"),
    ("GB", "United Kingdom"),
)
