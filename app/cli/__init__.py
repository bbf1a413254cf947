"""The linnet command line."""
