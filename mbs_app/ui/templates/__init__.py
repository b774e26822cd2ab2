"""Templates: texts kept to be used again."""
