"""Which space is proposed first."""

from __future__ import annotations

import pytest

from campus.clock import Period
from campus.finder import choice, rules
from campus.finder.choice import Liking
from campus.finder.rules import Claim, Look, State
from tests.factories import at
from tests.finder.lots import lot

WANTED = Period(at(9), at(17))
FREE = Look(State.FREE, rules.ALL_DAY, WANTED)


@pytest.mark.parametrize(
    ("liking", "first"),
    [
        (Liking(), "1.01"),
        (Liking(window_ids=frozenset({4})), "1.04"),
        (Liking(window_ids=frozenset({4}), near={2: 1}), "1.02"),
        (Liking(window_ids=frozenset({4}), near={2: 1}, zone_id=3), "1.03"),
        (Liking(near={2: 1}, zone_id=3, space_id=1), "1.01"),
    ],
    ids=["lowest number", "window", "near colleagues", "zone as last time", "same as last time"],
)
def test_the_best_place_is_the_one_most_liked(liking: Liking, first: str) -> None:
    lots = [lot(1, zone_id=1), lot(2, zone_id=2), lot(3, zone_id=3), lot(4, zone_id=4)]

    order = choice.best_first(lots, {one.id: FREE for one in lots}, liking=liking)

    assert order[0].code == first


def test_what_is_free_for_a_part_comes_after_and_what_is_taken_last() -> None:
    lots = [lot(1), lot(2), lot(3), lot(4)]
    looks = {
        1: Look(State.BUSY, rules.TAKEN),
        2: Look(State.PART, rules.TAKEN, Period(at(9), at(10))),
        3: Look(State.PART, rules.TAKEN, Period(at(9), at(12))),
        4: FREE,
    }

    order = choice.best_first(lots, looks, liking=Liking(space_id=1))

    assert [one.id for one in order] == [4, 3, 2, 1]


def test_of_rooms_the_one_that_fits_the_people_best_comes_first() -> None:
    rooms = [lot(1, zone_id=None, capacity=14), lot(2, zone_id=None, capacity=6)]

    order = choice.best_first(rooms, {1: FREE, 2: FREE}, liking=Liking(people=6))

    assert [one.id for one in order] == [2, 1]


def test_colleagues_are_counted_by_zone() -> None:
    claims = [
        Claim(1, WANTED, organisation_id=7),
        Claim(2, WANTED, organisation_id=7),
        Claim(3, WANTED, organisation_id=8),
        Claim(4, WANTED, organisation_id=7),
    ]
    lots = [lot(1, zone_id=5), lot(2, zone_id=5), lot(3, zone_id=5), lot(4, zone_id=None)]

    assert choice.near(claims, lots=lots, organisation_id=7) == {5: 2}
