"""Setting up Linnet from a checkout; standard library only, because it runs before anything is installed."""
