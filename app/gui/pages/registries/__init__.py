"""The page of registries."""
