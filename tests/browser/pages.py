"""Every page there is, and who looks at it."""

from __future__ import annotations

# address (after the language) -> demo log-in; "" is a visitor
PAGES: dict[str, str] = {
    "/": "",
    "/sign-in": "",
    "/sign-in/forgotten": "",
    "/help": "",
    "/nothing-here": "",
    "/book": "founder",
    "/book?kind=meeting_room": "founder",
    "/book?kind=phone_booth": "founder",
    "/book?view=plan": "founder",
    "/book?view=plan&zone=veld-zuid": "founder",
    "/book?all=1": "founder",
    "/book?view=list&day=1999-01-01": "founder",
    "/rooms": "founder",
    "/rooms?kind=all": "desk",
    "/rooms?free=30": "founder",
    "/rooms?day=2019-01-01&kind=boat": "",
    "/rooms/hunze": "founder",
    "/rooms/1.32": "",
    "/me": "founder",
    "/me/password": "founder",
    "/spaces/1.32": "founder",
    "/spaces/hunze": "founder",
    "/spaces/S3": "founder",
    "/bookings/new?space=1.32": "founder",
    "/staff/today": "desk",
    "/staff/journal": "desk",
    "/staff/outbox": "desk",
}
