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
    "/me": "founder",
    "/me/password": "founder",
    "/offline": "founder",
    "/spaces/1.32": "founder",
    "/spaces/hunze": "founder",
    "/spaces/S3": "founder",
    "/spaces/diepenzaal": "desk",
    "/spaces/hunze/sign": "desk",
    "/bookings/new?space=1.32": "founder",
    "/staff/today": "desk",
    "/staff/day-sheet": "desk",
    "/staff/day-sheet?day=2000-01-01": "desk",
    "/staff/journal": "desk",
    "/staff/outbox": "desk",
}
