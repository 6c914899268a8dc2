"""Beginning a campus of one's own."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import func, select

from campus.db import db, unit_of_work
from campus.errors import Conflict
from campus.spaces import faults, queries, service
from campus.spaces.models import BookingRule, OpeningHours, Site, SpaceKind
from tests.factories import make_house, make_space

pytestmark = pytest.mark.usefixtures("database")


def test_the_first_to_ask_makes_the_site_and_the_others_get_it() -> None:
    with unit_of_work():
        first = service.site_of("Noorderkwartier", address="Kwartierlaan 1")
        again = service.site_of("Something else")

        assert first is again
    assert db.session.scalars(select(Site.name)).all() == ["Noorderkwartier"]


def test_buildings_floors_and_spaces_stand_on_each_other() -> None:
    with unit_of_work():
        building = service.add_building(site=service.site_of("N"), code="apb", name="Informatica")
        floor = service.add_floor(building=building, code="apb-1", name="Eerste", level=1)
        service.add_space(code="E017", name="E017", kind=SpaceKind.MEETING_ROOM, floor=floor)
        service.add_space(code="elders", name="Elders", kind=SpaceKind.DESK, floor=None)

    space = queries.space_by_code("e017")
    assert space.floor is not None
    assert (space.floor.code, space.floor.building.name) == ("apb-1", "Informatica")
    assert (space.capacity, queries.space_by_code("elders").floor) == (None, None)


def test_a_code_that_differs_in_case_only_is_taken() -> None:
    make_house()
    make_space("Lt2")

    with pytest.raises(Conflict, match="a place with this code already"), unit_of_work():
        service.add_space(code="LT2", name="LT2", kind=SpaceKind.DESK, floor=None)


def test_usual_rules_and_hours_hold_where_nobody_has_set_any_and_it_is_said() -> None:
    with unit_of_work():
        said = service.settle_terms([SpaceKind.PARKING, SpaceKind.DESK])
        again = service.settle_terms([SpaceKind.PARKING, SpaceKind.DESK])

    assert [str(one) for one in said] == [
        "Desks: nobody had set how they are booked; usual rules hold.",
        "Parking places: nobody had set how they are booked; usual rules hold.",
        "Nobody had set opening hours: Monday to Friday, 08:00 to 18:00, hold.",
    ]
    assert again == []
    assert set(db.session.scalars(select(BookingRule.kind))) == {
        SpaceKind.DESK,
        SpaceKind.PARKING,
    }
    assert set(db.session.scalars(select(OpeningHours.weekday))) == set(range(5))
    assert faults.faults() == []


def test_what_a_campus_has_set_stays() -> None:
    make_house()

    with unit_of_work():
        said = service.settle_terms([SpaceKind.DESK])

    assert said == []
    assert db.session.scalar(select(func.max(OpeningHours.closes))) == time(20)


@pytest.mark.parametrize("kind", list(SpaceKind))
def test_every_kind_has_a_usual_rule(kind: SpaceKind) -> None:
    with unit_of_work():
        service.settle_terms([kind])

    assert queries.booking_rule(kind).kind is kind
