"""Machines: the state of one VM from created to deleted, and all machines of a user."""
