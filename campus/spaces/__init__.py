"""Buildings, floors, spaces, their hours."""
