"""One Linux VM, from its description to ready. No Qt, no command line, no prints."""
