"""One day of the demo: what is taken, by whom; nothing is ever taken twice."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from campus import clock
from campus.clock import Period
from campus.demo.habits import Choice, Weighted
from campus.demo.people import DemoPerson
from campus.demo.shapes import DemoSpace
from campus.spaces.models import SpaceKind

LONGEST_AHEAD_DAYS = 13
Span = tuple[int, int]  # from and to, in minutes after midnight


@dataclass(frozen=True, slots=True)
class DemoBooking:
    """A booking of the demo; `cancelled_at` says when it was given up again."""

    space: str
    person: str
    organisation: str
    starts_at: datetime
    ends_at: datetime
    title: str
    created_at: datetime
    cancelled_at: datetime | None = None


@dataclass(slots=True)
class Diary:
    """A day that fills up.

    Attributes:
        opened: when the campus is open that day.
        known_by: instant before which everything was booked.
        here: who has a desk, in the order of coming.
    """

    day: date
    opened: Period
    known_by: datetime
    rng: random.Random
    bookings: list[DemoBooking] = field(default_factory=list)
    here: dict[str, DemoPerson] = field(default_factory=dict)
    _taken: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def close(self, code: str) -> None:
        """Put a space out of use for the whole day."""
        self._taken[code].append((0, 24 * 60))

    def is_free(self, space: DemoSpace, person: DemoPerson, span: Span) -> bool:
        """Whether the campus is open, the space free and the person not elsewhere."""
        if not self.opened.contains(self._period(span)):
            return False
        if space.kind is SpaceKind.DESK and person.email in self.here:
            return False
        wider = _with_buffers(space, span)
        spaces = (space.parts or (space.code,), wider)
        return self._all_free(*spaces) and self._all_free((_calendar(person, space),), span)

    def take(self, space: DemoSpace, person: DemoPerson, span: Span, *, title: str = "") -> None:
        """Book a space that is free."""
        for code in space.parts or (space.code,):
            self._taken[code].append(_with_buffers(space, span))
        self._taken[_calendar(person, space)].append(span)
        if space.kind is SpaceKind.DESK:
            self.here[person.email] = person
        self.bookings.append(self._booking(space, person, span, title))

    def give_up(self, space: DemoSpace, person: DemoPerson, span: Span, *, title: str) -> None:
        """Write down a booking that was cancelled; it stands in nobody's way."""
        made = self._booking(space, person, span, title)
        last = min(made.starts_at, self.known_by)
        cancelled_at = made.created_at + (last - made.created_at) * self.rng.random()
        self.bookings.append(
            DemoBooking(
                made.space, made.person, made.organisation, made.starts_at, made.ends_at,
                made.title, made.created_at, cancelled_at.replace(microsecond=0),
            )
        )  # fmt: skip

    def choose(self, weighted: Weighted[Choice]) -> Choice:
        """Return one of some weighted choices."""
        choices = [choice for choice, _ in weighted]
        return self.rng.choices(choices, [weight for _, weight in weighted])[0]

    def _all_free(self, keys: Iterable[str], span: Span) -> bool:
        return all(
            taken[1] <= span[0] or span[1] <= taken[0]
            for key in keys
            for taken in self._taken[key]
        )

    def _period(self, span: Span) -> Period:
        return Period(*(clock.instant(self.day, time(*divmod(at, 60))) for at in span))

    def _booking(
        self, space: DemoSpace, person: DemoPerson, span: Span, title: str
    ) -> DemoBooking:
        period = self._period(span)
        return DemoBooking(
            space=space.code,
            person=person.email,
            organisation=person.organisation,
            starts_at=period.starts_at,
            ends_at=period.end,
            title=title,
            created_at=self._booked_at(period.starts_at),
        )

    def _booked_at(self, starts_at: datetime) -> datetime:
        """Return when it was booked: some days ahead, by day, always before `known_by`."""
        days = min(round(self.rng.expovariate(1 / 2.5)), LONGEST_AHEAD_DAYS)
        at = time(self.rng.randrange(7, 19), self.rng.randrange(60))
        booked_at = clock.wall(self.day - timedelta(days=days), at)
        last = min(starts_at, self.known_by)
        late = timedelta(minutes=self.rng.randrange(10, 240))
        return booked_at if booked_at < last else last - late


def _with_buffers(space: DemoSpace, span: Span) -> Span:
    return span[0] - space.buffer_before_minutes, span[1] + space.buffer_after_minutes


def _calendar(person: DemoPerson, space: DemoSpace) -> str:
    """Return the key of a person's day; sitting at a desk is no hindrance to a meeting."""
    return f"{person.email}/{'desk' if space.kind is SpaceKind.DESK else 'meeting'}"
