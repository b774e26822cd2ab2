"""What this machine manages, measured with the real parts. ``make bench`` prints it; no test asserts a time."""
