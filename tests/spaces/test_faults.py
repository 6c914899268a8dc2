"""Doctor: what does not fit together among spaces, floors, hours and rules is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest
from sqlalchemy import update

from campus.db import db, unit_of_work
from campus.spaces import faults
from campus.spaces.models import Floor, Island, OpeningHours, Space, SpaceKind, SpacePart
from tests.factories import NOW, make_house, make_space, make_zone


@pytest.fixture
def floor(database: None) -> Floor:
    return make_house()


def said() -> list[str]:
    return [str(fault) for fault in faults.faults()]


def test_a_house_as_it_should_be_has_no_faults(floor: Floor) -> None:
    zone = make_zone(floor)
    east, west = (make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("east", "west"))
    make_space("whole", kind=SpaceKind.EVENT_SPACE, parts=(east, west))
    make_space("1.32", zone_id=zone.id)
    make_space("Drents-Diep", kind=SpaceKind.MEETING_ROOM)
    with unit_of_work():
        db.session.add(OpeningHours(weekday=5, opens=time(10), closes=time(0)))

    assert said() == []


def misspell(space: Space) -> None:
    db.session.execute(update(Space).values(code="Other"))


def put_in_another_zone(space: Space) -> None:
    floor = db.session.query(Floor).one()
    other = Floor(building_id=floor.building_id, code="2", name="Dijk", level=2)
    db.session.add(other)
    db.session.flush()
    space.floor_id = other.id


def put_on_an_island_elsewhere(space: Space) -> None:
    island = Island(zone_id=space.zone_id)
    db.session.add(island)
    db.session.flush()
    space.island_id, space.zone_id = island.id, None


def close_before_opening(space: Space) -> None:
    db.session.add(OpeningHours(weekday=6, opens=time(12), closes=time(9)))


def be_of_a_kind_without_a_rule(space: Space) -> None:
    space.kind = SpaceKind.PARKING


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (misspell, "Space Other is not found by its code. Write it once more"),
        (
            put_in_another_zone,
            "Space 1.32 is in a zone of another floor. Give it a zone",
        ),
        (
            put_on_an_island_elsewhere,
            "Space 1.32 is in an island of another zone. Give it one",
        ),
        (close_before_opening, "Opening hours 12:00–09:00 close before they open. Correct them;"),
        (
            be_of_a_kind_without_a_rule,
            "There is no rule for how a parking is booked. Until",
        ),
    ],
)
def test_every_misfit_is_found(floor: Floor, harm: Callable[[Space], None], words: str) -> None:
    space = make_space("1.32", zone_id=make_zone(floor).id)

    with unit_of_work():
        harm(db.session.merge(space))

    assert [one.startswith(words) for one in said()] == [True]


def test_parts_of_parts_are_found(floor: Floor) -> None:
    smallest, part, other = (
        make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("a", "b", "c")
    )
    make_space("whole", kind=SpaceKind.EVENT_SPACE, parts=(part, other))
    with unit_of_work():
        db.session.add(SpacePart(whole_id=part.id, part_id=smallest.id))

    assert said() == [
        "A part of space whole is itself made of parts. Name the smallest parts alone."
    ]


def test_hours_that_the_clocks_skip_are_found_where_they_hold(floor: Floor) -> None:
    spring = date(2027, 3, 28)  # a Sunday, on which 02:00 becomes 03:00
    with unit_of_work():
        db.session.add(OpeningHours(weekday=6, opens=time(2, 30), closes=time(3)))
        db.session.add(OpeningHours(weekday=5, opens=time(2, 30), closes=time(3)))
        db.session.add(OpeningHours(on_day=spring, opens=time(9), closes=time(2, 15)))

    found = [fault.values for fault in faults.faults_of_clocks(NOW)]

    assert {"at": time(2, 30), "day": spring} in found
    assert {"at": time(2, 15), "day": spring} in found
    assert {one["day"] for one in found} == {spring, date(2028, 3, 26)}


def test_hours_of_a_night_that_keeps_its_clocks_are_no_fault(floor: Floor) -> None:
    with unit_of_work():
        db.session.add(OpeningHours(weekday=6, opens=time(0), closes=time(0)))

    assert faults.faults_of_clocks(NOW) == []
