"""Linnet's own commands, one module per noun; `app.cli.run` says which module holds which."""
