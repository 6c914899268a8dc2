"""iCalendar feeds by secret address: what the campus books, in everybody's own calendar."""
