"""The front desk's day: who comes, which rooms change, what is closed, booking for somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask.testing import FlaskClient

from campus.clock import Period
from campus.db import db, unit_of_work
from campus.members.models import Person
from campus.occupancy import service as occupancy
from campus.occupancy.rules import Owner, OwnerKind
from campus.spaces.models import Closure, OpeningHours, Space, SpaceKind
from tests.bookings.visits import Visit, page_of, statements, visit
from tests.factories import (
    DAY,
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_space,
    make_staff,
    period,
    tomorrow,
)

MOST = 10


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client: FlaskClient, database: None) -> Visit:
    make_house()
    return visit(client, make_staff())


def room(code: str = "Hunze") -> Space:
    return make_space(code, kind=SpaceKind.MEETING_ROOM)


def close(space: Space, when: Period, **more: str) -> None:
    with unit_of_work():
        closure = Closure(
            space_id=space.id,
            starts_at=when.starts_at,
            ends_at=when.ends_at,
            created_at=NOW,
            **more,
        )
        db.session.add(closure)
        db.session.flush()
        owner = Owner(OwnerKind.CLOSURE, closure.id)
        occupancy.claim(owner=owner, spaces=[db.session.merge(space)], periods=[when])


def test_the_head_counts_the_day(desk: Visit) -> None:
    for _ in range(3):
        make_space()
    make_booking(make_member(), make_space(), period(8, 12))
    make_booking(make_member(), make_space(), period(9, 12))
    member = make_member()
    make_booking(member, room("Hunze"), period(10, 11))
    make_booking(member, room("Dollard"), period(12, 13))

    page = page_of(desk.get("/staff/today"))

    assert page.startswith("Thursday 26 November Open until 20:00.")
    assert "1 of 5 desks taken. 2 people still to come. Now 08:10" in page


@pytest.mark.parametrize(
    ("now", "words"),
    [(at(7), "Opens at 08:00."), (at(20), "Closed since 20:00.")],
)
def test_the_head_says_whether_it_is_open(
    client: FlaskClient, database: None, now: datetime, words: str
) -> None:
    make_house()

    with time_machine.travel(now, tick=False):
        assert words in page_of(visit(client, make_staff()).get("/staff/today"))


def test_a_closed_day_says_why(desk: Visit) -> None:
    with unit_of_work():
        db.session.add(OpeningHours(on_day=DAY, reason_nl="Storm", reason_en="Gale"))

    assert "Closed today: Gale." in page_of(desk.get("/staff/today"))


def test_on_a_closed_day_no_room_is_free_and_nobody_comes(desk: Visit) -> None:
    room()
    assert "empty now free" in page_of(desk.get("/staff/today"))
    with unit_of_work():
        db.session.add(OpeningHours(on_day=DAY, reason_nl="Storm", reason_en="Gale"))

    words = page_of(desk.get("/staff/today"))

    assert "empty now closed" in words
    assert 'class="off s0 l48"' in desk.get("/staff/today").text
    assert "Nobody is still to come." in words


# --- who comes --------------------------------------------------------------------------------


def test_who_comes_next_stands_first_and_leads_to_the_booking(desk: Visit) -> None:
    organisation = make_organisation("Terpdata")
    late = make_booking(
        make_member(organisation, name="Amira"), make_space("2.04"), period(13, 17)
    )
    early = make_booking(
        make_member(organisation, name="Jelle"), make_space("1.17"), period(9, 17)
    )
    make_booking(make_member(name="Here"), make_space("1.18"), period(8, 17))

    answer = desk.get("/staff/today")
    page = page_of(answer)

    assert "09:00 Jelle Terpdata, Desk 1.17, until 17:00" in page
    assert page.index("Jelle") < page.index("Amira")
    assert "Here" not in page
    assert f'href="/en/bookings/{late.code}"' in answer.text
    assert desk.get(f"/bookings/{early.code}").status_code == 200


def test_the_whole_day_is_one_link_away(desk: Visit) -> None:
    for number in range(12):
        make_booking(make_member(name=f"Member {number:02}"), make_space(), period(9, 17))
    make_booking(make_member(name="Here already"), make_space(), period(8, 17))

    short, whole = page_of(desk.get("/staff/today")), page_of(desk.get("/staff/today?all=1"))

    assert "Member 07" in short
    assert "Member 08" not in short
    assert "The whole day, 13 bookings" in short
    assert "Member 11" in whole
    assert "Here already" in whole


def test_a_cancelled_booking_is_not_expected(desk: Visit) -> None:
    booking = make_booking(make_member(name="Jelle"), make_space(), period(9, 17))
    desk.post(f"/bookings/{booking.code}/cancel")

    page = page_of(desk.get("/staff/today"))

    assert "Jelle" not in page
    assert "Nothing booked today." in page


# --- rooms ------------------------------------------------------------------------------------


def rooms_of(page: str) -> list[str]:
    """Return the rooms in their order, each with its words."""
    inside = page.partition('<ul class="chg"')[2].partition("</ul>")[0]
    rows = [re.sub(r"<[^>]*>", " ", f"<{row}") for row in inside.split("<li")[1:]]
    return [" ".join(row.split()) for row in rows]


def test_rooms_stand_by_what_changes_soonest(desk: Visit) -> None:
    organisation = make_organisation("Terpdata")
    member = make_member(organisation)
    make_booking(member, room("Reitdiep"), period(8, 9), title="Stand-up")
    make_booking(member, room("Hunze"), Period(at(8, 30), at(10)), title="Roadmap")
    make_booking(member, room("Schier"), period(15, 16))
    room("Vlie")

    rows = rooms_of(desk.get("/staff/today").text)

    assert rows == [
        "Hunze Roadmap, Terpdata 08:30 empty now in 20 min",
        "Reitdiep Free at 09:00 Stand-up, Terpdata in 50 min",
        "Schier Terpdata 15:00 empty now free",
        "Vlie Nothing more today empty now free",
    ]


def test_who_follows_in_a_room_is_said(desk: Visit) -> None:
    hunze = room()
    make_booking(make_member(), hunze, period(8, 9))
    make_booking(make_member(), hunze, period(11, 12))

    assert "next 11:00" in rooms_of(desk.get("/staff/today").text)[0]


def test_a_room_that_is_handed_over_is_not_called_free(desk: Visit) -> None:
    hunze = room()
    make_booking(make_member(make_organisation("Fjild")), hunze, period(8, 9))
    make_booking(make_member(make_organisation("Veenlab")), hunze, period(9, 10))

    rows = rooms_of(desk.get("/staff/today").text)

    assert rows == ["Hunze Veenlab 09:00 until then Fjild in 50 min"]


def test_times_are_those_people_know_and_not_the_buffers(desk: Visit) -> None:
    hall = make_space(
        "Diep", kind=SpaceKind.EVENT_SPACE, buffer_before_minutes=30, buffer_after_minutes=30
    )
    make_booking(make_member(make_organisation("Fjild")), hall, period(9, 10))

    assert rooms_of(desk.get("/staff/today").text) == ["Diep Fjild 09:00 empty now in 50 min"]


def test_a_booking_of_a_combined_room_shows_on_its_parts(desk: Visit) -> None:
    east, west = room("East"), room("West")
    whole = make_space("Whole", kind=SpaceKind.EVENT_SPACE, parts=(east, west))
    make_booking(make_member(make_organisation("Fjild")), whole, period(9, 10))

    rows = rooms_of(desk.get("/staff/today").text)

    assert rows == [f"{name} Fjild 09:00 empty now in 50 min" for name in ("East", "West")]


def test_more_rooms_than_a_screen_holds_are_named_below(desk: Visit) -> None:
    for number in range(11):
        room(f"Room {number:02}")

    answer = desk.get("/staff/today")

    assert len(rooms_of(answer.text)) == 8
    assert "Later or not at all: Room 08 , Room 09 , Room 10" in page_of(answer)


# --- closed -----------------------------------------------------------------------------------


def test_what_is_closed_today_says_why_and_until_when(desk: Visit) -> None:
    close(room("Vlie"), period(8, 12), reason_nl="Ventilatie", reason_en="Air handling")
    close(room("Ameland"), Period(at(7), None))
    close(room("Rottum"), period(8, 12, day=tomorrow()))

    page = page_of(desk.get("/staff/today"))

    assert "Vlie Air handling, until Thu 26 November 12:00" in page
    assert "Ameland until further notice" in page
    assert "Rottum" not in page.partition("Closed today")[2]


def test_a_closed_room_says_closed_among_the_rooms(desk: Visit) -> None:
    close(room("Vlie"), period(8, 12))
    close(room("Ameland"), Period(at(7), None))

    rows = rooms_of(desk.get("/staff/today").text)

    assert "Vlie Free at 12:00 closed taken" in rows
    assert "Ameland Closed closed taken" in rows


# --- booking for somebody ---------------------------------------------------------------------


def test_a_member_is_found_and_booked_for(desk: Visit) -> None:
    make_space("1.32")
    femke = make_member(make_organisation("Terpdata"), name="Femke Postma")

    answer = desk.get("/staff/today?q=femke")
    way = answer.text.partition('href="/en/book?for=')[2].partition('"')[0]
    form = desk.get(f"/bookings/new?for={way}&space=1.32&day=2026-11-26&from=09:00&to=17:00")
    booked = desk.book(**{"for": femke.email})

    assert f"Femke Postma Terpdata, {femke.email}" in page_of(answer)
    assert way
    assert "@" not in way  # an address says no address of a person
    assert f'name="for" type="email" value="{femke.email}"' in form.text
    assert booked.status_code == 303
    assert "09:00 Femke Postma Terpdata, Desk 1.32" in page_of(desk.get("/staff/today"))


def test_a_search_keeps_what_was_typed_and_says_when_nobody_is_found(desk: Visit) -> None:
    answer = desk.get("/staff/today?q=%3Cb%3Enobody")

    assert "Nobody here goes by “<b>nobody”" in page_of(answer)
    assert 'value="&lt;b&gt;nobody"' in answer.text


def test_somebody_who_left_is_not_found(desk: Visit) -> None:
    gone = make_member(name="Femke Postma")
    with unit_of_work():
        db.session.get_one(Person, gone.person_id).active = False

    assert "Nobody here goes by" in page_of(desk.get("/staff/today?q=femke"))


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "'", "x" * 3000, "%00", "%E2%80%8B"])
def test_odd_searches_have_an_answer(desk: Visit, words: str) -> None:
    assert desk.get(f"/staff/today?q={words}").status_code == 200


# --- the page itself --------------------------------------------------------------------------


def test_the_page_renews_itself_with_and_without_a_script(desk: Visit) -> None:
    page = desk.get("/staff/today?q=fem").text

    assert re.search(r'<noscript>\s*<meta http-equiv="refresh" content="60">\s*</noscript>', page)
    assert 'hx-get="/en/staff/today?q=fem"' in page
    assert 'hx-trigger="every 20s"' in page
    assert "hx-morph-skip" in page


def test_the_page_asks_the_same_of_the_database_however_much_is_booked(desk: Visit) -> None:
    make_booking(make_member(), make_space(), period(9, 17))
    make_booking(make_member(), room(), period(9, 10))
    with statements() as few:
        desk.get("/staff/today?all=1&q=femke")
    for number in range(15):
        make_booking(make_member(), make_space(), period(9, 17))
        make_booking(make_member(), room(f"Room {number}"), period(9, 10))

    with statements() as many:
        desk.get("/staff/today?all=1&q=femke")

    assert len(few) == len(many) <= MOST


def test_a_members_booking_leads_staff_back_to_the_bookings_and_their_own_does_not(
    client: FlaskClient, database: None
) -> None:
    make_house()
    me = make_staff()
    theirs = make_booking(make_member(), room(), period(9, 10)).code
    own = make_booking(me, room("Fivel"), period(9, 10)).code
    staff = visit(client, me)
    back = re.compile(r'class="small"\s+href="/en/staff/bookings"')

    assert back.search(staff.get(f"/bookings/{theirs}").text)
    assert not back.search(staff.get(f"/bookings/{own}").text)
