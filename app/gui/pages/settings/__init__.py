"""The page of all settings: of the window, of Linnet, of the machine in view."""
