"""What hangs on a wall: the sign beside a door, the day of a floor."""
