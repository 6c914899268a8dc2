"""When a failed message is tried again, and when nobody waits for it any more."""

from __future__ import annotations

from datetime import timedelta

from campus.outbox import rules
from tests.factories import NOW


def test_the_wait_doubles_from_a_minute_to_six_hours() -> None:
    minutes = [rules.delay_after(attempts) / timedelta(minutes=1) for attempts in range(1, 12)]

    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_the_wait_stays_finite_however_often_it_failed() -> None:
    assert rules.delay_after(10**9) == timedelta(hours=6)


def test_three_days_of_trying_are_enough() -> None:
    first = NOW - timedelta(hours=72)

    assert rules.is_hopeless(first_tried_at=first, now=NOW)
    assert not rules.is_hopeless(first_tried_at=first, now=NOW - timedelta(seconds=1))
