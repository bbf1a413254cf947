"""The dashboard: the machine in view at a glance."""
