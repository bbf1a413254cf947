"""The window as a screen reader sees it: another process, over the accessibility bus."""
