"""The page of volumes."""
