"""What several tests share: databases, accounts, made-up data."""
