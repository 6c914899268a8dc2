"""Cancelling several bookings at once: looked at first, one by one, and never twice."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from campus.bookings.models import Booking, BookingChange, BookingState
from campus.db import db, unit_of_work
from campus.outbox.models import Message
from campus.spaces.models import Space, SpaceKind
from tests.bookings.visits import Visit, claims, page_of, visit
from tests.factories import (
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_space,
    make_staff,
    period,
    tomorrow,
)

PATH = "/staff/bookings/cancel"


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client: FlaskClient, database: None) -> Visit:
    make_house()
    return visit(client, make_staff())


def room(code: str) -> Space:
    return make_space(code, kind=SpaceKind.MEETING_ROOM)


def key(booking: Booking) -> str:
    return f"{booking.code}.{booking.revision}"


def states() -> list[str]:
    return list(db.session.scalars(select(Booking.state).order_by(Booking.id)))


def letters(subject: str = "") -> int:
    query = select(func.count()).select_from(Message).where(Message.subject.contains(subject))
    return db.session.scalar(query) or 0


def test_what_will_happen_is_shown_first_and_nothing_is_done(desk: Visit) -> None:
    femke = make_member(name="Femke Postma")
    coming = make_booking(femke, room("Hunze"), period(9, 10))
    running = make_booking(make_member(), room("Dollard"), period(8, 10))
    gone = make_booking(make_member(), room("Eems"), period(9, 10))
    desk.post(f"/bookings/{gone.code}/cancel")
    path = f"{PATH}?pick={key(coming)}&pick={key(running)}&pick={key(gone)}&pick=nothere.1"

    answer = desk.get(path)
    page = page_of(answer)

    assert page.startswith("Cancel 2 bookings?")
    assert "Today 09:00–10:00, Hunze Femke Postma, Terpdata will be cancelled" in page
    assert "Dollard Femke Postma, Terpdata has started: the rest will be given back" in page
    assert "Eems Femke Postma, Terpdata is cancelled already" in page
    assert "nothere is not there" in page
    assert re.findall(r'name="pick" value="([^"]*)"', answer.text) == [key(running), key(coming)]
    assert states() == ["confirmed", "confirmed", "cancelled"]


def test_all_of_a_page_are_chosen_with_one_box(desk: Visit) -> None:
    one, two = (make_booking(make_member(), room(code), period(9, 10)) for code in "AB")

    chosen = page_of(desk.get(f"{PATH}?on={key(one)}&on={key(two)}&pick={key(one)}"))
    everything = page_of(desk.get(f"{PATH}?on={key(one)}&on={key(two)}&all=1"))

    assert chosen.startswith("Cancel 1 booking?")
    assert everything.startswith("Cancel 2 bookings?")


def test_they_are_cancelled_with_one_reason_and_everybody_hears_it(desk: Visit) -> None:
    bookings = [make_booking(make_member(), room(code), period(9, 10)) for code in "ABC"]
    before = letters()

    answer = desk.post(PATH, [("reason", "Storm"), *(("pick", key(one)) for one in bookings)])

    assert answer.status_code == 200
    assert page_of(answer).startswith("3 bookings cancelled")
    assert states() == ["cancelled"] * 3
    assert claims() == 0
    assert letters() - before == 3
    reasons = select(BookingChange.reason).where(BookingChange.reason != "")
    assert list(db.session.scalars(reasons)) == ["Storm"] * 3


def test_who_has_the_rest_taken_away_reads_why(desk: Visit) -> None:
    running = make_booking(make_member(), room("Dollard"), period(8, 10))

    desk.post(PATH, {"reason": "Storm", "pick": key(running)})

    said = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert said is not None
    assert "Storm" in said.text
    assert "Storm" in said.html


def test_one_that_is_refused_does_not_stop_the_others(desk: Visit) -> None:
    bookings = [make_booking(make_member(), room(code), period(9, 10)) for code in "ABC"]
    picked = [("pick", key(one)) for one in bookings]
    over = bookings[1]
    with unit_of_work():
        row = db.session.get_one(Booking, over.id)
        row.starts_at, row.ends_at = at(6), at(7)

    answer = desk.post(PATH, [("reason", "Storm"), *picked, ("pick", "nothere.1")])
    page = page_of(answer)

    assert page.startswith("2 bookings cancelled 2 were not; they stand as they were.")
    assert "There is no booking nothere." in page
    assert states() == ["cancelled", "confirmed", "cancelled"]


def test_what_somebody_changed_meanwhile_stays_and_says_so(desk: Visit) -> None:
    booking = make_booking(make_member(), room("Hunze"), period(9, 10))
    looked = key(booking)
    desk.post(f"/bookings/{booking.code}/extend", {"minutes": "15", "revision": "1"})

    page = page_of(desk.post(PATH, {"reason": "Storm", "pick": looked}))

    assert "Somebody changed it after you looked. Look at it once more." in page
    assert states() == ["confirmed"]


def test_sending_it_twice_does_it_once_and_says_the_same(desk: Visit) -> None:
    coming = make_booking(make_member(), room("Hunze"), period(9, 10))
    running = make_booking(make_member(), room("Dollard"), period(8, 10))
    form = [("reason", "Storm"), ("pick", key(coming)), ("pick", key(running))]

    first = desk.post(PATH, form)
    after = letters(), len(states())
    second = desk.post(PATH, form)

    assert page_of(first).startswith("2 bookings cancelled")
    assert page_of(second) == page_of(first)
    assert states() == ["cancelled", "released"]
    assert (letters(), len(states())) == after


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "Say why."), ("   ", "Say why."), ("x" * 201, "Use at most 200 characters.")],
)
def test_without_a_reason_the_page_comes_again_and_nothing_is_lost(
    desk: Visit, reason: str, sentence: str
) -> None:
    booking = make_booking(make_member(), room("Hunze"), period(9, 10))

    answer = desk.post(PATH, {"reason": reason, "pick": key(booking)})

    assert answer.status_code == 422
    assert sentence in page_of(answer)
    assert f'name="pick" value="{key(booking)}"' in answer.text
    assert reason.strip() in answer.text
    assert states() == ["confirmed"]


@pytest.mark.parametrize("pick", ["", "x", "'", "%", "abc.", ".1", "abc.-1", "abc.1e3", "🌾.1"])
def test_without_a_booking_nothing_is_done(desk: Visit, pick: str) -> None:
    answer = desk.post(PATH, {"reason": "Storm", "pick": pick})

    assert answer.status_code == 422
    assert "No booking was chosen." in page_of(answer)


def test_members_cancel_no_bookings_of_others(client: FlaskClient, database: None) -> None:
    make_house()
    booking = make_booking(make_member(), room("Hunze"), period(9, 10))
    member = visit(client, make_member())

    assert member.post(PATH, {"reason": "x", "pick": key(booking)}).status_code == 403
    assert states() == [BookingState.CONFIRMED]


def test_the_chosen_ones_are_taken_along(desk: Visit) -> None:
    one = make_booking(make_member(), room("Hunze"), period(9, 10))
    make_booking(make_member(), room("Dollard"), period(9, 10, day=tomorrow()))

    answer = desk.get(f"/staff/bookings.csv?pick={key(one)}")
    rows = list(csv.DictReader(StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))

    assert [row["Place"] for row in rows] == ["Hunze"]
