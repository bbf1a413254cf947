"""The compose projects."""
