"""When people come and what they book, as real offices see it."""

from __future__ import annotations

from typing import TypeVar

Choice = TypeVar("Choice")
Weighted = tuple[tuple[Choice, int], ...]

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)

# Share of the desks that are used on a weekday.
DESKS_USED = {
    MONDAY: 0.44, TUESDAY: 0.88, WEDNESDAY: 0.52, THURSDAY: 0.56, FRIDAY: 0.31,
    SATURDAY: 0.10, SUNDAY: 0.05,
}  # fmt: skip
# Chance that a half-hour in the busiest time of a weekday begins a meeting, or a call.
MEETINGS = {
    MONDAY: 0.42, TUESDAY: 0.66, WEDNESDAY: 0.44, THURSDAY: 0.56, FRIDAY: 0.22,
    SATURDAY: 0.05, SUNDAY: 0.02,
}  # fmt: skip
CALLS = 0.6  # as often as meetings
# How busy an hour is beside the busiest: 10 to 12 and 13 to 16.
HOURS = {
    8: 0.22, 9: 0.55, 10: 1.0, 11: 0.95, 12: 0.35, 13: 0.85, 14: 1.0, 15: 0.9, 16: 0.5, 17: 0.22,
    18: 0.06,
}  # fmt: skip
# Of what is booked at last, so much is booked already in this week, the next, and so on; desks
# no further ahead than their rule lets them.
DESKS_BY_NOW = (1.0, 0.6)
DESKS_AHEAD_DAYS = 14
ROOMS_BY_NOW = (0.75, 0.4, 0.2, 0.1, 0.05)
CALLS_AHEAD_DAYS = 3

# From and to of a day at a desk, in minutes after midnight.
DESK_TIMES: Weighted[tuple[int, int]] = (
    ((9 * 60, 17 * 60 + 30), 26),
    ((8 * 60 + 30, 17 * 60), 16),
    ((9 * 60, 17 * 60), 14),
    ((8 * 60, 16 * 60 + 30), 6),
    ((9 * 60 + 30, 17 * 60 + 30), 6),
    ((10 * 60, 18 * 60), 4),
    ((9 * 60, 13 * 60), 8),
    ((8 * 60 + 30, 12 * 60 + 30), 6),
    ((13 * 60, 17 * 60 + 30), 8),
    ((13 * 60, 18 * 60), 5),
    ((12 * 60 + 30, 17 * 60), 3),
)
MEETING_LENGTHS: Weighted[int] = ((30, 4), (45, 2), (60, 8), (90, 4), (120, 3), (180, 1))
CALL_LENGTHS: Weighted[int] = ((15, 3), (30, 6), (45, 2), (60, 1))

TITLES = {
    "nl": (
        "Stand-up", "Sprintplanning", "Sprintreview", "Terugblik", "Een-op-een", "Roadmap",
        "Klantgesprek", "Demo", "Sollicitatie", "Ontwerpsessie", "Weekstart", "Kwartaalplan",
        "Inwerken", "Interview", "Voortgang", "Begroting", "Leveranciersoverleg", "Gebruikerstest",
        "Vergunning doornemen", "Testplan", "Verkooppraatje oefenen", "",  "", "", "", "",
    ),
    "en": (
        "Stand-up", "Sprint planning", "Sprint review", "Retrospective", "One-to-one", "Roadmap",
        "Client call", "Demo", "Job interview", "Design session", "Onboarding", "User test", "",
        "", "",
    ),
}  # fmt: skip

WEIGHT_SHAPE, HEAVIEST = 1.4, 9.0  # how often people come: a few nearly daily, most now and then
ASSOCIATED_WEIGHT = 0.2
FAVOURITE = 0.7  # chance that somebody goes to the desk they know
ON_SITE = 0.85  # chance that whoever meets also has a desk that day
CANCELLED = 0.04  # bookings given up again, beside those that stand
QUARTER_PAST = 0.12  # chance that a meeting begins on a quarter
