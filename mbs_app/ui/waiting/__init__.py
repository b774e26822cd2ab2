"""What an account that isn’t approved waits for."""
