"""Whatever is sent: a page says what happened and what was not done, and keeps the draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from campus.bookings.models import Booking
from campus.db import db, unit_of_work
from campus.spaces.models import OpeningHours, SpaceKind, SpaceState
from tests.bookings.visits import HOURS, SCRIPT, Visit, claims, code_of, page_of, visit, ways_of
from tests.factories import NOW, at, make_house, make_member, make_space


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Thursday 26 November 2026, 08:10; it stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mine(database: None, client: FlaskClient, clock: time_machine.Traveller) -> Visit:
    """A member's browser, on a floor with two desks and a room."""
    make_house()
    make_space("1.32")
    make_space("1.33")
    make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze", capacity=6)
    return visit(client, make_member())


def later(mine: Visit, clock: time_machine.Traveller, day: date) -> Visit:
    """Return the same person's browser at nine on another day, signed in again."""
    clock.move_to(at(9, day=day))
    return visit(mine.client, mine.actor)


def is_refused(answer: TestResponse, *, status: int = 422) -> str:
    """Assert that nothing was booked and the form stands there again; return what it says."""
    words = page_of(answer)
    assert answer.status_code == status, words
    assert 'action="/en/bookings"' in answer.get_data(as_text=True), words
    assert "Traceback" not in words
    assert claims() == 0
    assert db.session.scalars(select(Booking)).all() == []
    return words


# --- what and when ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["9.99", "x" * 41, "' OR 1=1 --", "../1.32", "\uff11.\uff13\uff12", "\x00"]
)
def test_an_unknown_space(mine: Visit, code: str) -> None:
    words = is_refused(mine.book(code))

    assert (
        "There is no place called" in words or "characters" in words or "Choose a place" in words
    )


def test_a_space_in_other_letters_is_the_same_space(mine: Visit) -> None:
    code_of(mine.book("HUNZE", to="10:00"))


def test_a_draft_of_a_space_is_not_there(mine: Visit) -> None:
    make_space("1.99", state=SpaceState.DRAFT)

    assert "There is no place called 1.99" in is_refused(mine.book("1.99"))


def test_a_space_that_is_no_longer_used_is_closed(mine: Visit) -> None:
    make_space("1.98", state=SpaceState.RETIRED)

    is_refused(mine.book("1.98"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": "yesterday"}, "Write the day as year-month-day"),
        ({"day": "2026-13-45"}, "Write the day as year-month-day"),
        ({"day": "26-11-2026"}, "Write the day as year-month-day"),
        ({"day": "2026-11-26T09:00"}, "Write the day as year-month-day"),
        ({"day": "9999-12-31"}, "Choose a day between 2020 and 2100"),
        ({"day": "0001-01-01"}, "Choose a day between 2020 and 2100"),
        ({"until": "9999-12-31"}, "Choose a day between 2020 and 2100"),
        ({"until": "2099-12-31"}, "at most a year"),
        ({"until": "2026-11-25"}, "The last day comes before the first"),
        ({"from": "nine"}, "Write the time as hours:minutes"),
        ({"to": "24:00"}, "Write the time as hours:minutes"),
        ({"to": "08:00"}, "The end must be after the start"),
        ({"to": "09:00"}, "The end must be after the start"),
        ({"from": "09:07"}, "steps of 15 minutes"),
        ({"from": "06:00"}, "it is open from 08:00 to 20:00"),
        ({"to": "22:00"}, "it is open from 08:00 to 20:00"),
        ({"day": "2026-11-28"}, "The campus is closed on Sat 28 November"),
        ({"day": "2026-11-25"}, "That time has passed"),
        ({"day": "2027-11-25"}, "You can book up to 14 days ahead"),
        ({"day": ""}, "Choose a day"),
        ({"from": ""}, "Choose when it starts"),
        ({"to": ""}, "Choose when it ends"),
    ],
)
def test_a_day_or_time_that_cannot_be(mine: Visit, fields: dict[str, str], said: str) -> None:
    assert said in is_refused(mine.book(**fields))


def test_a_holiday_says_which(mine: Visit, clock: time_machine.Traveller) -> None:
    mine = later(mine, clock, date(2026, 12, 21))

    words = is_refused(mine.book(day="2026-12-25"))

    assert "closed on Fri 25 December: Christmas Day" in words


def test_a_holiday_has_a_way_out_that_books(mine: Visit, clock: time_machine.Traveller) -> None:
    mine = later(mine, clock, date(2026, 12, 21))

    action, fields = ways_of(mine.book(day="2026-12-25"))[0]

    assert mine.client.post(action, data=fields).status_code == 303


def test_a_time_that_the_clocks_skip(mine: Visit, clock: time_machine.Traveller) -> None:
    mine = later(mine, clock, date(2027, 3, 26))

    words = is_refused(mine.book(day="2027-03-28", **{"from": "02:30", "to": "05:00"}))

    assert "There is no 02:30 on Sun 28 March: the clocks go forward" in words


def test_a_night_in_october_lasts_its_real_hours(
    mine: Visit, clock: time_machine.Traveller
) -> None:
    mine = later(mine, clock, date(2027, 10, 29))
    always_open()
    night = {"day": "2027-10-31", "from": "00:00", "to": "08:00"}

    words = page_of(answer := mine.book("hunze", **night))

    assert answer.status_code == 422
    assert "One booking takes at most" in words  # nine hours, not eight
    code_of(mine.book("hunze", **{**night, "to": "07:00"}))
    booking = db.session.scalars(select(Booking)).one()
    assert booking.period.length.total_seconds() == 8 * 3600


def always_open() -> None:
    """Open the rooms day and night."""
    with unit_of_work():
        for weekday in range(7):
            db.session.add(
                OpeningHours(
                    kind=SpaceKind.MEETING_ROOM, weekday=weekday, opens=time(0), closes=time(0)
                )
            )


# --- words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u200b\u200b", ""),
        ("\u202egnitteem", "gnitteem"),
        ("Sprint\r\nBcc: x@y.example", "Sprint Bcc: x@y.example"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        ("Überleg 🌾", "Überleg 🌾"),
        ("  veel   wit  ", "veel wit"),
    ],
    ids=["zero width", "right to left", "two lines", "markup", "template", "letters", "white"],
)
def test_a_title_is_kept_as_it_can_be_seen(mine: Visit, typed: str, kept: str) -> None:
    code = code_of(mine.book("hunze", title=typed, to="10:00"))

    assert db.session.scalars(select(Booking.title)).one() == kept
    page = mine.get(f"/bookings/{code}")
    assert page.status_code == 200
    assert "<script>alert" not in page.get_data(as_text=True)
    assert mine.get(f"/bookings/{code}.ics").status_code == 200


def test_a_title_that_is_too_long_is_refused_and_stays_in_the_form(mine: Visit) -> None:
    long = "x" * 201

    answer = mine.book("hunze", title=long)

    assert "Use at most 200 characters" in is_refused(answer)
    assert f'value="{long}"' in answer.get_data(as_text=True)


def test_a_note_that_is_too_long_is_refused(mine: Visit) -> None:
    assert "Use at most 1000 characters" in is_refused(mine.book("hunze", note="x" * 1001))


def test_a_reason_that_is_too_long_is_refused_and_nothing_is_cancelled(mine: Visit) -> None:
    code = code_of(mine.book())

    answer = mine.post(f"/bookings/{code}/cancel", {"reason": "x" * 201})

    assert answer.status_code == 422
    assert "Use at most 200 characters" in page_of(answer)
    assert claims() == 1


# --- keys and fields --------------------------------------------------------------------------


def test_of_a_field_sent_twice_the_first_counts(mine: Visit) -> None:
    fields = [("space", "1.32"), ("space", "1.33"), ("idem", "first-key"), ("idem", "other-key")]

    code_of(mine.post("/bookings", [*fields, *HOURS.items(), ("day", "2026-11-27")]))

    booking = db.session.scalars(select(Booking)).one()
    assert (booking.space.code, booking.starts_at, booking.idem) == ("1.32", at(9), "first-key")


def test_of_a_query_sent_twice_the_first_counts(mine: Visit) -> None:
    html = mine.get("/bookings/new?space=1.32&space=1.33&day=2026-11-26&day=x").get_data(
        as_text=True
    )

    assert "Book desk 1.32" in html
    assert 'value="2026-11-26"' in html


@pytest.mark.parametrize(
    "query",
    [
        "?day=nonsense",
        "?day=9999-12-31&from=25:00&to=x",
        "?space=9.99",
        "?space=%00",
        "?any=castle",
        "?any=desk&people=-1",
        "?title=" + "x" * 300,
        "?carry=forged",
        "?idem=x",
        "?space[]=1.32&day[0]=x",
    ],
)
def test_an_address_full_of_nonsense_shows_the_form(mine: Visit, query: str) -> None:
    answer = mine.get(f"/bookings/new{query}")

    assert answer.status_code == 200
    assert 'action="/en/bookings"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "name", ["endpoint", "_scheme", "_anchor", "_method", "_external", "lang", "values", "self"]
)
@pytest.mark.parametrize("headers", [{}, SCRIPT], ids=["page", "script"])
def test_a_field_of_any_name_changes_no_address(
    mine: Visit, name: str, headers: dict[str, str]
) -> None:
    for words in ({}, {"title": "Sprint"}):
        sent = {"space": "1.32", "day": "x", name: "elsewhere", **words}

        answer = mine.post("/bookings", sent, headers=headers)

        assert answer.status_code == 422
        assert "elsewhere" not in answer.get_data(as_text=True)


def test_an_empty_form_says_all_that_is_missing(mine: Visit) -> None:
    words = is_refused(mine.post("/bookings"))

    for said in ("Choose a place", "Choose a day", "Choose when it starts", "Choose when it ends"):
        assert said in words


def test_without_the_token_of_the_page_nothing_happens(mine: Visit) -> None:
    answer = mine.client.post("/en/bookings", data={"space": "1.32", "idem": "a-key-00", **HOURS})

    assert answer.status_code == 400
    assert claims() == 0


# --- somebody's booking -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["nosuchcode", "x", "x" * 200, "%00", "new.ics", "..", "ABCDEFGHJK"]
)
def test_a_booking_that_is_not_there(mine: Visit, code: str) -> None:
    assert mine.get(f"/bookings/{code}").status_code == 404
    assert mine.post(f"/bookings/{code}/cancel").status_code == 404


@pytest.mark.parametrize("minutes", ["", "0", "-15", "7", "lots", "99999", "1000"])
def test_an_odd_length_of_time_changes_nothing(mine: Visit, minutes: str) -> None:
    code = code_of(mine.book())

    answer = mine.post(f"/bookings/{code}/extend", {"minutes": minutes, "revision": "1"})

    assert answer.status_code == 422
    assert 'id="refusal"' in answer.get_data(as_text=True)
    assert mine.booking().ends_at == at(17, 30)


def test_a_second_tab_that_knows_less_changes_nothing(mine: Visit) -> None:
    code = code_of(mine.book())
    mine.post(f"/bookings/{code}/cancel")

    answers = [
        mine.post(f"/bookings/{code}/extend", {"minutes": "15", "revision": "1"}),
        mine.post(f"/bookings/{code}/release"),
        mine.post(f"/bookings/{code}/change", {"space": "1.33", **HOURS, "revision": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert all("This booking has been given back already" in page_of(one) for one in answers)
    assert claims() == 0


def test_a_booking_that_is_over_cannot_be_changed(
    mine: Visit, clock: time_machine.Traveller
) -> None:
    code = code_of(mine.book(to="10:00"))
    clock.move_to(at(11))

    answer = mine.post(f"/bookings/{code}/extend", {"minutes": "15", "revision": "1"})

    assert answer.status_code == 409
    assert "This booking is over" in page_of(answer)


def test_a_running_booking_keeps_its_place_and_start(
    mine: Visit, clock: time_machine.Traveller
) -> None:
    code = code_of(mine.book())
    clock.move_to(at(12))

    answer = mine.post(f"/bookings/{code}/change", {"space": "1.33", **HOURS, "revision": "1"})

    assert answer.status_code == 422
    assert "It has started" in page_of(answer)
    assert mine.booking().space.code == "1.32"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"space": "9.99"}, "There is no place called 9.99"),
        ({"day": "nonsense"}, "Write the day as year-month-day"),
        ({"to": "08:00"}, "The end must be after the start"),
        ({"title": "x" * 201}, "Use at most 200 characters"),
        ({"revision": ""}, "This form is incomplete"),
        ({"revision": "x"}, "Write a whole number"),
        ({"day": "2026-11-28"}, "The campus is closed"),
    ],
)
def test_a_change_that_cannot_be_keeps_the_booking_and_the_draft(
    mine: Visit, more: dict[str, str], said: str
) -> None:
    code = code_of(mine.book())

    answer = mine.post(
        f"/bookings/{code}/change", {"space": "1.33", **HOURS, "revision": "1", **more}
    )

    assert answer.status_code == 422
    assert said in page_of(answer)
    assert f'action="/en/bookings/{code}/change"' in answer.get_data(as_text=True)
    assert (mine.booking().space.code, mine.booking().revision) == ("1.32", 1)


def test_another_revision_than_there_ever_was(mine: Visit) -> None:
    code = code_of(mine.book())

    answer = mine.post(f"/bookings/{code}/change", {"space": "1.33", **HOURS, "revision": "9"})

    assert answer.status_code == 409
    assert mine.booking().space.code == "1.32"


def test_an_address_in_a_language_the_campus_does_not_speak(mine: Visit) -> None:
    assert mine.client.get("/de/bookings/new").status_code == 404
    assert mine.client.post("/de/bookings", data={"csrf_token": mine.token}).status_code == 404


# --- a database that will not -----------------------------------------------------------------


@pytest.fixture
def read_only(mine: Visit) -> Iterator[None]:
    """A database that can be read and not written."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    shut = "PRAGMA query_only = ON" if is_sqlite else "SET default_transaction_read_only = on"
    open_again = (
        "PRAGMA query_only = OFF" if is_sqlite else "SET default_transaction_read_only = off"
    )

    def checkout(connection: Any, *_rest: Any) -> None:
        run(connection, shut)

    def checkin(connection: Any, *_rest: Any) -> None:
        if connection is not None:
            run(connection, open_again)

    db.session.rollback()
    event.listen(db.engine, "checkout", checkout)
    event.listen(db.engine, "checkin", checkin)
    yield
    db.session.rollback()
    event.remove(db.engine, "checkout", checkout)
    event.remove(db.engine, "checkin", checkin)


def run(connection: Any, statement: str) -> None:
    """Run a statement on a driver's own connection, and leave no transaction open."""
    cursor = connection.cursor()
    cursor.execute(statement)
    cursor.close()
    if hasattr(connection, "autocommit"):
        connection.commit()


def test_a_database_that_can_only_be_read_loses_no_draft(mine: Visit, read_only: None) -> None:
    answer = mine.book("hunze", title="Sprint", to="10:00")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Nothing was changed" in page_of(answer)
    html = answer.get_data(as_text=True)
    assert 'value="Sprint"' in html
    assert 'value="first-key"' in html
