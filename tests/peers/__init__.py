"""Other projects' API test suites over Linnet's socket, compared with the bare engine's; `python -m tests.peers`."""
