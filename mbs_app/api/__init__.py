"""The HTTP API: the same services as the screens, for programs and for the browser's own forms."""
