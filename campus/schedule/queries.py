"""What an import asks: the spaces it names, what was imported before, what the ledger holds."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, or_, select, union_all
from sqlalchemy.orm import joinedload

from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.db import db
from campus.db.batches import batches
from campus.db.types import UtcDateTime
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import LONG
from campus.schedule.models import Held
from campus.spaces.models import Closure, Floor, Space, SpaceState

WISHED = 250


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier import made of a row.

    Attributes:
        digest: of what the source said then.
    """

    id: int
    digest: str
    space_id: int
    state: BookingState


@dataclass(frozen=True, slots=True)
class Place:
    """A space that rows name, with all that booking it asks of; apart from the session.

    Attributes:
        parts: ids of what a claim on it claims.
        is_planned: it is not there yet, in a run that only tries.
    """

    space: Space
    parts: tuple[int, ...]
    is_planned: bool = False


def places(codes: Iterable[str]) -> dict[str, Place]:
    """Return the spaces with these codes, by their code in lower case; drafts are not there yet.

    They are read once and kept for all of a run, so they are taken out of the session.
    """
    found: dict[str, Place] = {}
    for some in batches(sorted({code.lower() for code in codes})):
        query = select(Space).where(Space.code_key.in_(some), Space.state != SpaceState.DRAFT)
        whole = query.options(
            joinedload(Space.floor).joinedload(Floor.building),
            joinedload(Space.rule),
            joinedload(Space.parts),
        )
        for space in db.session.scalars(whole).unique():
            parts = tuple(part.id for part in space.parts) or (space.id,)
            found[space.code_key] = Place(space, parts)
    db.session.expunge_all()
    return found


def known(organisation_id: int, sources: Sequence[str]) -> dict[str, Known]:
    """Return what was made earlier of what these sources name."""
    query = select(
        Booking.source, Booking.id, Booking.idem_digest, Booking.space_id, Booking.state
    ).where(Booking.organisation_id == organisation_id, Booking.source.in_(sources))
    return {str(row[0]): Known(*row[1:]) for row in db.session.execute(query)}


def by_ids(ids: Iterable[int]) -> Select[Any]:
    """Return the query of some bookings' rows, in the order of id, to lock them."""
    return select(Booking.id).where(Booking.id.in_(list(ids))).order_by(Booking.id)


class Ledger:
    """The claims that some wishes would meet, and what is granted meanwhile.

    Claims of one space never overlap, so the last one that starts before the end decides.
    """

    def __init__(self) -> None:
        self._by_space: dict[int, list[tuple[datetime, Held]]] = {}
        self._spaces_of: dict[int, set[int]] = {}
        self._gone: set[int] = set()

    def look_at(self, wishes: Sequence[tuple[int, Period]]) -> None:
        """Read what the database holds of the times in `wishes`; a few queries for all."""
        for some in batches(wishes, WISHED):
            for space_id, held in _claims(some):
                if held.booking_id not in self._gone:
                    self.add(space_id, held)

    def add(self, space_id: int, held: Held) -> None:
        """Let a claim count from now on; a second time it is the same."""
        claims = self._by_space.setdefault(space_id, [])
        if held.booking_id is not None:
            self._spaces_of.setdefault(held.booking_id, set()).add(space_id)
        at = bisect.bisect_left(claims, held.period.starts_at, key=lambda one: one[0])
        if at == len(claims) or claims[at][0] != held.period.starts_at:
            claims.insert(at, (held.period.starts_at, held))

    def drop(self, booking_id: int) -> None:
        """Let nothing of a booking count any more."""
        self._gone.add(booking_id)
        for space_id in self._spaces_of.pop(booking_id, ()):
            claims = self._by_space[space_id]
            claims[:] = [one for one in claims if one[1].booking_id != booking_id]

    def meets(
        self, space_ids: Iterable[int], periods: Iterable[Period], *, but: int | None
    ) -> Held | None:
        """Return a claim that stands in the way, other than those of booking `but`."""
        periods = list(periods)
        met = (
            held
            for space_id in space_ids
            for period in periods
            for held in self._met(space_id, period)
        )
        return next((held for held in met if but is None or held.booking_id != but), None)

    def _met(self, space_id: int, period: Period) -> Iterator[Held]:
        claims = self._by_space.get(space_id, [])
        at = bisect.bisect_left(claims, period.end, key=lambda one: one[0])
        while at and claims[at - 1][1].period.overlaps(period):
            at -= 1
            yield claims[at][1]


def _wish(number: int) -> Select[Any]:
    def given(name: str, kind: Any) -> Any:
        return bindparam(f"{name}_{number}", type_=kind).label(name)

    return select(
        given("space_id", Integer),
        given("since", UtcDateTime),
        given("starts_at", UtcDateTime),
        given("ends_at", UtcDateTime),
    )


# Put together once, for putting it together costs ten times what asking it does.
WISHES = union_all(*(_wish(number) for number in range(WISHED))).cte("wish")
ORDINARY = select(Occupancy.id).join(
    WISHES,
    (Occupancy.space_id == WISHES.c.space_id)
    & (Occupancy.starts_at > WISHES.c.since)
    & (Occupancy.starts_at < WISHES.c.ends_at)
    & (Occupancy.ends_at > WISHES.c.starts_at),
)
LONG_ONES = select(Occupancy.id).where(
    Occupancy.is_long,
    Occupancy.space_id.in_(bindparam("spaces", expanding=True)),
    or_(
        Occupancy.ends_at.is_(None),
        Occupancy.ends_at > bindparam("first_at", type_=UtcDateTime),
    ),
)
CLAIMS = (
    select(
        Occupancy.space_id,
        Occupancy.starts_at,
        Occupancy.ends_at,
        Occupancy.booking_id,
        Booking.starts_at,
        Booking.ends_at,
        Booking.title,
        Closure.reason_en,
        Closure.reason_nl,
    )
    .outerjoin(Booking, Booking.id == Occupancy.booking_id)
    .outerjoin(Closure, Closure.id == Occupancy.closure_id)
    .where(Occupancy.id.in_(union_all(ORDINARY, LONG_ONES)))
)


def _claims(wishes: Sequence[tuple[int, Period]]) -> Iterator[tuple[int, Held]]:
    asked: dict[str, Any] = {
        "spaces": sorted({space_id for space_id, _ in wishes}),
        "first_at": min(period.starts_at for _, period in wishes),
    }
    for number in range(WISHED):  # what is left over asks for the last one again
        space_id, period = wishes[min(number, len(wishes) - 1)]
        asked[f"space_id_{number}"] = space_id
        asked[f"since_{number}"] = period.starts_at - LONG
        asked[f"starts_at_{number}"], asked[f"ends_at_{number}"] = period.starts_at, period.end
    for row in db.session.connection().execute(CLAIMS, asked):
        space_id, starts_at, ends_at, booking_id, since, until, *says = row
        claim = Period(starts_at, ends_at)
        shown = Period(since, until) if booking_id is not None else claim
        title = next((words for words in says if words), "")
        yield space_id, Held(claim, shown, booking_id, title, is_closure=booking_id is None)
