"""Bookings out of another calendar, each of them a booking here."""
