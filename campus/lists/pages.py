"""What the pages of the lists show, and the lists whole, batch by batch, for a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from campus.bookings.models import BookingState
from campus.errors import NotFound, Text, text
from campus.lists import queries, sought
from campus.lists.forms import LIVE, STATES, Search, end_at, first_at, said_position
from campus.lists.models import After, Body, Known, Line, Place, Wanted
from campus.members import queries as members
from campus.members.models import Organisation, Person
from campus.spaces import queries as spaces
from campus.spaces.models import SpaceState

PER_PAGE = 50
BATCH = 2000
FEW = 5  # of each group that a search finds
MOST_PLACES = 20
SHOWN = (SpaceState.ACTIVE, SpaceState.RETIRED)  # a draft has no page yet

Of = TypeVar("Of")
Named = TypeVar("Named", Known, Body)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search of bookings with what its codes name.

    Attributes:
        wanted: None where a code names nothing, so that nothing is found.
    """

    search: Search
    wanted: Wanted | None
    person: Person | None = None
    organisation: Organisation | None = None
    mistakes: Sequence[Text] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the list of bookings.

    Attributes:
        following: where the next page begins, as an address says it; empty on the last one.
    """

    asked: Asked
    lines: Sequence[Line]
    following: str


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search finds: of each group the first few, and how many there are."""

    people: Sequence[Known]
    people_count: int
    organisations: Sequence[Body]
    organisations_count: int
    places: Sequence[Place]
    places_count: int
    bookings: Sequence[Line]
    bookings_count: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        groups = (self.people, self.organisations, self.places, self.bookings)
        return not any(groups)


# --- bookings ---------------------------------------------------------------------------------


def asked_of(search: Search) -> Asked:
    """Return a search with what its codes name. One query for each code."""
    mistakes = list(search.mistakes)
    space = _named(search.space, spaces.space_by_code, mistakes)
    organisation = _named(search.organisation, members.organisation_by_code, mistakes)
    person = members.person_by_code(search.person) if search.person else None
    if search.person and person is None:
        mistakes.append(text("There is nobody with the code %(code)s.", code=search.person))
    said = (search.space, search.organisation, search.person)
    is_known = all(
        found is not None
        for code, found in zip(said, (space, organisation, person), strict=True)
        if code
    )
    wanted = Wanted(
        first_at=first_at(search),
        end_at=end_at(search),
        space_id=space.id if space else None,
        organisation_id=organisation.id if organisation else None,
        person_id=person.id if person else None,
        kind=search.kind,
        states=STATES[search.state],
        words=search.words,
        is_latest=search.is_latest,
    )
    if search.picked:
        wanted = Wanted(codes=search.picked)
    return Asked(search, wanted if is_known else None, person, organisation, mistakes)


def _named(code: str, find: Callable[[str], Of], mistakes: list[Text]) -> Of | None:
    try:
        return find(code) if code else None
    except NotFound as refusal:
        mistakes.append(refusal.message)
        return None


def sheet_of(search: Search) -> Sheet:
    """Return a page of the list of bookings."""
    asked = asked_of(search)
    if asked.wanted is None:
        return Sheet(asked, (), "")
    lines = sought.bookings(asked.wanted, after=search.after, limit=PER_PAGE + 1)
    shown = lines[:PER_PAGE]
    is_more = len(lines) > PER_PAGE
    return Sheet(asked, shown, said_position(shown[-1].position) if is_more else "")


def all_bookings(wanted: Wanted | None) -> Iterator[list[Line]]:
    """Yield the whole list of bookings in batches, each asked for by itself."""
    after = None
    while wanted is not None:
        batch = sought.bookings(wanted, after=after, limit=BATCH)
        yield batch
        if len(batch) < BATCH:
            return
        after = batch[-1].position


def picked(codes: Sequence[str]) -> dict[str, Line]:
    """Return some bookings by their codes, in the order of time."""
    if not codes:
        return {}
    lines = sought.bookings(Wanted(codes=tuple(codes)), limit=len(codes))
    return {line.code: line for line in lines}


def outcome(line: Line, *, now: datetime) -> tuple[bool, Text]:
    """Return whether cancelling a booking would do something, and what, or why not."""
    if line.state is BookingState.CANCELLED:
        return False, text("is cancelled already")
    if line.state is BookingState.RELEASED:
        return False, text("is given back already")
    if line.ends_at <= now:
        return False, text("is over")
    if line.starts_at <= now:
        return True, text("has started: the rest will be given back")
    return True, text("will be cancelled")


# --- people, organisations --------------------------------------------------------------------


def in_batches(page: Callable[[After | None], Sequence[Named]]) -> Iterator[Sequence[Named]]:
    """Yield a list by name in batches; `page` is asked for the lines from where one ended."""
    after = None
    while True:
        batch = page(after)
        yield batch
        if len(batch) < BATCH:
            return
        after = After(batch[-1].name, batch[-1].id)


# --- search -----------------------------------------------------------------------------------


def hits(words: str, *, now: datetime) -> Hits:
    """Return what some words find: people, organisations, places, and bookings to come."""
    coming = Wanted(first_at=now, states=LIVE, words=words)
    return Hits(
        people=queries.people(words, limit=FEW),
        people_count=queries.count_people(words),
        organisations=queries.organisations(words, now=now, limit=FEW),
        organisations_count=queries.count_organisations(words),
        places=queries.spaces(words, states=SHOWN, limit=MOST_PLACES),
        places_count=queries.count_spaces(words, states=SHOWN),
        bookings=sought.bookings(coming, limit=FEW),
        bookings_count=sought.count_bookings(coming),
    )
