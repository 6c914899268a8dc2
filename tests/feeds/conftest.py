"""A house with a room and a desk, members who subscribe, and how feeds are fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campus.db import db, unit_of_work
from campus.feeds import service
from campus.feeds.models import Feed, Scope
from campus.feeds.service import Wanted
from campus.members.models import Actor
from campus.spaces.models import Space, SpaceKind
from tests.factories import NOW, make_house, make_member, make_organisation, make_space


@pytest.fixture(autouse=True)
def morning() -> Iterator[time_machine.Traveller]:
    """Thursday 26 November 2026, 08:10, until a test travels on."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def room(database: None) -> Space:
    """Hunze, a room in a house that is open on weekdays."""
    make_house()
    return make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")


@pytest.fixture
def femke(room: Space) -> Actor:
    """A member of Terpdata."""
    return make_member()


@pytest.fixture
def piet(room: Space) -> Actor:
    """A member of another organisation."""
    return make_member(make_organisation("Slikwerk"), name="Piet Slik")


def subscribe(
    actor: Actor, scope: Scope, key: str = "", *, name: str = "Agenda", now: datetime = NOW
) -> str:
    """Make a feed and return its token."""
    with unit_of_work():
        wanted = Wanted(scope, name, key)
        _feed, token = service.create_feed(
            actor=actor, wanted=wanted, idem=f"{scope}-{key}-{name}-key", now=now
        )
    return token


def fetch(app: Flask, token: str, **headers: str) -> TestResponse:
    """Fetch a feed as a program would."""
    browser: FlaskClient = app.test_client()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.get(f"/feeds/{token}.ics", headers=named)


def feed_row() -> Feed:
    """Return the only feed there is, as it stands now."""
    db.session.rollback()
    return db.session.query(Feed).one()
