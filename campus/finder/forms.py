"""What the address of the Book page says, as far as it can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from werkzeug.datastructures import MultiDict

from campus.errors import Text, text
from campus.finder.slot import Said
from campus.spaces.models import SpaceKind
from campus.web.forms import CLOCK, clean

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST_CODE = 40
MOST_WISHES = 20
MOST_PEOPLE = 999


class Sort(StrEnum):
    """What somebody looks for; rooms are of two kinds."""

    DESK = "desk"
    ROOM = "meeting_room"
    BOOTH = "phone_booth"
    PARKING = "parking"

    @property
    def kinds(self) -> tuple[SpaceKind, ...]:
        """The kinds of space that are meant, the plainest first."""
        if self is Sort.ROOM:
            return SpaceKind.MEETING_ROOM, SpaceKind.EVENT_SPACE
        return (SpaceKind(self.value),)


@dataclass(frozen=True, slots=True)
class Search:
    """What an address asks for; what it leaves open is None or empty.

    Attributes:
        has: codes of the features wished for.
        is_plan: the building instead of the list, which matters on a phone.
        is_all: every space, not the best few.
        mistakes: what could not be read, in sentences.
    """

    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    sort: Sort | None = None
    floor: str = ""
    zone: str = ""
    has: tuple[str, ...] = ()
    people: int | None = None
    space: str = ""
    is_plan: bool = False
    is_all: bool = False
    mistakes: tuple[Text, ...] = ()

    @property
    def said(self) -> Said:
        """The day and the hours, as far as they were said."""
        return Said(self.day, self.starts, self.ends)


def read(args: MultiDict[str, str]) -> Search:
    """Read an address; of a key given twice the first counts, but for wishes."""
    mistakes: list[Text] = []
    return Search(
        day=_day(args, mistakes),
        starts=_time(args, "from", mistakes),
        ends=_time(args, "to", mistakes),
        sort=_sort(args, mistakes),
        floor=_code(args, "floor"),
        zone=_code(args, "zone"),
        has=tuple(dict.fromkeys(code for code in args.getlist("has")[:MOST_WISHES] if code)),
        people=_people(args, mistakes),
        space=_code(args, "space"),
        is_plan=args.get("view") == "plan",
        is_all=args.get("all") == "1",
        mistakes=tuple(mistakes),
    )


def _day(args: MultiDict[str, str], mistakes: list[Text]) -> date | None:
    raw = args.get("day", "").strip()
    if not raw:
        return None
    try:
        found = date.fromisoformat(raw) if DAY.fullmatch(raw) else None
    except ValueError:
        found = None
    if found is None:
        mistakes.append(text("There is no such day. Write it as 2026-11-26, or choose one here."))
        return None
    return found


def _time(args: MultiDict[str, str], name: str, mistakes: list[Text]) -> time | None:
    raw = args.get(name, "").strip()
    if not raw:
        return None
    found = CLOCK.fullmatch(raw)
    if found is None:
        mistakes.append(text("Write a time as hours:minutes, such as 09:30."))
        return None
    return time(int(found[1]), int(found[2]))


def _sort(args: MultiDict[str, str], mistakes: list[Text]) -> Sort | None:
    raw = args.get("kind", "").strip()
    if not raw:
        return None
    found = next((sort for sort in Sort if raw in sort.kinds), None)
    if found is None and raw in {SpaceKind.OFFICE_UNIT, SpaceKind.INCUBATOR_SLOT}:
        mistakes.append(text("Studios are given by application, not booked by the hour."))
    elif found is None:
        mistakes.append(text("Choose a desk, a room or a call booth."))
    return found


def _people(args: MultiDict[str, str], mistakes: list[Text]) -> int | None:
    raw = args.get("people", "").strip()
    if not raw or raw == "0":
        return None
    if not (raw.isascii() and raw.isdigit() and len(raw) <= len(str(MOST_PEOPLE))):
        mistakes.append(text("Write the number of people as a whole number."))
        return None
    return int(raw)


def _code(args: MultiDict[str, str], name: str) -> str:
    return clean(args.get(name, ""))[:LONGEST_CODE]
