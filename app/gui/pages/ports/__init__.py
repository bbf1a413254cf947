"""The published ports."""
