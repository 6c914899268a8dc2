"""Loading the demo: into an empty database only, and the same each time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from campus.bookings.models import Booking
from campus.db import db, unit_of_work
from campus.demo import service
from campus.demo.people import LOG_INS
from campus.errors import Conflict
from campus.spaces.models import Space
from tests.conftest import empty
from tests.factories import NOW, make_organisation, make_person


def load() -> None:
    """Load the demo around a Thursday."""
    with unit_of_work():
        service.load(today=date(2026, 11, 26), seed=1, scale=1, password="x" * 12, now=NOW)


def codes() -> list[str]:
    """Return the codes of all bookings, in the order in which they were made."""
    return list(db.session.scalars(select(Booking.code).order_by(Booking.id)))


def count(table: type[Booking] | type[Space]) -> int:
    """Return how many rows a table has."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("make", [make_organisation, make_person])
def test_a_database_with_content_is_refused_and_left_alone(make: Callable[[], object]) -> None:
    make()

    with pytest.raises(Conflict, match="needs an empty one"):
        load()

    assert count(Space) == count(Booking) == 0


def test_the_command_loads_the_same_each_time_and_only_where_nothing_is(app: Flask) -> None:
    runner = app.test_cli_runner()

    said = runner.invoke(args=["demo", "--today", "2026-11-26"])
    first, spaces = codes(), count(Space)
    refused = runner.invoke(args=["demo"])
    left = count(Space)
    empty()
    told = runner.invoke(args=["demo", "--today", "2026-11-26", "--json"])

    assert said.exit_code == 0, said.output
    assert "180 spaces, 81 organisations, 300 people" in said.output
    assert all(email in said.output for email in LOG_INS)
    assert refused.exit_code == 1
    assert "needs an empty one" in refused.output
    assert (spaces, left) == (180, 180)
    assert json.loads(told.output)["people"] == 300
    assert codes() == first
