"""A season of bookings around a day: eight weeks back, four weeks ahead."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campus import clock
from campus.clock import Period
from campus.demo import cast, habits
from campus.demo.building import buildings
from campus.demo.diary import DemoBooking, Diary, Span
from campus.demo.organisations import DemoOrganisation, organisations
from campus.demo.people import FOUNDER, DemoPerson, people
from campus.demo.shapes import DemoBuilding, DemoSpace
from campus.members.models import Relation
from campus.spaces.models import Audience, SpaceKind

WEEK = 7
DAYS_BACK, DAYS_AHEAD = 8 * WEEK, 4 * WEEK


@dataclass(frozen=True, slots=True)
class DemoCampus:
    """Everything that stands and everybody who comes."""

    buildings: list[DemoBuilding]
    organisations: list[DemoOrganisation]
    people: list[DemoPerson]

    @property
    def spaces(self) -> list[DemoSpace]:
        """Every space, building by building."""
        return [space for building in self.buildings for space in building.spaces]


def demo_campus(scale: int) -> DemoCampus:
    """Return the campus; `scale` multiplies its spaces and organisations."""
    known = organisations(scale)
    return DemoCampus(buildings(scale), known, people(known))


def days_around(today: date) -> tuple[date, date]:
    """Return the first and the last day of the demo."""
    return today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)


def bookings(
    campus: DemoCampus, *, today: date, opened: Mapping[date, Period], seed: int
) -> list[DemoBooking]:
    """Return every booking of the demo; the same for the same campus, day and seed.

    Args:
        opened: the open period of each day that is open; others are closed.
    """
    rng = random.Random(seed)  # noqa: S311 - decides nothing but where invented people sit
    crowd = Crowd(campus, rng)
    first, last = days_around(today)
    open_days = [day for day in sorted(opened) if first <= day <= last]
    scenes = cast.scenes(open_days, today=today)
    closed_on = cast.coming_days(open_days, today=today)[:1]
    found: list[DemoBooking] = []
    for day in open_days:
        diary = Diary(day, opened[day], clock.midnight(today), rng)
        if day in closed_on:
            diary.close(cast.CLOSED)
        cast.play(diary, scenes.get(day, ()), spaces=crowd.spaces, people=crowd.people)
        crowd.fill(diary, ahead=(day - today).days)
        found += diary.bookings
    return found


class Crowd:
    """Everybody who comes, with their habits: how often, and where they like to sit."""

    def __init__(self, campus: DemoCampus, rng: random.Random) -> None:
        self.rng = rng
        self.spaces = {space.code: space for space in campus.spaces}
        self.people = {person.email: person for person in campus.people}
        self._organisations = {one.code: one for one in campus.organisations}
        self._by_kind = {
            kind: [space for space in campus.spaces if space.kind is kind] for kind in SpaceKind
        }
        self._weights = {person.email: self._weight(person) for person in campus.people}
        self._zones = self._desks_by_zone()
        self._favourites = {person.email: self._favourite(person) for person in campus.people}

    def fill(self, diary: Diary, *, ahead: int) -> None:
        """Fill a day that lies `ahead` days from today (negative: back)."""
        weekday = diary.day.weekday()
        if ahead <= habits.DESKS_AHEAD_DAYS:
            share = habits.DESKS_USED[weekday] * _by_now(habits.DESKS_BY_NOW, ahead)
            self._sit_down(diary, share, ahead)
        chance = habits.MEETINGS[weekday] * (
            _by_now(habits.ROOMS_BY_NOW, ahead) if ahead > 0 else 1
        )
        self._meet(diary, SpaceKind.MEETING_ROOM, chance, habits.MEETING_LENGTHS)
        if ahead <= habits.CALLS_AHEAD_DAYS:
            self._meet(diary, SpaceKind.PHONE_BOOTH, chance * habits.CALLS, habits.CALL_LENGTHS)
        self._change_minds(diary)

    def _sit_down(self, diary: Diary, share: float, ahead: int) -> None:
        """Let people come until a share of the desks is used."""
        desks = self._by_kind[SpaceKind.DESK]
        used = {booking.space for booking in diary.bookings} & {desk.code for desk in desks}
        for person in self._in_order_of_keenness():
            if len(used) >= round(share * len(desks)):
                return
            if person.email in diary.here or (person.email == FOUNDER and ahead >= 0):
                continue
            span = diary.choose(habits.DESK_TIMES)
            desk = self._desk_for(person, span, diary)
            if desk is not None:
                diary.take(desk, person, span)
                used.add(desk.code)

    def _desk_for(self, person: DemoPerson, span: Span, diary: Diary) -> DemoSpace | None:
        favourite = self._favourites[person.email]
        if self.rng.random() < habits.FAVOURITE and diary.is_free(favourite, person, span):
            return favourite
        for desks in (self._zones[favourite.zone], self._by_kind[SpaceKind.DESK]):
            start = self.rng.randrange(len(desks))
            for desk in desks[start:] + desks[:start]:
                if diary.is_free(desk, person, span):
                    return desk
        return None

    def _meet(
        self, diary: Diary, kind: SpaceKind, chance: float, lengths: habits.Weighted[int]
    ) -> None:
        """Fill rooms or booths through the day, on the hour and the half hour."""
        here = list(diary.here.values())
        for room in self._by_kind[kind]:
            for hour, busy in habits.HOURS.items():
                for half in (0, 30):
                    if self.rng.random() < chance * busy:
                        self._meet_at(diary, room, hour * 60 + half, lengths, here)

    def _meet_at(
        self,
        diary: Diary,
        room: DemoSpace,
        start: int,
        lengths: habits.Weighted[int],
        here: list[DemoPerson],
    ) -> None:
        begin = start + (15 if self.rng.random() < habits.QUARTER_PAST else 0)
        span = (begin, begin + diary.choose(lengths))
        person = self._who_meets(room, here)
        title = ""
        if room.kind is SpaceKind.MEETING_ROOM:
            title = self.rng.choice(habits.TITLES[person.language])
        if diary.is_free(room, person, span):
            diary.take(room, person, span, title=title)

    def _who_meets(self, room: DemoSpace, here: list[DemoPerson]) -> DemoPerson:
        """Return somebody who may have the room, mostly somebody who is there anyway."""
        everybody = list(self.people.values())
        while True:
            on_site = bool(here) and self.rng.random() < habits.ON_SITE
            person = self.rng.choice(here if on_site else everybody)
            relation = self._organisations[person.organisation].relation
            may = room.audience is Audience.MEMBERS or relation is Relation.RESIDENT
            if may and relation is not Relation.CAMPUS and person.email != FOUNDER:
                return person

    def _change_minds(self, diary: Diary) -> None:
        """Add bookings that were cancelled."""
        standing = list(diary.bookings)
        for booking in self.rng.sample(standing, round(len(standing) * habits.CANCELLED)):
            person = self.people[booking.person]
            space = self.spaces[booking.space]
            if person.email != FOUNDER and not space.parts:
                length = round((booking.ends_at - booking.starts_at).total_seconds() / 60)
                start = min(self.rng.choice((9 * 60, 10 * 60, 13 * 60)), 19 * 60 - length)
                diary.give_up(space, person, (start, start + length), title=booking.title)

    def _in_order_of_keenness(self) -> Iterator[DemoPerson]:
        """Return everybody in a random order in which the keen ones stand in front."""
        key = {email: self.rng.random() ** (1 / w) for email, w in self._weights.items()}
        return (self.people[email] for email in sorted(key, key=key.__getitem__, reverse=True))

    def _weight(self, person: DemoPerson) -> float:
        relation = self._organisations[person.organisation].relation
        scale = habits.ASSOCIATED_WEIGHT if relation is Relation.ASSOCIATED else 1.0
        return min(self.rng.paretovariate(habits.WEIGHT_SHAPE), habits.HEAVIEST) * scale

    def _desks_by_zone(self) -> dict[str | None, list[DemoSpace]]:
        zones: dict[str | None, list[DemoSpace]] = {}
        for desk in self._by_kind[SpaceKind.DESK]:
            zones.setdefault(desk.zone, []).append(desk)
        return zones

    def _favourite(self, person: DemoPerson) -> DemoSpace:
        zone = self._organisations[person.organisation].zone
        return self.rng.choice(self._zones.get(zone) or self._by_kind[SpaceKind.DESK])


def _by_now(shares: Sequence[float], ahead: int) -> float:
    """Return which part of what a day will hold is booked already, so many days ahead."""
    return shares[min(max(ahead, 0) // WEEK, len(shares) - 1)]
