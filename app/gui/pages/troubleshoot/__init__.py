"""The page for when something is wrong: checks, support bundle, the service's log, ways to start over."""
