"""The status item in the menu bar or tray."""
