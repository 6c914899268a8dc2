"""What a closure would meet, and where each booking could go instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from campus.bookings import queries as bookings
from campus.bookings.models import Booking
from campus.clock import Period
from campus.closures import queries, rules, verdict
from campus.closures.rules import FAR, MINUTE, Choice, Place, Stay
from campus.closures.verdict import Answer, Closing
from campus.db import db, dialects
from campus.errors import RuleBroken, text
from campus.members.models import Person
from campus.occupancy import service as occupancy
from campus.occupancy.queries import Taken, taken_between
from campus.occupancy.rules import without_buffers
from campus.spaces import queries as spaces
from campus.spaces.models import Closure, Space

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Met:
    """A booking that a closure would meet.

    Attributes:
        target: where it could go instead, if anything fits.
        is_running: it has begun: it stays where it is or ends early.
    """

    booking: Booking
    target: Space | None
    is_running: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a closure would do.

    Attributes:
        closing: as asked, without what is past.
        chosen: the spaces asked for.
        places: what is closed: of a combined room its parts.
        standing: what is closed already then, and stays so.
        digest: tells this preview from one after somebody booked, changed or cancelled.
    """

    closing: Closing
    chosen: Sequence[Space]
    places: Sequence[Space]
    standing: Sequence[Closure]
    met: Sequence[Met]
    digest: str

    @property
    def closed(self) -> Sequence[Space]:
        """What gets a closure: for good what was chosen itself, for a while the parts of it."""
        return self.chosen if self.closing.is_final else self.places

    def choices(self, answer: Answer) -> dict[int, Choice]:
        """Return what becomes of each booking, by its id."""
        return {
            one.booking.id: rules.settled(
                answer.choices.get(one.booking.code),
                usual=answer.usual,
                can_move=one.target is not None,
                can_keep=not self.closing.is_final,
            )
            for one in self.met
        }


def lock(preview: Preview) -> None:
    """Lock all that will be written in the order of every other verb: who books then waits.

    The closure that lasts longer, then bookings, then people, then spaces, each by id.
    """
    session = db.session()
    if preview.closing.extends:
        queries.lock(Closure.code == preview.closing.extends)
    found = [one.booking for one in preview.met]
    ids = sorted(booking.id for booking in found)
    people = sorted({booking.person_id for booking in found})
    if ids:
        dialects.lock_rows(
            session, select(Booking.id).where(Booking.id.in_(ids)).order_by(Booking.id)
        )
        dialects.lock_rows(
            session, select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
        )
    targets = [one.target for one in preview.met if one.target is not None]
    places = [part for target in targets for part in spaces.parts_of(target)]
    touched = (*preview.places, *preview.chosen, *places)
    occupancy.lock({space.id for space in touched})


def preview_of(closing: Closing, *, now: datetime) -> Preview:
    """Return what closing would meet.

    Raises:
        RuleBroken: no space, or too many, or too many bookings; the time is over; a space
            cannot be retired.
    """
    chosen = verdict.chosen(closing)
    coming = rules.begun(closing.period, now=now)
    if coming is None:
        raise RuleBroken(text("That time has passed."), rule="past")
    closing = replace(closing, period=coming)
    if closing.is_final:
        verdict.check_retirable(chosen, closing)
    places = list({part.id: part for one in chosen for part in spaces.parts_of(one)}.values())
    ids = [place.id for place in places]
    most = verdict.MOST_MET + 1
    found = bookings.met_by(_closed(coming), space_ids=ids, now=now, limit=most)
    verdict.require_overseen(len(found))
    if closing.is_final:  # the parts of a combined room stay in use
        mine = {one.id for one in chosen}
        found = [booking for booking in found if booking.space_id in mine]
    met = _with_targets(found, closed={*ids, *closing.space_ids}, now=now)
    return Preview(
        closing=closing,
        chosen=chosen,
        places=places,
        standing=queries.standing(coming, space_ids=[*ids, *closing.space_ids]),
        met=met,
        digest=rules.digest_of(
            (one.booking.code, one.booking.revision, one.target.code if one.target else "")
            for one in met
        ),
    )


def _closed(period: Period) -> Period:
    """Return a period with an end, later than anything that is booked where it has none."""
    return Period(period.starts_at, period.ends_at or FAR)


# --- where to go instead ----------------------------------------------------------------------


def _with_targets(found: Sequence[Booking], *, closed: set[int], now: datetime) -> list[Met]:
    """Find a place for each booking that has not begun; four questions, whatever their number."""
    going = [booking for booking in found if booking.starts_at > now]
    targets: dict[int, Space] = {}
    suggested: dict[int, int] = {}
    if going:
        every = spaces.spaces_by_kind(list({booking.space.kind for booking in going}))
        targets = {space.id: space for space in every if _is_open(space, closed)}
        suggested = _suggested(going, every=every, targets=targets)
    return [
        Met(
            booking,
            target=targets.get(suggested.get(booking.id, 0)),
            is_running=booking.starts_at <= now,
        )
        for booking in found
    ]


def _is_open(space: Space, closed: set[int]) -> bool:
    return closed.isdisjoint({space.id, *(part.id for part in spaces.parts_of(space))})


def _suggested(
    going: Sequence[Booking], *, every: Sequence[Space], targets: dict[int, Space]
) -> dict[int, int]:
    features = spaces.features_of()
    places = {
        space.id: _place(space, frozenset(one.feature_id for one in features.get(space.id, ())))
        for space in {one.id: one for one in (*every, *(b.space for b in going))}.values()
    }
    taken = taken_between(
        Period(
            min(booking.starts_at for booking in going) - A_DAY,
            max(booking.ends_at for booking in going) + A_DAY,
        )
    )
    return rules.suggestions(
        _stays(going, taken),
        places={booking.space_id: places[booking.space_id] for booking in going},
        targets=[places[space_id] for space_id in targets],
        taken=[(one.space_id, one.period) for one in taken],
    )


def _stays(going: Sequence[Booking], taken: Iterable[Taken]) -> list[Stay]:
    """Return the times each booking needs, as the ledger holds them now, without buffers."""
    held: dict[int, dict[Period, None]] = {}
    for one in taken:
        if one.booking_id is not None:
            held.setdefault(one.booking_id, {})[one.period] = None  # once for all parts of a room
    return [
        Stay(
            booking.id,
            booking.space_id,
            [
                without_buffers(
                    period,
                    before=booking.buffer_before_minutes * MINUTE,
                    after=booking.buffer_after_minutes * MINUTE,
                )
                for period in held.get(booking.id, {booking.period: None})
            ],
        )
        for booking in going
    ]


def _place(space: Space, features: frozenset[int]) -> Place:
    return Place(
        id=space.id,
        kind=space.kind,
        audience=space.audience,
        zone_id=space.zone_id,
        floor_id=space.floor_id,
        building_id=space.floor.building_id if space.floor else None,
        capacity=space.capacity or 0,
        position=space.position,
        features=features,
        part_ids=tuple(part.id for part in spaces.parts_of(space)),
        before=space.buffer_before_minutes * MINUTE,
        after=space.buffer_after_minutes * MINUTE,
        since=space.available_from_on,
        gone=space.available_until_on,
        level=space.floor.level if space.floor else 0,
        spot=_middle(space),
    )


def _middle(space: Space) -> tuple[float, float] | None:
    """Return the middle of a space on its floor's plan; None where it is not drawn."""
    x, y, width, height = space.plan_x, space.plan_y, space.plan_width, space.plan_height
    if x is None or y is None or width is None or height is None:
        return None
    return x + width / 2, y + height / 2
