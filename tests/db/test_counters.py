"""Counters count once for each change that is committed, and never for one that is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campus.db import counters, db, unit_of_work
from campus.db.counters import Counter
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("database")

LATER = NOW + timedelta(minutes=1)


def stands(*keys: str) -> tuple[int, object]:
    """Return the state of some keys together, as of now."""
    db.session.rollback()
    return counters.state_of(Counter.key.in_(keys))


def test_what_nobody_touched_has_not_changed() -> None:
    assert stands("campus") == (0, None)


def test_a_key_counts_once_for_each_unit_of_work() -> None:
    with unit_of_work():
        counters.touch(["space:1", "campus"], now=NOW)
        counters.touch(["campus"], now=NOW)
    with unit_of_work():
        counters.touch(["campus"], now=LATER)

    assert stands("campus") == (2, LATER)
    assert stands("space:1") == (1, NOW)
    assert stands("space:1", "campus") == (3, LATER)


def test_a_change_that_is_rolled_back_counts_nothing() -> None:
    def fail_after_touching() -> None:
        with unit_of_work():
            counters.touch(["campus"], now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_touching()
    with unit_of_work():
        counters.touch(["space:1"], now=NOW)

    assert stands("campus") == (0, None)
    assert stands("space:1") == (1, NOW)


def test_the_latest_change_stays_the_latest() -> None:
    with unit_of_work():
        counters.touch(["campus"], now=LATER)
    with unit_of_work():
        counters.touch(["campus"], now=NOW)

    assert stands("campus") == (2, LATER)


def test_a_key_names_what_it_is_of() -> None:
    assert counters.key("space", 12) == "space:12"
    assert counters.key("campus") == "campus"
