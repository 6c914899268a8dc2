"""The address of every state of the day, and how rooms are described."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from flask import url_for

from campus.clock import Period
from campus.errors import Spoken, Text, text
from campus.timeline.forms import Search
from campus.timeline.queries import Wish
from campus.timeline.rules import Frame, Room, Use
from campus.timeline.terms import Offer, free_parts
from campus.web.templating import in_words, translate

Said = str | Sequence[str]
MOST_MARKS = 4  # pictures beside the name of a room
ORDER = ("day", "kind", "floor", "has", "people", "free")


@dataclass(frozen=True, slots=True)
class Address:
    """An address that says what it says already, and what is changed."""

    said: Mapping[str, Said] = field(default_factory=dict)
    path: str = field(default_factory=lambda: url_for("timeline.day"))

    def to(self, changes: Mapping[str, Said]) -> str:
        """Return the address with some things said otherwise; an empty value is left out."""
        said = {**self.said, **changes}
        kept = [(name, said[name]) for name in ORDER if said.get(name)]
        return f"{self.path}?{urlencode(kept, doseq=True)}" if kept else self.path


def address_of(search: Search, *, has: Sequence[str]) -> Address:
    """Return the address of a search as it was said."""
    return Address(
        {
            "day": search.day.isoformat() if search.day else "",
            "kind": search.kind,
            "floor": search.floor,
            "has": list(has),
            "people": str(search.people or ""),
            "free": search.free,
        }
    )


def with_day(address: Address, day: date) -> str:
    """Return the address of a day; what is free now is asked of today only."""
    return address.to({"day": day.isoformat(), "free": ""})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all rows of a day have in common.

    Attributes:
        opened: when each kind is open that day.
        offers: what can be booked of it, by kind.
        later: from which day on it can be booked, of the kinds for which it is too far ahead.
        told: words that were said already: few are different.
    """

    day: date
    frame: Frame
    opened: Mapping[str, Period]
    offers: Mapping[str, Offer]
    now: datetime
    later: Mapping[str, date] = field(default_factory=dict)
    form: str = field(default_factory=lambda: url_for("bookings.new"))
    booking: str = field(default_factory=lambda: url_for("bookings.show", code="-")[:-1])
    told: dict[object, str] = field(default_factory=dict, compare=False)

    def say(self, words: Text | Spoken | str) -> str:
        """Return words in the reader's language."""
        if isinstance(words, str):
            return words
        key = words if isinstance(words, Spoken) else (words.msgid, *words.values.values())
        if key not in self.told:
            self.told[key] = str(in_words(words))
        return self.told[key]


def free_of(sheet: Sheet, room: Room, uses: Sequence[Use]) -> list[Period]:
    """Return what of the room's day can be booked."""
    offer = sheet.offers.get(room.kind)
    if offer is None or not room.is_there_on(sheet.day):
        return []
    return free_parts(offer, uses, room=room)


class Describer:
    """Says how many people fit in a room, and where it is: a few words, hundreds of times."""

    def __init__(self, wishes: Sequence[Wish], *, reserved: Mapping[str, str]) -> None:
        self._wishes = [(wish.icon, wish, wish.ids) for wish in wishes if wish.icon]
        self._names: dict[str, str] = {}
        self._reserved = reserved
        self._told: dict[tuple[int | None, str, str], str] = {}

    def about(self, room: Room) -> str:
        """Return "6 pers. Wierde", and for whom it is where it is not for everybody."""
        key = room.capacity, room.floor, room.audience
        if key not in self._told:
            many = (room.capacity or 0) > 1
            parts = [
                translate(text("%(count)s pers.", count=room.capacity)) if many else "",
                room.floor,
                self._reserved.get(room.audience, ""),
            ]
            self._told[key] = " ".join(part for part in parts if part)
        return self._told[key]

    def icons(self, room: Room, *, say: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the pictures of what is in a room, with their words."""
        found = [(icon, say[wish.code]) for icon, wish, ids in self._wishes if room.id in ids]
        return found[:MOST_MARKS]
