"""The day's bookings drawn as a polder in perspective, for the front page; reads, never writes."""
