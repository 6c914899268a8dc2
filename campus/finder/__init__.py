"""What is free, and which one is best: the Book page, as list and as plan."""
