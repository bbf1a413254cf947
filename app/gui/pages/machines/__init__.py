"""The machines: what they have, what they share, and the ways between their states."""
