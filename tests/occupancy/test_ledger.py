"""The one invariant, at the database: no two claims on a space overlap."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from campus.clock import Period
from campus.db import db, unit_of_work
from campus.errors import Conflict
from campus.occupancy import service
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import taken_between, taken_ids
from campus.occupancy.rules import Owner, OwnerKind
from campus.spaces.models import Closure, Space, SpaceKind
from tests.factories import NOW, at, make_house, make_space, period

pytestmark = pytest.mark.usefixtures("database")


def owner_for(space: Space, when: Period) -> Owner:
    """Return a closure that can own a claim."""
    closure = Closure(
        space_id=space.id, starts_at=when.starts_at, ends_at=when.ends_at, created_at=NOW
    )
    db.session.add(closure)
    db.session.flush()
    return Owner(OwnerKind.CLOSURE, closure.id)


def claim(space: Space, *periods: Period, also: Space | None = None) -> Owner:
    """Claim a space, or two together, in a unit of work of its own."""
    with unit_of_work():
        owner = owner_for(space, periods[0])
        service.claim(owner=owner, spaces=[space, also] if also else [space], periods=periods)
    return owner


def rows() -> int:
    """Count the ledger."""
    return db.session.scalar(select(func.count()).select_from(Occupancy)) or 0


@pytest.mark.parametrize(
    ("shift", "is_free"),
    [(-3, True), (-2, False), (0, False), (2, False), (3, True)],
    ids=["ends as it starts", "overlaps start", "same", "overlaps end", "starts as it ends"],
)
def test_a_space_is_claimed_once_at_a_time(shift: int, is_free: bool) -> None:
    make_house()
    desk = make_space()
    claim(desk, period(10, 13))
    hours = timedelta(hours=shift)
    asked = Period(at(10) + hours, at(13) + hours)

    with nullcontext() if is_free else pytest.raises(Conflict, match="taken"):
        claim(desk, asked)

    assert rows() == (2 if is_free else 1)


@pytest.mark.parametrize(
    "asked",
    [period(11, 12), period(9, 10), Period(at(9), None), Period(at(19), None)],
    ids=["after the open start", "across the start", "open too", "open and later"],
)
def test_an_open_end_takes_everything_after_it(asked: Period) -> None:
    make_house()
    desk = make_space()
    claim(desk, Period(at(9, 30), None))

    with pytest.raises(Conflict) as refused:
        claim(desk, asked)

    assert refused.value.code == "taken"


def test_a_moved_row_meets_the_same_refusal_as_a_new_one() -> None:
    make_house()
    desk = make_space()
    claim(desk, period(9, 10))
    later = claim(desk, period(11, 12))

    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(
            update(Occupancy).where(Occupancy.closure_id == later.id).values(starts_at=at(9, 30))
        )

    assert [one.period for one in taken_between(period(8, 20))] == [period(9, 10), period(11, 12)]


def test_several_periods_are_taken_together_or_not_at_all() -> None:
    make_house()
    desk = make_space()
    claim(desk, period(15, 16))

    with pytest.raises(Conflict):
        claim(desk, period(9, 10), period(14, 16), period(16, 17))

    assert rows() == 1


def test_the_parts_of_a_room_are_taken_together() -> None:
    make_house()
    west, east = (make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("west", "east"))
    claim(east, period(9, 10))

    with pytest.raises(Conflict):
        claim(east, period(9, 11), also=west)

    assert taken_ids([period(9, 11)]) == {east.id}


def test_what_is_released_from_a_moment_on_is_free_again() -> None:
    make_house()
    desk = make_space()
    owner = claim(desk, period(9, 17))

    with unit_of_work():
        service.release_from(owner=owner, at=at(12))
    claim(desk, period(12, 17))

    assert rows() == 2
    assert service.faults() == []


def test_the_day_finds_claims_of_any_length() -> None:
    make_house()
    old, open_one, today, tomorrow = (make_space() for _ in range(4))
    claim(old, Period(at(8) - timedelta(days=400), at(9)))
    claim(open_one, Period(at(8) - timedelta(days=400), None))
    claim(today, period(10, 11))
    claim(tomorrow, Period(at(8) + timedelta(days=1), at(9) + timedelta(days=1)))

    found = {one.space_id for one in taken_between(period(8, 20))}

    assert found == {old.id, open_one.id, today.id}
    assert taken_between(period(9, 10), space_ids=[old.id]) == []


def test_a_claim_belongs_to_exactly_one_owner() -> None:
    make_house()
    desk = make_space()
    starts_at = datetime(2026, 11, 26, 9, tzinfo=UTC)

    with pytest.raises(Exception, match="one_owner"), unit_of_work():
        db.session.add(
            Occupancy(
                space_id=desk.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
            )
        )


def test_many_owners_claim_together_or_not_at_all() -> None:
    make_house()
    east, west = make_space("east"), make_space("west")
    claim(east, period(10, 12))
    with unit_of_work():
        owners = [owner_for(space, period(11, 13)) for space in (west, east)]
    claims = [
        service.Claim(owner, [space.id], [period(11, 13)])
        for owner, space in zip(owners, (west, east), strict=True)
    ]

    with pytest.raises(Conflict, match="taken"), unit_of_work():
        service.claim_many(claims)
    assert rows() == 1
    with unit_of_work():
        service.claim_many(claims[:1])

    assert rows() == 2
