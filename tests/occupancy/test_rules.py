"""Gaps between claims."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from campus.clock import Period
from campus.occupancy.rules import gaps, without_buffers
from tests.factories import at, period

DAY = Period(at(8), at(20))
HOUR = timedelta(hours=1)


def test_people_know_a_claim_without_its_buffers() -> None:
    held, before, after = Period(at(9), at(11)), timedelta(minutes=5), timedelta(minutes=15)

    known = without_buffers(held, before=before, after=after)

    assert known == Period(at(9, 5), at(10, 45))
    assert without_buffers(Period(at(9), None), before=before, after=after).ends_at is None


def test_a_claim_that_was_cut_within_its_buffers_is_shown_as_it_is_held() -> None:
    held = Period(at(9), at(9, 15))

    assert without_buffers(held, before=timedelta(minutes=5), after=timedelta(minutes=15)) == held


def test_a_day_without_claims_is_one_gap() -> None:
    assert gaps(DAY, []) == [DAY]


def test_gaps_lie_between_claims_whatever_their_order() -> None:
    assert gaps(DAY, [period(12, 14), period(9, 10)]) == [
        period(8, 9),
        period(10, 12),
        period(14, 20),
    ]


def test_an_open_end_leaves_nothing_after_it() -> None:
    assert gaps(DAY, [Period(at(15), None)]) == [period(8, 15)]


@given(
    st.lists(
        st.tuples(st.integers(0, 47), st.integers(1, 20)).map(
            lambda pair: Period(at(6) + pair[0] * HOUR / 2, at(6) + (pair[0] + pair[1]) * HOUR / 2)
        ),
        max_size=12,
    )
)
def test_every_half_hour_is_in_a_gap_or_in_a_claim_and_never_in_both(taken: list[Period]) -> None:
    free = gaps(DAY, taken)

    for step in range(24):
        half = Period(at(8) + step * HOUR / 2, at(8) + (step + 1) * HOUR / 2)
        in_gap = any(gap.overlaps(half) for gap in free)
        assert in_gap is not any(claim.overlaps(half) for claim in taken)
