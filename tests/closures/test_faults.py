"""Doctor: each way in which a closure and its claims could drift apart is found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from campus.closures.models import Choice
from campus.db import db, unit_of_work
from campus.occupancy.models import Occupancy
from campus.spaces.models import Closure, SpaceKind
from tests.closures.scenes import close, closing_of, wrongs
from tests.factories import (
    make_booking,
    make_house,
    make_member,
    make_space,
    make_staff,
    period,
    tomorrow,
)

pytestmark = pytest.mark.usefixtures("database")
WHOLE_DAY = period(8, 20, day=tomorrow())
HOUR = timedelta(hours=1)


@pytest.fixture
def code(database: None) -> str:
    make_house()
    room = make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    make_booking(make_member(), room, period(10, 12, day=tomorrow()))
    return close(make_staff(), closing_of([room], WHOLE_DAY), Choice.KEEP)


@pytest.mark.parametrize(
    ("table", "values", "words"),
    [
        (Closure, {"lifted_at": WHOLE_DAY.starts_at - HOUR}, "was called off and holds a place"),
        (Closure, {"starts_at": WHOLE_DAY.starts_at + HOUR}, "closes its space at another time"),
        (Closure, {"ends_at": WHOLE_DAY.end - HOUR}, "closes its space at another time"),
    ],
)
def test_every_drift_of_a_closure_is_found(
    code: str, table: Any, values: dict[str, Any], words: str
) -> None:
    assert wrongs() == []

    with unit_of_work():
        db.session.execute(update(table).values(**values))

    assert [code in one and words in one for one in wrongs()] == [True]


def test_a_closure_that_closes_nothing_is_found(code: str) -> None:
    with unit_of_work():
        closes = Occupancy.closure_id.is_not(None)
        db.session.execute(Occupancy.__table__.delete().where(closes))  # type: ignore[attr-defined]

    assert [code in one and "does not keep its space closed" in one for one in wrongs()] == [True]


def test_a_closure_of_another_place_is_found(code: str) -> None:
    other = make_space("near", kind=SpaceKind.MEETING_ROOM)
    with unit_of_work():
        closes = Occupancy.closure_id.is_not(None)
        db.session.execute(update(Occupancy).where(closes).values(space_id=other.id))

    assert {code in one and "not its own" in one for one in wrongs()} == {True}


def test_a_closure_of_which_all_was_kept_is_sound(code: str) -> None:
    with unit_of_work():
        kept = period(10, 12, day=tomorrow())
        db.session.execute(update(Closure).values(starts_at=kept.starts_at, ends_at=kept.end))
        closes = Occupancy.closure_id.is_not(None)
        db.session.execute(Occupancy.__table__.delete().where(closes))  # type: ignore[attr-defined]

    assert wrongs() == []
