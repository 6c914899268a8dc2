"""Doors' shared parts: errors, forms, templates, headers, calendars."""
