"""What is free now: the rooms that fit best, each one press away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from campus.clock import Period
from campus.timeline import rules
from campus.timeline.forms import LENGTHS
from campus.timeline.rules import Room, Use
from campus.timeline.scene import Describer, Sheet, free_of
from campus.timeline.schemas import Free
from campus.timeline.terms import free_now

MOST = 12  # that are shown: more to choose from is less of an answer

Found = tuple[Room, Period, datetime]


def free_rooms(
    sheet: Sheet,
    rooms: Sequence[Room],
    uses: Mapping[int, Sequence[Use]],
    *,
    key: str,
    describer: Describer,
) -> list[Free]:
    """Return the rooms that are free from now on, best fit first."""
    found: list[Found] = []
    for room in rooms:
        free = free_of(sheet, room, uses.get(room.id, ()))
        offer = sheet.offers.get(room.kind)
        if offer is None:
            continue
        part = free_now(free, terms=offer.terms, length=LENGTHS[key], now=sheet.now)
        if part is not None:
            ends = next(gap.end for gap in free if gap.starts_at == part.starts_at)
            found.append((room, part, ends))
    best = sorted(found, key=_longest if LENGTHS[key] is None else _tightest)
    return [_free(sheet, one, describer) for one in best]


def _tightest(found: Found) -> tuple[int, datetime]:
    """Order by size, then by how soon it is taken: large rooms and long hours are for others."""
    room, _, ends = found
    return room.capacity or 0, ends


def _longest(found: Found) -> tuple[timedelta, int]:
    room, part, _ = found
    return -part.length, room.capacity or 0


def _free(sheet: Sheet, found: Found, describer: Describer) -> Free:
    room, part, ends = found
    frame, hours = sheet.frame, sheet.opened[room.kind]
    fields = {
        "space": room.code,
        "day": sheet.day.isoformat(),
        "from": frame.label(frame.minute(part.starts_at)),
        "to": frame.label(frame.minute(part.end)),
    }
    words = rules.FROM_NOW if ends >= hours.end else rules.gap_words(
        Period(part.starts_at, ends), hours=hours
    )  # fmt: skip
    return Free(room.name, describer.about(room), words, part, fields)
