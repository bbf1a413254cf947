"""The program `linnet-desktop`: window and status item put together."""
