"""Rooms by the clock: the day of all rooms, the week of one, and what is free now."""
