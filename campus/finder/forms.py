"""What the address of the Book page says, as far as it can be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from campus.errors import Text, text
from campus.finder.slot import Said
from campus.spaces.models import SpaceKind
from campus.web.addresses import Args, code_in, day_in, people_in, wishes_in
from campus.web.forms import CLOCK


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
        guest: code of the member it is for, where staff book for somebody.
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
    guest: str = ""
    is_plan: bool = False
    is_all: bool = False
    mistakes: tuple[Text, ...] = ()

    @property
    def said(self) -> Said:
        """The day and the hours, as far as they were said."""
        return Said(self.day, self.starts, self.ends)


def read(args: Args) -> Search:
    """Read an address; of a key given twice the first counts, but for wishes."""
    mistakes: list[Text] = []
    return Search(
        day=day_in(args, mistakes),
        starts=_time(args, "from", mistakes),
        ends=_time(args, "to", mistakes),
        sort=_sort(args, mistakes),
        floor=code_in(args, "floor"),
        zone=code_in(args, "zone"),
        has=wishes_in(args),
        people=people_in(args, mistakes),
        space=code_in(args, "space"),
        guest=code_in(args, "for"),
        is_plan=args.get("view") == "plan",
        is_all=args.get("all") == "1",
        mistakes=tuple(mistakes),
    )


def _time(args: Args, name: str, mistakes: list[Text]) -> time | None:
    raw = args.get(name, "").strip()
    if not raw:
        return None
    found = CLOCK.fullmatch(raw)
    if found is None:
        mistakes.append(text("Write a time as hours:minutes, such as 09:30."))
        return None
    return time(int(found[1]), int(found[2]))


def _sort(args: Args, mistakes: list[Text]) -> Sort | None:
    raw = args.get("kind", "").strip()
    if not raw:
        return None
    found = next((sort for sort in Sort if raw in sort.kinds), None)
    if found is None and raw in {SpaceKind.OFFICE_UNIT, SpaceKind.INCUBATOR_SLOT}:
        mistakes.append(text("Studios are given by application, not booked by the hour."))
    elif found is None:
        mistakes.append(text("Choose a desk, a room or a call booth."))
    return found
