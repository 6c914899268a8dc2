"""Staff's lists of people, spaces and bookings: search, act on many, take along as CSV."""
