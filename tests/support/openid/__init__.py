"""A real OpenID provider, for the tests."""
