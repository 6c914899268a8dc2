"""Booking a space, and everything that can happen to a booking."""
