"""What the addresses of the rooms say, as far as they can be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from campus.errors import Text, text
from campus.spaces.models import SpaceKind
from campus.web.addresses import Args, code_in, day_in, people_in, wishes_in
from campus.web.forms import FIRST_DAY, LAST_DAY

WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
ONE_DAY = timedelta(days=1)
EVERYTHING = "all"

ROOMS = (SpaceKind.MEETING_ROOM, SpaceKind.EVENT_SPACE)
KINDS: dict[str, tuple[SpaceKind, ...]] = {
    "": (*ROOMS, SpaceKind.PHONE_BOOTH),
    SpaceKind.MEETING_ROOM: ROOMS,
    SpaceKind.EVENT_SPACE: (SpaceKind.EVENT_SPACE,),
    SpaceKind.PHONE_BOOTH: (SpaceKind.PHONE_BOOTH,),
    SpaceKind.DESK: (SpaceKind.DESK,),
    SpaceKind.PARKING: (SpaceKind.PARKING,),
    EVERYTHING: (*ROOMS, SpaceKind.PHONE_BOOTH, SpaceKind.DESK, SpaceKind.PARKING),
}
LENGTHS: dict[str, timedelta | None] = {
    "30": timedelta(minutes=30),
    "60": timedelta(minutes=60),
    "next": None,
}


@dataclass(frozen=True, slots=True)
class Search:
    """What the address of the day asks for; what it leaves open is None or empty.

    Attributes:
        free: a key of LENGTHS: only what is free from now on, for so long.
        mistakes: what could not be read, in sentences.
    """

    day: date | None = None
    kind: str = ""
    floor: str = ""
    has: tuple[str, ...] = ()
    people: int | None = None
    free: str = ""
    mistakes: tuple[Text, ...] = ()


def read(args: Args) -> Search:
    """Read an address; of a key given twice the first counts, but for wishes."""
    mistakes: list[Text] = []
    return Search(
        day=_day(args, mistakes),
        kind=_one_of(args, "kind", KINDS, text("Choose rooms, call booths or desks."), mistakes),
        floor=code_in(args, "floor"),
        has=wishes_in(args),
        people=people_in(args, mistakes),
        free=_one_of(
            args, "free", LENGTHS, text("Choose 30 or 60 minutes, or until the next."), mistakes
        ),
        mistakes=tuple(mistakes),
    )


def read_week(args: Args, *, today: date) -> tuple[date, list[Text]]:
    """Return a day of the week asked for: the one named, else its Monday, else today."""
    mistakes: list[Text] = []
    raw, day = args.get("week", "").strip(), _day(args, mistakes)
    if not raw:
        return day or today, mistakes
    monday = _monday(raw)
    if monday is None:
        mistakes.append(text("There is no such week. Write it as 2026-W48, or choose one here."))
        return day or today, mistakes
    days = [monday + n * ONE_DAY for n in range(7)]
    return next((one for one in (day, today) if one in days), monday), mistakes


def week_code(day: date) -> str:
    """Return the week of a day as an address says it."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def _monday(raw: str) -> date | None:
    found = WEEK.fullmatch(raw)
    if found is None:
        return None
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None
    return monday if FIRST_DAY <= monday < LAST_DAY - 7 * ONE_DAY else None


def _day(args: Args, mistakes: list[Text]) -> date | None:
    found = day_in(args, mistakes)
    return None if found is None else min(max(found, FIRST_DAY), LAST_DAY)


def _one_of(
    args: Args, name: str, known: Mapping[str, object], wrong: Text, mistakes: list[Text]
) -> str:
    raw = args.get(name, "").strip()
    if not raw or raw in known:
        return raw
    mistakes.append(wrong)
    return ""
