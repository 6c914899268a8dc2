"""Who is in trouble here: a member's browser, on a floor with two desks and a room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from campus.spaces.models import SpaceKind
from tests.bookings.visits import Visit, visit
from tests.factories import NOW, make_house, make_member, make_space


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Thursday 26 November 2026, 08:10; it stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mine(database: None, client: FlaskClient, clock: time_machine.Traveller) -> Visit:
    """A member who is signed in."""
    return member_in_house(client)


def member_in_house(client: FlaskClient) -> Visit:
    """Build the house and sign a member in."""
    make_house()
    make_space("1.32")
    make_space("1.33")
    make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze", capacity=6)
    return visit(client, make_member())
