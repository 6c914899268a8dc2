"""The campus on a phone: installed like an app, and with one's bookings where no network is."""
