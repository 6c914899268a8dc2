"""Organisations, their people, and who is signed in."""
