"""Pages over several slices, health, and the commands that run campus."""
