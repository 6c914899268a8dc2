"""What the Book page offers of each kind can be booked, by its own hours and terms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask.testing import FlaskClient

from campus import clock
from campus.bookings import service
from campus.bookings.models import Asked
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.members.models import Actor
from campus.spaces.models import BookingRule, OpeningHours, Space, SpaceKind, Unit
from tests.factories import (
    DAY,
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_space,
    period,
    sign_in,
)
from tests.finder.seen import Seen, look

HALL, ROOM, PARKING = SpaceKind.EVENT_SPACE, SpaceKind.MEETING_ROOM, SpaceKind.PARKING


@pytest.fixture(autouse=True)
def frozen(database: None) -> Iterator[None]:
    """A house on the test's day at ten past eight."""
    with time_machine.travel(NOW, tick=False):
        make_house()
        yield


@pytest.fixture
def member(client: FlaskClient) -> Actor:
    member = make_member()
    sign_in(client, member)
    return member


def open_from(kind: SpaceKind, opens: int, closes: int) -> None:
    """Give a kind hours of its own, on every day of the week."""
    with unit_of_work():
        for weekday in range(7):
            hours = OpeningHours(
                kind=kind, weekday=weekday, opens=time(opens), closes=time(closes)
            )
            db.session.add(hours)


def set_rule(kind: SpaceKind, **values: object) -> None:
    """Change how a kind is booked."""
    with unit_of_work():
        rule = db.session.get_one(BookingRule, kind)
        for name, value in values.items():
            setattr(rule, name, value)


class EnoughError(Exception):
    """Nothing of a trial is kept."""


def try_to_book(actor: Actor, address: str) -> str:
    """Book what a link of the page chooses, keep nothing of it and return the space's code."""
    said = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    day = date.fromisoformat(said["day"])
    edges = [clock.instant(day, time.fromisoformat(said[name])) for name in ("from", "to")]
    with suppress(EnoughError), unit_of_work():
        space = db.session.query(Space).filter_by(code=said["space"]).one()
        asked = Asked(space=space, period=Period(*edges))
        service.book(actor=actor, asked=asked, now=clock.now(), idem="a-key-of-a-trial")
        raise EnoughError
    return said["space"]


def offers(client: FlaskClient, query: str) -> set[str]:
    """Return the addresses that choose a space on the page, in the list and on the plan."""
    links = look(client, query).all("a")
    return {link["href"] for link in links if "data-choose" in link}


QUERIES = [
    f"?kind=meeting_room&day={DAY + timedelta(days=days)}{hours}"
    for days in (0, 1, 2, 61, 180)
    for hours in ("", "&from=09:00&to=11:00", "&from=09:15&to=21:45", "&from=20:00&to=22:30")
]


@pytest.mark.parametrize("query", QUERIES)
def test_whatever_is_offered_can_be_booked(client: FlaskClient, member: Actor, query: str) -> None:
    open_from(HALL, 12, 23)
    set_rule(HALL, grid_minutes=60, shortest_minutes=120, longest_minutes=360, notice_minutes=600)
    drawn: dict[str, Any] = {"plan_y": 50, "plan_width": 200, "plan_height": 100}
    hunze = make_space("hunze", kind=ROOM, plan_x=50, **drawn)
    make_space("zaal", kind=HALL, plan_x=300, **drawn)
    make_booking(make_member(name="A B"), hunze, period(9, 10))

    found = [try_to_book(member, address) for address in offers(client, query)]

    assert set(found) <= {"hunze", "zaal"}


def test_a_hall_is_offered_in_its_own_hours_only(client: FlaskClient, member: Actor) -> None:
    open_from(HALL, 12, 23)
    make_space("hunze", kind=ROOM)
    make_space("zaal", kind=HALL)

    morning, evening = (
        offers(client, f"?kind=meeting_room&day={DAY}&from={first}&to={last}")
        for first, last in (("09:00", "11:00"), ("20:00", "22:00"))
    )
    page = look(client, f"?kind=meeting_room&day={DAY}&from=09:00&to=11:00&all=1")

    assert {try_to_book(member, address) for address in morning} == {"hunze"}
    assert {try_to_book(member, address) for address in evening} == {"zaal"}
    assert "open 12:00–23:00" in page.words


def test_a_hall_that_can_be_had_further_ahead_is_offered_there(
    client: FlaskClient, member: Actor
) -> None:
    make_space("hunze", kind=ROOM)
    make_space("zaal", kind=HALL)

    page = look(client, f"?kind=meeting_room&day={DAY + timedelta(days=70)}&all=1")

    assert page.sent("dock-form")["space"] == "zaal"
    assert "1 room free" in page.words
    assert "not to book yet" in page.words


def test_when_the_rooms_are_shut_the_next_day_is_proposed_not_the_hall(
    client: FlaskClient,
) -> None:
    open_from(HALL, 12, 23)
    make_space("hunze", kind=ROOM)
    make_space("zaal", kind=HALL)

    with time_machine.travel(at(20, 30), tick=False):
        sign_in(client, make_member())
        fields = look(client, "?kind=meeting_room").sent("dock-form")

    assert (fields["day"], fields["space"]) == (f"{DAY + timedelta(days=1)}", "hunze")


def test_any_free_room_is_asked_only_where_there_is_a_choice_of_rooms(
    client: FlaskClient, member: Actor
) -> None:
    make_space("zaal", kind=HALL)
    make_space("hunze", kind=ROOM)

    one = look(client, "?kind=meeting_room")
    make_space("lauwers", kind=ROOM)
    two = look(client, "?kind=meeting_room")

    assert not one.all("form", id="any")
    assert two.sent("any")["any"] == "meeting_room"


def test_on_a_campus_with_halls_only_any_free_one_is_a_hall(
    client: FlaskClient, member: Actor
) -> None:
    make_space("zaal", kind=HALL)
    make_space("kerk", kind=HALL)

    answer = client.post("/en/bookings", data=look(client, "?kind=event_space").sent("any"))

    assert answer.status_code == 303


def test_the_plan_shows_other_kinds_by_their_own_hours(client: FlaskClient, member: Actor) -> None:
    open_from(HALL, 12, 23)
    make_space("1.01", plan_x=10, plan_y=10, plan_width=46, plan_height=25)
    make_space("zaal", kind=HALL, plan_x=300, plan_y=50, plan_width=200, plan_height=100)

    morning = look(client, f"?day={DAY}&from=09:00&to=11:00").all("a", id="p-zaal")
    noon = look(client, f"?day={DAY}&from=13:00&to=15:00").all("a", id="p-zaal")

    assert (len(morning), len(noon)) == (0, 1)


def test_the_share_of_a_day_counts_each_kind_by_its_own_hours(
    client: FlaskClient, member: Actor
) -> None:
    open_from(HALL, 14, 18)
    make_booking(make_member(name="A B"), make_space("hunze", kind=ROOM), period(8, 16))
    make_space("zaal", kind=HALL)

    page = look(client, f"?kind=meeting_room&day={DAY}")

    assert "Thu 26 50% taken" in page.words


def test_a_day_for_a_combined_hall_only_is_free_until_somebody_has_it(
    client: FlaskClient, member: Actor
) -> None:
    open_from(HALL, 12, 22)
    parts = (make_space("left", kind=ROOM), make_space("right", kind=ROOM))
    hall = make_space("zaal", kind=HALL, parts=parts)
    saturday = DAY + timedelta(days=2)

    before = look(client, f"?kind=meeting_room&day={DAY}")
    make_booking(make_member(name="A B"), hall, period(12, 17, day=saturday))
    after = look(client, f"?kind=meeting_room&day={DAY}")

    assert "Sat 28 0% taken" in before.words
    assert "Sat 28 50% taken" in after.words


# --- parking ----------------------------------------------------------------------------------


def make_parking(*codes: str) -> list[Space]:
    with unit_of_work():
        rule = BookingRule(
            kind=PARKING, unit=Unit.DAY, shortest_minutes=60, horizon_days=14, one_per_person=True
        )
        db.session.add(rule)
    return [make_space(code, kind=PARKING) for code in codes]


def kinds_offered(client: FlaskClient, query: str = "") -> str:
    words = look(client, query).words
    return words[words.index("What ") : words.index("Wishes")]


def test_parking_is_a_choice_where_there_is_parking(client: FlaskClient) -> None:
    make_space("1.01")
    before = kinds_offered(client)
    make_parking("P1")
    after = kinds_offered(client)

    assert "Parking" not in before
    assert "Desk Parking" in after


def test_a_parking_place_is_found_from_its_page_and_booked(
    client: FlaskClient, member: Actor
) -> None:
    make_parking("P1", "P2")
    back = [link["href"] for link in look(client, path="spaces/P1").all("a")]
    [query] = {href.partition("?")[2] for href in back if "/book?" in href}

    page = look(client, f"?{query}")
    first = client.post("/en/bookings", data=page.sent("dock-form"))
    own = look(client, f"?{query}&day={DAY}")

    assert "2 parking places free" in page.words
    assert first.status_code == 303
    assert "You have parking place P1 already" in own.words


def test_any_free_parking_place_will_do(client: FlaskClient, member: Actor) -> None:
    make_parking("P1", "P2")

    fields = look(client, "?kind=parking").sent("any")

    assert fields["any"] == "parking"
    assert client.post("/en/bookings", data=fields).status_code == 303


def test_parking_is_no_kind_where_there_is_none(client: FlaskClient) -> None:
    make_space("1.01")

    page = look(client, "?kind=parking")

    assert "The campus has no such places. Here is what it has." in page.words
    assert "1 desk free" in page.words


# --- shapes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(SpaceKind))
@pytest.mark.parametrize("width", [46, 200])
@pytest.mark.parametrize(
    "outline", ["", "M300 50L320 50L346 75L300 75Z", "M300 50L305 50L300 75Z"]
)
def test_a_space_has_one_shape_on_every_plan(
    client: FlaskClient, kind: SpaceKind, width: int, outline: str
) -> None:
    make_parking()
    box: dict[str, Any] = {"plan_x": 300, "plan_y": 50, "plan_width": width, "plan_height": 25}
    box["plan_path"] = outline
    tenant = "Slikwerk" if kind in {SpaceKind.OFFICE_UNIT, SpaceKind.INCUBATOR_SLOT} else ""
    make_space("X1", kind=kind, capacity=6, tenant=tenant, **box)

    plans = [drawn(look(client, path=path)) for path in ("book", "spaces/X1")]

    assert plans[0]
    assert plans[0] == plans[1]


def drawn(page: Seen) -> list[dict[str, str]]:
    """Return the shapes and words of a plan, without what only a page to choose on has."""
    return [
        one
        for name in ("rect", "circle", "text", "path")
        for one in page.all(name)
        if {"x", "cx", "fill-rule"} & one.keys() and one.get("class") not in {"hit", "pin-t"}
    ]


@pytest.mark.parametrize(("query", "is_said"), [("", False), ("?kind=desk", True)])
def test_a_campus_without_desks_offers_what_it_has(
    client: FlaskClient, query: str, is_said: bool
) -> None:
    make_space("hunze", kind=ROOM)

    page = look(client, query)

    assert "1 room free" in page.words
    assert ("The campus has no such places." in page.words) is is_said
    assert kinds_offered(client).startswith("What Room")
