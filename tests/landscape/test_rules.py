"""The perspective of the land, what lies on a strip, and how much is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus import clock
from campus.clock import Period
from campus.landscape import rules
from campus.landscape.rules import Claim, Parcel, Road, Sky, Tone
from tests.factories import at, period

HOURS = period(8, 20)
MINUTE = timedelta(minutes=1)
shares = st.floats(0, 1)
minutes = st.integers(0, 12 * 60 - 1)


@st.composite
def roads(draw: st.DrawFn) -> Road:
    """Return any moment before the end of hours of any length."""
    length = timedelta(minutes=draw(st.integers(1, 24 * 60)))
    now = at(8) + timedelta(minutes=draw(st.integers(-20_000, length // MINUTE - 1)))
    return Road(now, Period(at(8), at(8) + length))


@st.composite
def rooms(draw: st.DrawFn) -> list[Claim]:
    """Return what is taken of one space: stretches that do not overlap, also outside the hours."""
    cuts = sorted(draw(st.sets(st.integers(-120, 14 * 60), max_size=12)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [
        Claim(Period(at(8) + a * MINUTE, at(8) + b * MINUTE), draw(st.booleans()))
        for a, b in pairs
    ]


def taken_at(claims: Sequence[Claim], moment: datetime) -> bool:
    return any(one.period.overlaps(Period(moment, moment + MINUTE / 60)) for one in claims)


def is_whole(parcels: Sequence[Parcel], part: Period) -> bool:
    """Say whether parcels follow each other from the start of a period to its end."""
    ends = [part.starts_at, *(parcel.period.end for parcel in parcels)]
    starts = [*(parcel.period.starts_at for parcel in parcels), part.end]
    return ends == starts


# --- perspective ------------------------------------------------------------------------------


@given(shares, shares)
def test_what_is_farther_on_the_way_looks_less_near(one: float, other: float) -> None:
    near, far = rules.nearness(min(one, other)), rules.nearness(max(one, other))

    assert far + 1e-9 >= 0
    assert far <= near <= 1
    assert far < near or abs(one - other) < 1e-9


def test_now_is_the_front_edge_and_the_end_of_the_day_the_horizon() -> None:
    road = Road(at(10, 38), HOURS)

    assert rules.height(road.near(at(10, 38))) == rules.EDGE
    assert rules.height(road.near(at(20))) == pytest.approx(rules.HORIZON)
    assert road.near(at(9)) == 1
    assert road.near(at(23)) == pytest.approx(0)


@given(roads(), minutes, minutes)
def test_a_road_keeps_the_order_of_time(road: Road, one: int, other: int) -> None:
    first, last = sorted((one, other))

    assert road.near(at(8) + first * MINUTE) >= road.near(at(8) + last * MINUTE) - 1e-12


@pytest.mark.parametrize("now", [at(7, 30), at(22, 40, day=date(2026, 11, 20))])
def test_closed_hours_take_the_same_land_however_long_they_are(now: datetime) -> None:
    assert Road(now, HOURS).near(at(8)) == pytest.approx(0.5, abs=0.03)


@given(st.integers(0, 30))
def test_strips_widen_away_from_the_road_and_leave_a_ditch(number: int) -> None:
    (left, right), (next_left, next_right) = (
        rules.strip_span(strip, side=1) for strip in (number, number + 1)
    )

    assert next_left - right == pytest.approx(rules.DITCH)
    assert (next_right - next_left) / (right - left) == pytest.approx(rules.GROWTH)
    assert rules.strip_span(number, side=-1) == (-right, -left)


@given(roads(), st.integers(0, 13), st.sampled_from([-1, 1]), minutes, minutes)
def test_an_outline_lies_on_the_land_or_is_left_out(
    road: Road, number: int, side: int, one: int, other: int
) -> None:
    first, last = sorted((one, other))
    when = Period(at(8) + first * MINUTE, at(8) + (last + 1) * MINUTE)

    path = rules.parcel_outline(rules.strip_span(number, side=side), road=road, period=when)

    if not path:
        return
    found = re.fullmatch(r"M(-?\d+) ([\d.]+)H(-?\d+)L(-?\d+) ([\d.]+)H(-?\d+)z", path)
    assert found
    near_left, low, near_right, far_right, high, far_left = map(float, found.groups())
    assert rules.HORIZON <= high < low <= rules.EDGE
    assert min(near_left, far_left) < rules.WIDTH
    assert max(near_right, far_right) > 0
    assert near_left <= near_right
    assert far_left <= far_right


def test_what_is_too_thin_or_beside_the_drawing_is_left_out() -> None:
    assert rules.outline((0, 100), first=0.5, last=0.4999) == ""
    assert rules.outline((-5000, -4000), first=1, last=0.9) == ""
    assert rules.outline((4000, 5000), first=1, last=0.9) == ""
    assert rules.outline((-5000, -4000), first=1, last=0) != ""
    assert rules.outline((-900, -800), first=1, last=0.9) != ""


@given(roads())
def test_times_on_the_road_stand_apart(road: Road) -> None:
    found = rules.marks(road)

    near = [road.near(one) for one in found]
    assert all(later < rules.APART * one for one, later in pairwise(near))
    assert all(road.open_part.starts_at <= one < road.open_part.end for one in found)
    assert road.is_open or found[0] == road.hours.starts_at


def test_hours_are_written_and_near_closing_quarters() -> None:
    assert rules.marks(Road(at(10, 38), HOURS))[:3] == [at(11), at(12), at(13)]
    assert rules.marks(Road(at(19, 10), HOURS))[:3] == [at(19, 15), at(19, 30), at(19, 45)]


@pytest.mark.parametrize(
    ("hour", "minute", "is_open", "sky"),
    [
        (10, 38, True, Sky.DAY),
        (23, 0, True, Sky.DAY),
        (20, 59, False, Sky.QUIET),
        (21, 0, False, Sky.NIGHT),
        (5, 59, False, Sky.NIGHT),
        (6, 0, False, Sky.QUIET),
    ],
)
def test_the_sky_follows_the_doors_and_the_clock(
    hour: int, minute: int, is_open: bool, sky: Sky
) -> None:
    assert rules.sky(at(hour, minute), is_open=is_open) is sky


# --- what lies on a strip ---------------------------------------------------------------------


@given(rooms(), roads())
def test_a_room_has_a_parcel_for_each_booking_and_soil_between(
    claims: list[Claim], road: Road
) -> None:
    part = road.open_part

    parcels = rules.room_parcels(part, claims)

    assert is_whole(parcels, part)
    seen = [claim for claim in claims if claim.period.overlaps(part)]
    drawn = [parcel for parcel in parcels if parcel.tone is not Tone.SOIL]
    assert [parcel.tone is Tone.OFF for parcel in drawn] == [claim.is_closure for claim in seen]


def test_neighbouring_bookings_stay_two_parcels() -> None:
    claims = [Claim(period(9, 10)), Claim(period(10, 11))]

    tones = [parcel.tone for parcel in rules.room_parcels(HOURS, claims)]

    assert tones == [Tone.SOIL, Tone.ROOM, Tone.ROOM, Tone.SOIL]


def test_a_closure_without_an_end_reaches_the_horizon() -> None:
    found = rules.room_parcels(HOURS, [Claim(Period(at(12), None), is_closure=True)])

    assert found[-1] == Parcel(period(12, 20), Tone.OFF)


@given(st.lists(rooms(), min_size=1, max_size=6), minutes)
def test_rooms_that_share_a_strip_are_taken_when_half_of_them_are(
    several: list[list[Claim]], minute: int
) -> None:
    parcels = rules.shared_parcels(HOURS, several)

    moment = at(8) + minute * MINUTE
    here = next(one for one in parcels if one.period.starts_at <= moment < one.period.end)
    taken = sum(taken_at(claims, moment) for claims in several)
    assert is_whole(parcels, HOURS)
    assert all(one.tone is not other.tone for one, other in pairwise(parcels))
    assert (here.tone is Tone.ROOM) == (taken * 2 >= len(several))


@given(st.lists(rooms(), min_size=1, max_size=6), roads())
def test_a_zone_has_a_parcel_for_each_hour(several: list[list[Claim]], road: Road) -> None:
    part = road.open_part

    parcels = rules.zone_parcels(part, several)

    assert is_whole(parcels, part)
    assert all(clock.local(one.period.starts_at).minute == 0 for one in parcels[1:])


def test_an_hour_counts_the_desks_taken_at_some_moment_of_it() -> None:
    desks = [[Claim(period(9, 10))], [Claim(Period(at(9, 45), at(11)))], [], []]

    assert [
        rules.share_taken(hour, desks) for hour in rules.slots_within(period(8, 11))
    ] == [0, 0.5, 0.25]  # fmt: skip
    assert rules.share_taken(HOURS, []) == 0


@pytest.mark.parametrize(
    ("share", "tone"),
    [
        (0, Tone.SOIL),
        (0.09, Tone.SOIL),
        (0.1, Tone.LIGHT),
        (0.39, Tone.LIGHT),
        (0.4, Tone.GREEN),
        (0.74, Tone.GREEN),
        (0.75, Tone.DARK),
        (1, Tone.DARK),
    ],
)
def test_the_fuller_an_hour_the_stronger_its_colour(share: float, tone: Tone) -> None:
    assert rules.shade(share) is tone


def test_a_night_in_which_the_clocks_go_back_has_all_its_hours() -> None:
    night = Period(clock.midnight(date(2026, 10, 25)), clock.instant(date(2026, 10, 25), time(6)))

    assert len(rules.slots_within(night)) == 7


@given(st.lists(rooms(), min_size=1, max_size=4))
def test_the_share_of_time_is_what_a_count_of_minutes_gives(several: list[list[Claim]]) -> None:
    part = period(9, 10)
    counted = sum(
        taken_at(claims, at(9, minute)) for claims in several for minute in range(60)
    )  # fmt: skip

    assert rules.share_of_time(part, several) == pytest.approx(counted / 60 / len(several))
    assert rules.share_of_time(part, []) == 0


def test_a_booking_is_drawn_without_its_buffers_and_cut_where_it_was_given_back() -> None:
    booked = period(9, 11)

    assert rules.without_buffers(Period(at(8, 30), at(11, 30)), booked=booked) == booked
    assert rules.without_buffers(Period(at(8, 30), at(10)), booked=booked) == period(9, 10)


def test_a_morning_ends_at_noon_where_there_is_one() -> None:
    assert rules.morning(HOURS) == period(8, 12)
    assert rules.morning(period(14, 20)) == period(14, 20)
    assert rules.morning(period(8, 11)) == period(8, 11)


# --- how much is told -------------------------------------------------------------------------


@given(st.lists(st.integers(0, 60)), st.integers(1, 14))
def test_things_are_gathered_in_few_enough_groups_and_none_is_lost(
    things: list[int], most: int
) -> None:
    groups = rules.gathered(things, by=[lambda one: one, lambda one: one % 20], most=most)

    assert len(groups) <= most
    assert sorted(one for group in groups for one in group) == sorted(things)
    if len(set(things)) <= most:
        assert all(len(set(group)) == 1 for group in groups)


@given(st.integers(0, 2000))
def test_a_band_tells_at_least_how_many(count: int) -> None:
    told = rules.band(count)

    assert told <= count < told + 10
    assert (told == 0) == (count == 0)
    assert rules.band(told) == told


@pytest.mark.parametrize(
    ("count", "told"), [(1, 1), (4, 1), (5, 5), (9, 5), (14, 10), (19, 15), (29, 20), (142, 140)]
)
def test_bands_are_round(count: int, told: int) -> None:
    assert rules.band(count) == told


@pytest.mark.parametrize(("people", "lit"), [(0, 0), (1, 2), (2, 2), (5, 5), (6, 6), (40, 6)])
def test_nobody_is_shown_to_be_alone(people: int, lit: int) -> None:
    assert rules.lamps(people) == lit
