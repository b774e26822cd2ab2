"""Importing customers: choosing a file, checking what it would do, and watching it happen."""
