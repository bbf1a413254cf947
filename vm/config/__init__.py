"""A machine's description: its settings table, its YAML file, its validation.

`settings` (the table) ← `types`, `shares`; `document` (the file) ← `layers` (merge and check) ← `description`.
"""
