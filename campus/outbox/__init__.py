"""Messages waiting to leave."""
