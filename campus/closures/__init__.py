"""A space out of use, for a while or for good, and what becomes of the bookings it meets."""
