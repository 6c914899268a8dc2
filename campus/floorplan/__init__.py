"""A floor's drawing, read, cleaned and hung onto the spaces that it shows."""
