"""The window: PySide6 over linnetd's local API and the Docker API. It owns nothing."""
