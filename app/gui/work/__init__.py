"""Work off the main thread: short requests, long jobs, streams."""
