"""Walks through the pages in Debian's Chromium, against the demo campus on SQLite."""
