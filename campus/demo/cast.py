"""What the people of the tour have booked, so that every log-in has something to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from campus.demo.diary import Diary
from campus.demo.habits import THURSDAY, TUESDAY
from campus.demo.people import DemoPerson
from campus.demo.rooms import WHOLE
from campus.demo.shapes import DemoSpace, Words

DAY_AT_DESK = ("09:00", "17:30")


@dataclass(frozen=True, slots=True)
class Scene:
    """One booking of the cast; times of the campus day."""

    person: str
    space: str
    starts: str
    ends: str
    title: str = ""


TODAY = (
    Scene("founder@demo.example", "1.32", *DAY_AT_DESK),
    Scene("founder@demo.example", "ameland", "11:00", "12:30", "Roadmap"),
    Scene("founder@demo.example", "reitdiep", "13:15", "14:00", "Een-op-een met Amira"),
    Scene("colleague@demo.example", "1.17", *DAY_AT_DESK),
    Scene("colleague@demo.example", "hunze", "14:30", "15:30", "Demo dijkbeheer"),
    Scene("amira@terpdata.example", "2.04", *DAY_AT_DESK),
    Scene("tomasz@terpdata.example", "2.12", "13:00", "17:30"),
    Scene("office@demo.example", "2.10", "08:30", "17:00"),
    Scene("office@demo.example", "dollard", "13:00", "15:00", "Klantdag"),
    Scene("outsider@demo.example", "1.14", "09:00", "13:00"),
    Scene("outsider@demo.example", "rottum", "11:15", "12:00", "Sollicitatie"),
    Scene("mentor@demo.example", "schier", "16:00", "17:00", "Spreekuur"),
)
NEXT_TUESDAY = (
    Scene("founder@demo.example", "2.11", *DAY_AT_DESK),
    Scene("colleague@demo.example", "1.28", *DAY_AT_DESK),
)
LAST_DAY = (Scene("founder@demo.example", "dollard", "14:00", "16:00", "Jaarplan"),)
YESTERDAY = (
    Scene("founder@demo.example", "1.32", *DAY_AT_DESK),
    Scene("founder@demo.example", "hunze", "11:30", "13:00", "Sprintplanning"),
)
CLOSED = "vlie"  # on the first open day
CLOSED_REASON = Words("Onderhoud aan de luchtverversing", "Air handling maintenance")
LUNCH = Scene("manager@demo.example", "lauwers", "12:15", "13:30", "Lunch aan de lange tafel")
MEET_UP = Scene("manager@demo.example", WHOLE, "17:30", "19:30", "Meet-up Python Noord")
STAFF_DESK = Scene("desk@demo.example", "0.09", "08:00", "14:00")


def scenes(open_days: list[date], *, today: date) -> Mapping[date, tuple[Scene, ...]]:
    """Return what the cast books on each open day; "today" is the first open day from `today`."""
    coming = coming_days(open_days, today=today)
    past = [day for day in open_days if day < today]
    played: dict[date, tuple[Scene, ...]] = {day: _every(day) for day in open_days}
    if coming:
        played[coming[0]] += TODAY
    if len(coming) > 1:
        tuesday = next((day for day in coming[1:] if day.weekday() == TUESDAY), coming[1])
        played[tuesday] += NEXT_TUESDAY
        played[coming[-1]] += LAST_DAY
    if past:
        played[past[-1]] += YESTERDAY
    return played


def coming_days(open_days: list[date], *, today: date) -> list[date]:
    """Return the open days from `today` on."""
    return [day for day in open_days if day >= today]


def play(
    diary: Diary,
    played: Iterable[Scene],
    *,
    spaces: Mapping[str, DemoSpace],
    people: Mapping[str, DemoPerson],
) -> None:
    """Book the scenes of a day that fit into its hours."""
    for scene in played:
        space, person = spaces[scene.space], people[scene.person]
        span = (_minutes(scene.starts), _minutes(scene.ends))
        if diary.is_free(space, person, span):
            diary.take(space, person, span, title=scene.title)


def _every(day: date) -> tuple[Scene, ...]:
    """Return what happens week after week."""
    weekly = {TUESDAY: (LUNCH,), THURSDAY: (LUNCH, MEET_UP)}
    return (STAFF_DESK, *weekly.get(day.weekday(), ()))


def _minutes(at: str) -> int:
    hours, minutes = at.split(":")
    return int(hours) * 60 + int(minutes)
