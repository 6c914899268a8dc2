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
def test_the_same_seed_gives_the_same_codes_and_a_second_load_is_refused() -> None:
    load()
    first = codes()
    with pytest.raises(Conflict, match="needs an empty one"):
        load()
    assert count(Space) == 180
    empty()

    load()

    assert codes() == first


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("make", [make_organisation, make_person])
def test_a_database_with_content_is_refused_and_left_alone(make: Callable[[], object]) -> None:
    make()

    with pytest.raises(Conflict, match="needs an empty one"):
        load()

    assert count(Space) == count(Booking) == 0


def test_the_command_says_what_it_loaded_and_how_to_sign_in(app: Flask) -> None:
    runner = app.test_cli_runner()

    first = runner.invoke(args=["demo", "--today", "2026-11-26"])
    second = runner.invoke(args=["demo"])

    assert first.exit_code == 0, first.output
    assert "180 spaces, 81 organisations, 300 people" in first.output
    assert all(email in first.output for email in LOG_INS)
    assert second.exit_code == 1
    assert "needs an empty one" in second.output


def test_the_command_tells_programs_in_json(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["demo", "--json"])

    assert json.loads(answer.output)["people"] == 300
