"""What a closure leaves and where to go instead, as arithmetic."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campus.clock import Period
from campus.closures import rules
from campus.closures.rules import FAR, Choice, Place, Stay
from tests.factories import NOW, at, period

QUARTER = timedelta(minutes=15)
START = at(8)
steps = st.integers(min_value=-8, max_value=60)
spans = st.tuples(steps, st.one_of(st.none(), st.integers(min_value=1, max_value=30)))


def span(first: int, length: int | None) -> Period:
    starts_at = START + first * QUARTER
    return Period(starts_at, None if length is None else starts_at + length * QUARTER)


def has(periods: list[Period], step: int) -> bool:
    moment = Period(START + step * QUARTER, START + (step + 1) * QUARTER)
    return any(one.contains(moment) for one in periods)


@settings(deadline=None)
@given(st.one_of(st.none(), st.integers(min_value=1, max_value=40)), st.lists(spans, max_size=8))
def test_a_closure_takes_just_what_is_left(
    length: int | None, kept: list[tuple[int, int | None]]
) -> None:
    whole, taken = span(0, length), [span(*one) for one in kept]

    left = rules.parted(whole, taken)

    for step in range(-10, 100):
        inside = step >= 0 and (length is None or step < length)
        assert has(left, step) == (inside and not has(taken, step))
    for one, other in pairwise(left):
        assert one.end < other.starts_at
    assert all(one.ends_at is None or one.ends_at < FAR for one in left)


def test_what_has_begun_closes_from_this_minute_on() -> None:
    assert rules.begun(Period(at(6), at(12)), now=at(9) + timedelta(seconds=40)) == period(9, 12)
    assert rules.begun(Period(at(10), None), now=NOW) == Period(at(10), None)
    assert rules.begun(period(6, 8), now=NOW) is None


def place(place_id: int, **more: object) -> Place:
    usual: dict[str, object] = {
        "kind": "desk", "audience": "members", "zone_id": 1, "floor_id": 1, "building_id": 1,
        "capacity": 1, "position": place_id, "features": frozenset(), "part_ids": (place_id,),
        "before": timedelta(0), "after": timedelta(0),
    }  # fmt: skip
    return Place(id=place_id, **{**usual, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ({"floor_id": 2}, {"zone_id": 2, "floor_id": 2}),
        ({"zone_id": 2}, {"zone_id": 2, "floor_id": 2}),
        ({"zone_id": 2, "floor_id": 2}, {"zone_id": 2, "floor_id": 2, "building_id": 2}),
        ({"features": frozenset({1})}, {}),
        ({"capacity": 2, "features": frozenset({1})}, {"capacity": 3, "features": frozenset({1})}),
        ({"position": 3, "features": frozenset({1})}, {"features": frozenset({1})}),
        ({"zone_id": 2}, {"zone_id": 1, "floor_id": 2}),
        ({"floor_id": 2, "level": 1}, {"floor_id": 3, "level": 2}),
        ({"spot": (3, 4), "capacity": 9}, {"spot": (30, 40)}),
        ({"spot": (90, 90)}, {}),
    ],
    ids=[
        "zone",
        "floor",
        "building",
        "features",
        "size",
        "order",
        "floor before zone",
        "level",
        "plan",
        "on the plan",
    ],
)
def test_the_nearest_comes_first(near: dict[str, object], far: dict[str, object]) -> None:
    here = place(1, features=frozenset({1}), spot=(0, 0))

    found = rules.nearest_first(here, [place(8, **far), place(9, **near)])

    assert [one.id for one in found] == [9, 8]


def test_another_kind_a_smaller_one_and_one_for_others_do_not_fit() -> None:
    here = place(1, capacity=4)
    others = [
        here,
        place(2, kind="meeting_room", capacity=4),
        place(3, capacity=3),
        place(4, capacity=4, audience="staff"),
    ]

    assert rules.nearest_first(here, others) == []


stays = st.lists(
    st.tuples(st.integers(min_value=0, max_value=40), st.integers(min_value=1, max_value=12)),
    max_size=12,
)


@settings(deadline=None)
@given(stays, stays, st.integers(min_value=0, max_value=3), st.integers(min_value=0, max_value=3))
def test_suggestions_never_overlap_each_other_or_what_is_taken(
    wanted: list[tuple[int, int]], taken: list[tuple[int, int]], before: int, after: int
) -> None:
    here = place(1)
    targets = [place(number, before=before * QUARTER, after=after * QUARTER) for number in (2, 3)]
    free_from = max((first + length for first, length in taken), default=0)
    held = [(2, span(0, free_from))] if free_from else []
    asked = [Stay(n, 1, [span(*one)]) for n, one in enumerate(wanted)]

    found = rules.suggestions(asked, places={1: here}, targets=targets, taken=held)

    claims = [*held]
    for stay in asked:
        if stay.booking_id in found:
            target = next(one for one in targets if one.id == found[stay.booking_id])
            claims += [(target.id, one) for one in rules.widened(stay.periods, target)]
    for number, (space_id, one) in enumerate(claims):
        assert not any(
            other_id == space_id and one.overlaps(other)
            for other_id, other in claims[number + 1 :]
        )


@pytest.mark.parametrize(
    ("own", "usual", "can_move", "can_keep", "becomes"),
    [
        (None, Choice.MOVE, True, True, Choice.MOVE),
        (None, Choice.MOVE, False, True, Choice.CANCEL),
        (Choice.KEEP, Choice.CANCEL, True, True, Choice.KEEP),
        (Choice.KEEP, Choice.MOVE, True, False, Choice.MOVE),
        (Choice.KEEP, Choice.MOVE, False, False, Choice.CANCEL),
        (Choice.CANCEL, Choice.KEEP, True, True, Choice.CANCEL),
    ],
)
def test_a_choice_for_one_goes_before_the_one_for_all(
    own: Choice | None, usual: Choice, can_move: bool, can_keep: bool, becomes: Choice
) -> None:
    assert rules.settled(own, usual=usual, can_move=can_move, can_keep=can_keep) is becomes


def test_a_preview_is_another_when_a_booking_or_a_target_is() -> None:
    rows = [("abc", 1, "1.01"), ("abd", 2, "")]

    assert rules.digest_of(rows) == rules.digest_of(list(rows))
    assert len({rules.digest_of(one) for one in (rows, rows[:1], [("abc", 2, "1.01"), rows[1]],
                                                 [("abc", 1, "1.02"), rows[1]])}) == 4  # fmt: skip
