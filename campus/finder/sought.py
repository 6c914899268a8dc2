"""What is looked for: which kinds of space, and when each of them can be booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from campus import clock
from campus.bookings import policy
from campus.errors import Text, text
from campus.finder import queries
from campus.finder.forms import Search, Sort
from campus.finder.queries import House
from campus.finder.rules import Habit
from campus.finder.scene import by_code
from campus.finder.terms import Calendar, calendar_of, of_all, terms_of
from campus.members import queries as members
from campus.members.models import Actor
from campus.spaces import queries as spaces
from campus.spaces.models import BookingRule, SpaceKind, Unit

ONE_DAY = timedelta(days=1)
NOBODY = 0  # no person's id
NO_RULE = text("Nobody has set yet how a place like this is booked.")
NOTHING_YET = text(
    "The campus is being set up. As soon as it has opening hours and places, they stand here."
)


@dataclass(frozen=True, slots=True)
class Sought:
    """The kinds that are looked for, and when each kind of the house can be booked.

    Attributes:
        kinds: those there are, the plainest first.
        whole: when any of them can be booked.
    """

    sort: Sort
    kinds: Sequence[SpaceKind]
    house: House
    rules: Mapping[SpaceKind, BookingRule]
    habit: Habit | None
    calendars: Mapping[SpaceKind, Calendar]
    whole: Calendar

    @property
    def plain(self) -> Calendar:
        """When the plainest kind can be booked."""
        return self.calendars[self.kinds[0]]


def sought_by(
    search: Search, *, person_id: int | None, now: datetime, mistakes: list[Text]
) -> Sought | None:
    """Return what is looked for; None where nobody said how it is booked."""
    house = queries.house(with_islands=search.is_plan and bool(search.zone))
    there = {lot.kind for lot in house.lots}
    sort = _sort(search, house, mistakes)
    found, habit = queries.rules_and_habit(sort.kinds, person_id=person_id, now=now)
    known = [kind for kind in sort.kinds if kind in found]
    if not known:
        return None
    kinds = [kind for kind in known if kind in there] or known[:1]
    booked = {
        kind: rule
        for kind, rule in found.items()
        if kind in kinds or (kind in there and rule.unit is not Unit.MONTH)
    }
    calendars = _calendars(booked, kinds=kinds, now=now)
    whole = of_all([calendars[kind] for kind in kinds])
    return Sought(sort, kinds, house, booked, habit, calendars, whole)


def guest_of(search: Search, *, actor: Actor | None) -> tuple[Actor | None, Text | None]:
    """Return the member that staff book for, or why it is nobody."""
    if not search.guest or actor is None:
        return None, None
    # Asked before anybody is looked for, so that the answer tells nothing of who is known here.
    why_not = policy.why_not_book_for(actor, replace(actor, person_id=NOBODY))
    if why_not is not None:
        return None, why_not
    person = members.person_by_code(search.guest)
    if person is None or not person.active:
        return None, text("There is nobody with the code %(code)s.", code=search.guest)
    guest = members.actor_of(person)
    if guest.organisation_id is None:
        return None, text("%(name)s is not a member of an organisation.", name=guest.name)
    return guest, None


def _sort(search: Search, house: House, mistakes: list[Text]) -> Sort:
    """Return the kind looked for: the one said, else that of the space said, else the first there.

    A campus may have no desks; what it does not have is said, and the first it has is shown.
    """
    there = {lot.kind for lot in house.lots}
    usual = next((sort for sort in Sort if there.intersection(sort.kinds)), Sort.DESK)
    if search.sort is not None:
        if search.sort is usual or there.intersection(search.sort.kinds):
            return search.sort
        if not there.intersection(usual.kinds):
            return search.sort  # nothing is there yet
        mistakes.append(text("The campus has no such places. Here is what it has."))
        return usual
    lot = by_code(house.lots, search.space)
    found = next((sort for sort in Sort if lot and lot.kind in sort.kinds), None)
    return found or usual


def _calendars(
    booked: Mapping[SpaceKind, BookingRule], *, kinds: Sequence[SpaceKind], now: datetime
) -> dict[SpaceKind, Calendar]:
    """Return when each kind can be booked, as far ahead as any of `kinds` can."""
    today = clock.today(now)
    last = today + max(booked[kind].horizon_days for kind in kinds) * ONE_DAY
    openings = spaces.openings(booked, first=today, last=last)
    return {
        kind: calendar_of(terms_of(booked[kind]), opening.periods, opening.reasons, now=now)
        for kind, opening in openings.items()
    }
