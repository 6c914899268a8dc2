"""What is free of a day, in words and in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.clock import Period
from campus.finder import rules
from campus.finder.rules import Claim, Slot, State
from tests.factories import DAY, at
from tests.finder.lots import lot

QUARTER = timedelta(minutes=15)
HOURS = Period(at(8), at(20))
SLOT = Slot(
    day=DAY,
    hours=HOURS,
    wanted=Period(at(9), at(17)),
    since=at(8),
    grid=QUARTER,
    shortest=timedelta(hours=1),
)


def taken(*hours: tuple[float, float], closure: bool = False) -> list[Claim]:
    return [
        Claim(1, Period(moment(first), moment(last)), is_closure=closure) for first, last in hours
    ]


def moment(hour: float) -> datetime:
    return at(int(hour), int(hour % 1 * 60))


@pytest.mark.parametrize(
    ("hours", "state", "words"),
    [
        ([], State.FREE, "free all day"),
        ([(17, 18)], State.FREE, "free until 17:00:00"),
        ([(8, 9)], State.FREE, "free from 09:00:00"),
        ([(8, 9), (18, 19)], State.FREE, "free 09:00:00–18:00:00"),
        ([(8, 13)], State.PART, "from 13:00:00"),
        ([(12, 20)], State.PART, "until 12:00:00"),
        ([(9, 11), (15, 17)], State.PART, "11:00:00–15:00:00"),
        ([(9, 17)], State.BUSY, "taken until 17:00:00"),
        ([(8, 20)], State.BUSY, "taken"),
        ([(9, 12), (12.5, 17)], State.BUSY, "taken until 17:00:00"),
    ],
)
def test_a_space_says_how_it_stands(
    hours: list[tuple[float, float]], state: State, words: str
) -> None:
    look = rules.look_of(SLOT, taken(*hours), lot=lot())

    assert (look.state, str(look.words)) == (state, words)


def test_a_space_without_an_end_to_its_closure_is_out_of_use() -> None:
    claims = [Claim(1, Period(at(7), None), is_closure=True)]

    look = rules.look_of(SLOT, claims, lot=lot())

    assert (look.state, str(look.words), look.part) == (State.BUSY, "out of use", None)


def test_what_is_over_does_not_count_as_free() -> None:
    later = replace(SLOT, since=at(12), wanted=Period(at(12), at(17)))

    free = rules.look_of(later, taken((9, 11)), lot=lot())
    busy = rules.look_of(later, taken((12, 20)), lot=lot())

    assert str(free.words) == "free from now on"
    assert busy.part is None


def test_buffers_keep_a_neighbour_away_on_both_sides() -> None:
    room = lot(before=QUARTER, after=timedelta(minutes=30))
    wanted = replace(SLOT, wanted=Period(at(10), at(11)))

    late = rules.look_of(wanted, taken((11.25, 12)), lot=room)
    early = rules.look_of(wanted, taken((9, 9.75)), lot=room)
    close = rules.look_of(wanted, taken((9, 10)), lot=room)

    assert [late.state, early.state, close.state] == [State.BUSY, State.FREE, State.BUSY]


@pytest.mark.parametrize(
    ("terms", "wanted", "state", "words"),
    [
        ({"hours": Period(at(12), at(23)), "since": at(12)}, (9, 11), State.OFF, "open 12:00:00"),
        ({"hours": Period(at(12), at(23)), "since": at(12)}, (9, 15), State.PART, "from 12:00:00"),
        ({"hours": Period(at(8), at(9))}, (9, 11), State.OFF, "open 08:00:00–09:00:00"),
        ({"since": at(15)}, (9, 15), State.OFF, "too late to book"),
        ({"longest": timedelta(hours=2)}, (9, 17), State.PART, "until 11:00:00"),
        ({"shortest": timedelta(hours=4)}, (9, 11), State.OFF, "at least 4:00:00"),
        ({"grid": timedelta(hours=1)}, (9.5, 12), State.PART, "from 10:00:00"),
        ({"grid": timedelta(hours=1)}, (9.5, 10.5), State.OFF, "cannot be booked"),
    ],
)
def test_a_free_space_is_had_only_by_the_hours_and_terms_of_its_kind(
    terms: dict[str, Any], wanted: tuple[float, float], state: State, words: str
) -> None:
    slot = replace(SLOT, wanted=Period(moment(wanted[0]), moment(wanted[1])), **terms)

    look = rules.look_of(slot, [], lot=lot())

    assert look.state is state
    assert str(look.words).startswith(words)


def test_hours_in_which_a_kind_is_closed_look_taken() -> None:
    drawn: dict[str, Any] = {"wanted": SLOT.wanted, "now": at(7)}

    part = rules.parcels(HOURS, [], opened=Period(at(11), at(23)), **drawn)
    none = rules.parcels(HOURS, [], opened=None, **drawn)

    assert [(cell.start, cell.length) for cell in part if cell.state == ""] == [(0, 12)]
    assert [(cell.start, cell.length) for cell in none if cell.state == ""] == [(0, 48)]


quarters = st.lists(st.integers(0, 47), max_size=20, unique=True)


@given(
    busy=quarters, first=st.integers(0, 46), length=st.integers(1, 24), since=st.integers(0, 47)
)
def test_a_look_is_what_counting_quarters_gives(
    busy: list[int], first: int, length: int, since: int
) -> None:
    last = min(first + length, 48)
    first = min(max(first, since), last - 1)
    least = min(last - first, 4)
    slot = replace(
        SLOT,
        wanted=Period(quarter(first), quarter(last)),
        since=quarter(min(since, first)),
        shortest=least * QUARTER,
    )
    claims = [Claim(1, Period(quarter(n), quarter(n + 1))) for n in busy]

    look = rules.look_of(slot, claims, lot=lot())

    free = [n for n in range(first, last) if n not in busy]
    runs = longest_run(free)
    assert (look.state is State.FREE) == (len(free) == last - first)
    if look.state is not State.FREE:
        assert (look.part is None) == (runs < least)
        assert look.part is None or look.part.length == runs * QUARTER
    if look.part is not None:
        assert slot.wanted.contains(look.part)
        assert not any(look.part.overlaps(claim.period) for claim in claims)


def quarter(number: int) -> datetime:
    return at(8) + number * QUARTER


def longest_run(numbers: list[int]) -> int:
    best = run = 0
    before = None
    for number in numbers:
        run = run + 1 if before is not None and number == before + 1 else 1
        best, before = max(best, run), number
    return best


@given(busy=quarters)
def test_parcels_lie_where_the_quarters_are(busy: list[int]) -> None:
    claims = [Claim(1, Period(quarter(n), quarter(n + 1))) for n in busy]

    cells = rules.parcels(HOURS, claims, wanted=SLOT.wanted, opened=HOURS, now=at(7))

    assert sorted(cell.start for cell in cells if cell.state == "") == sorted(busy)
    assert [(cell.start, cell.length) for cell in cells if cell.state == "want"] == [(4, 32)]
    assert all(cell.start + cell.length <= 48 for cell in cells)


def test_ones_own_parcel_the_past_and_now_look_different() -> None:
    claims = [Claim(1, Period(at(8), at(9))), Claim(1, Period(at(15), at(16)), code="abc")]

    cells = rules.parcels(HOURS, claims, wanted=SLOT.wanted, opened=HOURS, now=at(10))

    assert [cell.state for cell in cells] == ["past", "mine", "want", "now"]
