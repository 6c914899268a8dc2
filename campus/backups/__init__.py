"""A copy of a campus while it serves, and the proof that the copy can be restored."""
