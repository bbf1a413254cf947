"""The first-run assistant: from nothing to a running container."""
