"""Staff's pages of the campus itself: buildings, floors, zones, spaces, features, hours."""
