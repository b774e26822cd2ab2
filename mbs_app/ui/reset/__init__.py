"""The page behind a mailed link, where one chooses a new password."""
