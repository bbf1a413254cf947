"""The logs of all containers."""
