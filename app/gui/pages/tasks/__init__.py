"""Everything that runs or ran lately."""
