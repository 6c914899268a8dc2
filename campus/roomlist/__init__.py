"""A list of spaces, out of a spreadsheet or another system, made the campus's own."""
