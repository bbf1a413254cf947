"""linnetd, the host service: one per user, owns the machines."""
