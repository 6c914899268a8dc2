"""What a row would take of the ledger, and which rules of the campus it sets aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from campus import clock
from campus.bookings import verdict
from campus.clock import Period
from campus.errors import Text, text
from campus.members import policy as members
from campus.members.models import Actor
from campus.schedule import rules
from campus.schedule.models import Row
from campus.schedule.queries import Place
from campus.spaces import queries as spaces
from campus.spaces.models import Opening, SpaceKind
from campus.spaces.policy import why_not_keep

ALONE = "one_at_a_time"


@dataclass(frozen=True, slots=True)
class Wish:
    """A row that wants to be booked, with what the ledger would take for it.

    Attributes:
        digest: of what its source says; another one when that changes.
    """

    row: Row
    period: Period
    place: Place
    digest: str
    claimed: list[Period]


def why_not_import(actor: Actor) -> Text | None:
    """Say why this actor may not import bookings."""
    if members.why_not_staff(actor) is None:
        return None
    return text("Only people who run the campus import bookings.")


def why_not_add_places(actor: Actor) -> Text | None:
    """Say why this actor may not make the spaces that a file names."""
    if why_not_keep(actor) is None:
        return None
    return text(
        "Only a campus manager or a system administrator makes spaces. Let one of them import"
        " this, or let them make the spaces first."
    )


def why_not_booked(places: Iterable[Place]) -> Text | None:
    """Say why one of these spaces is not booked at all."""
    for place in places:
        if place.space.by_application:
            return text(
                "%(space)s is given by application, not booked by the hour.",
                space=place.space.name,
            )
    return None


class Verdicts:
    """Judges row after row; hours are asked for once for a kind and a year."""

    def __init__(self, places: dict[str, Place], *, name: str, now: datetime) -> None:
        self.places, self.name, self.now = places, name, now
        self._opening: dict[tuple[SpaceKind, int], Opening] = {}

    def wish(self, row: Row, period: Period) -> Wish:
        """Return what a row wants."""
        place = self.places[row.code.lower()]
        said = (place.space.code, period.starts_at.isoformat(), period.end.isoformat(), row.title)
        return Wish(row, period, place, rules.digest(*said), self._claimed(place, period))

    def _claimed(self, place: Place, period: Period) -> list[Period]:
        rule = place.space.rule
        if place.is_planned or rule is None:
            return [period]
        hours, buffers = self._hours(place, period), verdict.buffers_of(place.space)
        return verdict.held(period, rule=rule, hours=hours, buffers=buffers)

    def notices(self, wish: Wish) -> Iterator[tuple[str, Text]]:
        """Yield the rules that a booking sets aside: name, and what it says of this one."""
        space, rule = wish.place.space, wish.place.space.rule
        if wish.place.is_planned or rule is None:
            return
        hours = self._hours(wish.place, wish.period)
        broken = verdict.broken(space, wish.period, rule=rule, hours=hours, now=self.now)
        for refusal in broken:
            yield refusal.rule, refusal.message
        if rule.one_per_person:
            yield (
                ALONE,
                text(
                    "One at a time for each person, and %(name)s has all of these.", name=self.name
                ),
            )

    def _hours(self, place: Place, period: Period) -> verdict.Hours:
        kind = place.space.kind
        first, last = (clock.local(at).year for at in (period.starts_at, period.end))
        opening = self._year(kind, first)
        if last != first:
            later = self._year(kind, last)
            opening = Opening(
                {**opening.periods, **later.periods}, {**opening.reasons, **later.reasons}
            )
        return verdict.hours_of(place.space, opening)

    def _year(self, kind: SpaceKind, year: int) -> Opening:
        if (kind, year) not in self._opening:
            self._opening[kind, year] = spaces.opening(
                kind, first=date(year, 1, 1), last=date(year, 12, 31)
            )
        return self._opening[kind, year]
