"""Where one is signed in: seen and ended."""
