"""The first page: what runs, what is next, how the last 30 days went."""
