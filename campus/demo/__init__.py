"""The demo campus Noorderkwartier: a building, its people and a month of bookings, as data."""
