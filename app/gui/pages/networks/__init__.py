"""The networks, as a list and as a picture."""
