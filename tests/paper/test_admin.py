"""The day of a floor on paper: who sits where, as only staff may read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from campus.bookings import service
from campus.db import db, unit_of_work
from campus.occupancy import service as occupancy
from campus.occupancy.rules import Owner, OwnerKind
from campus.spaces.models import Closure, Floor, OpeningHours, Space, SpaceKind, SpaceState
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
    make_zone,
    period,
    tomorrow,
)

SHEET = "/staff/day-sheet"
SATURDAY = date(2026, 11, 28)
MOST = 5


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def floor(database: None) -> Floor:
    return make_house()


@pytest.fixture
def desk(client: FlaskClient, floor: Floor) -> Visit:
    return visit(client, make_staff())


def room(code: str = "hunze", **more: Any) -> Space:
    return make_space(code, kind=SpaceKind.MEETING_ROOM, name=code.title(), **more)


def second_floor(floor: Floor) -> Floor:
    with unit_of_work():
        db.session.add(Floor(building_id=floor.building_id, code="2", name="Dijk", level=2))
    return db.session.query(Floor).filter_by(code="2").one()


def rows_of(page: str) -> list[str]:
    """Return the rows of the sheets as text, without the heads that only paper shows."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]*>", " ", row)).split()) for row in rows]


# --- what stands on it ------------------------------------------------------------------------


def test_a_room_says_who_has_it_and_for_what_in_order(desk: Visit) -> None:
    hunze = room()
    terpdata = make_member(make_organisation("Terpdata"), name="Femke Postma")
    make_booking(make_member(make_organisation("Wadlab"), name="Ids Krol"), hunze, period(13, 15))
    make_booking(terpdata, hunze, period(9, 10), title="Roadmap")

    rows = rows_of(desk.get(SHEET).text)

    assert "Hunze 09:00–10:00 Femke Postma Terpdata Roadmap" in rows
    assert (
        rows.index("13:00–15:00 Ids Krol Wadlab")
        == rows.index("Hunze 09:00–10:00 Femke Postma Terpdata Roadmap") + 1
    )


def test_a_room_that_nobody_has_stands_there_and_desks_only_by_number(
    desk: Visit, floor: Floor
) -> None:
    zone = make_zone(floor)
    room()
    first, *_others = (make_space(f"1.0{n}", zone_id=zone.id) for n in (1, 2, 3))
    make_booking(make_member(make_organisation("Fjild"), name="Amira"), first, period(9, 17))

    rows = rows_of(desk.get(SHEET).text)

    assert "Hunze free all day" in rows
    assert "Desks, Open field south free all day: 1.02, 1.03" in rows
    assert "1.01 09:00–17:00 Amira Fjild" in rows


def test_rooms_come_before_booths_and_booths_before_desks(desk: Visit) -> None:
    make_space("1.01")
    make_space("wulp", kind=SpaceKind.PHONE_BOOTH)
    room()

    words = page_of(desk.get(SHEET))

    assert words.index("Meeting rooms") < words.index("Call booths") < words.index("Desks")


def test_times_are_those_people_know_without_what_is_kept_free_around(desk: Visit) -> None:
    hunze = room(buffer_before_minutes=15, buffer_after_minutes=30)
    make_booking(make_member(name="Ids Krol"), hunze, period(9, 10))

    assert "Hunze 09:00–10:00 Ids Krol Terpdata" in rows_of(desk.get(SHEET).text)


def test_a_booking_of_a_combined_room_stands_with_each_of_its_parts(desk: Visit) -> None:
    east, west = room("east"), room("west")
    whole = make_space("whole", name="Whole", kind=SpaceKind.EVENT_SPACE, parts=(east, west))
    make_booking(make_member(name="Ids Krol"), whole, period(9, 10), title="Party")

    rows = rows_of(desk.get(SHEET).text)

    assert "East 09:00–10:00 Ids Krol Terpdata Party (Whole)" in rows
    assert "West 09:00–10:00 Ids Krol Terpdata Party (Whole)" in rows
    assert not [row for row in rows if row.startswith("Whole")]


def test_a_desk_for_several_days_is_on_the_sheet_of_each(desk: Visit) -> None:
    space = make_space("1.01")
    days = period(9, 17)
    make_booking(
        make_member(name="Amira"), space, type(days)(days.starts_at, at(17, day=tomorrow()))
    )

    for day in (DAY, tomorrow()):
        page = desk.get(f"{SHEET}?day={day}").text
        assert [row for row in rows_of(page) if row.startswith("1.01") and "Amira" in row], day


def test_what_was_given_back_ends_when_it_did(desk: Visit) -> None:
    hunze, member = room(buffer_after_minutes=15), make_member(name="Ids Krol")
    booking = make_booking(member, hunze, period(9, 12))
    with unit_of_work():
        service.release(actor=member, booking=db.session.merge(booking), now=at(10, 20))

    assert "Hunze 09:00–10:20 Ids Krol Terpdata" in rows_of(desk.get(SHEET).text)


def test_what_is_closed_says_why_and_counts_as_no_booking(desk: Visit) -> None:
    hunze, when = room(), period(8, 12)
    with unit_of_work():
        closure = Closure(
            space_id=hunze.id, starts_at=when.starts_at, ends_at=None, reason_nl="Verf",
            reason_en="Paint", created_at=NOW,
        )  # fmt: skip
        db.session.add(closure)
        db.session.flush()
        occupancy.claim(
            owner=Owner(OwnerKind.CLOSURE, closure.id),
            spaces=[hunze],
            periods=[type(when)(when.starts_at, None)],
        )

    page = desk.get(SHEET)

    assert "Hunze from 08:00 closed: Paint" in rows_of(page.text)
    assert "Nothing booked on Thu 26 November" in page_of(page)


def test_studios_are_told_with_who_has_them(desk: Visit) -> None:
    make_space("S1", kind=SpaceKind.INCUBATOR_SLOT, tenant="Fjild")
    make_space("S2", kind=SpaceKind.INCUBATOR_SLOT)

    words = page_of(desk.get(SHEET))

    assert "Studios: S1 Fjild" in words
    assert "S2" not in words


def test_a_place_that_is_gone_is_told_only_where_it_was_used(desk: Visit) -> None:
    used, unused = make_space("1.01"), make_space("1.02")
    make_booking(make_member(name="Amira"), used, period(9, 17))
    with unit_of_work():
        for space in (used, unused):
            db.session.merge(space).state = SpaceState.RETIRED
    make_space("1.03", available_from_on=tomorrow())
    make_space("1.04", available_until_on=DAY)

    words = page_of(desk.get(SHEET))

    assert "Amira" in words
    assert not [code for code in ("1.02", "1.03", "1.04") if code in words]


# --- which floor, which day -------------------------------------------------------------------


def test_the_lowest_floor_comes_first_and_each_has_its_own_sheet(
    desk: Visit, floor: Floor
) -> None:
    room("hunze"), room("rottum", floor=second_floor(floor))

    first, second, both = (
        page_of(desk.get(f"{SHEET}{query}")) for query in ("", "?floor=2", "?floor=")
    )

    assert ("Hunze" in first, "Rottum" in first) == (True, False)
    assert ("Hunze" in second, "Rottum" in second) == (False, True)
    assert both.index("Hunze") < both.index("Rottum")


def test_what_lies_on_no_floor_is_told_last_with_all_floors(desk: Visit, floor: Floor) -> None:
    room()
    with unit_of_work():
        db.session.add(
            Space(code="p1", name="P1", kind=SpaceKind.MEETING_ROOM, state=SpaceState.ACTIVE)
        )

    words = page_of(desk.get(f"{SHEET}?floor="))

    assert words.index("Hunze") < words.index("Without a floor") < words.index("P1")


def test_a_day_is_shown_with_its_neighbours(desk: Visit) -> None:
    hunze = room()
    make_booking(make_member(name="Ids Krol"), hunze, period(9, 10, day=tomorrow()))

    today, next_day = desk.get(SHEET).text, desk.get(f"{SHEET}?day={tomorrow()}&floor=1").text

    assert "Ids Krol" not in today
    assert "Ids Krol" in next_day
    assert f'href="/en{SHEET}?day=2026-11-28&amp;floor=1"' in next_day
    assert f'href="/en{SHEET}?day=2026-11-26&amp;floor=1"' in next_day


@pytest.mark.parametrize(
    "day", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31", "-1", "2026-11-26T10:00", "%00"]
)
def test_a_day_that_cannot_be_is_today(desk: Visit, day: str) -> None:
    room()

    answer = desk.get(f"{SHEET}?day={day}&floor=1")

    assert answer.status_code == 200
    assert "Thursday 26 November" in page_of(answer)
    said = [one in page_of(answer) for one in ("There is no such day.", "the next ten years")]
    assert sum(said) == bool(day)


@pytest.mark.parametrize("code", ["3", "x" * 300, "1 ", "%27%3B--", "🦆"])
def test_a_floor_that_is_not_there_is_said_and_the_lowest_shown(
    desk: Visit, floor: Floor, code: str
) -> None:
    hunze = room(floor=floor)

    answer = desk.get(f"{SHEET}?floor={code}")

    assert answer.status_code == 200
    assert "There is no floor called" in page_of(answer)
    assert hunze.name in page_of(answer)


def test_a_closed_day_says_so_and_calls_nothing_free(desk: Visit) -> None:
    hunze = room()
    make_space("1.01")
    with unit_of_work():
        db.session.add(OpeningHours(on_day=tomorrow(), reason_nl="Feest", reason_en="Party"))

    party, saturday = (page_of(desk.get(f"{SHEET}?day={day}")) for day in (tomorrow(), SATURDAY))

    assert "Friday 27 November, closed: Party." in party
    assert "Saturday 28 November, closed." in saturday
    assert "Nothing booked on Fri 27 November" in party
    assert hunze.name not in party
    assert "free all day" not in saturday


def test_a_campus_without_places_says_so(client: FlaskClient, database: None) -> None:
    make_house()
    words = page_of(visit(client, make_staff()).get(SHEET))

    assert "There are no floors with places yet." in words


# --- who reads it, and what it costs ----------------------------------------------------------


def test_only_staff_read_it(client: FlaskClient, floor: Floor) -> None:
    assert client.get(f"/en{SHEET}").status_code == 303
    assert visit(client, make_member()).get(SHEET).status_code == 403


def test_the_menu_of_staff_leads_to_it(desk: Visit) -> None:
    assert f'href="/en{SHEET}"' in desk.get("/staff/today").text


def test_it_asks_the_same_of_the_database_however_much_is_booked(
    desk: Visit, floor: Floor
) -> None:
    hunze = room()
    with statements() as few:
        desk.get(f"{SHEET}?floor=")
    for hour in range(9, 19):
        make_booking(make_member(), hunze, period(hour, hour + 1))
        make_booking(make_member(), make_space(f"1.{hour}"), period(8, 18))
    room("rottum", floor=second_floor(floor))

    with statements() as many:
        desk.get(f"{SHEET}?floor=")

    assert len(few) == len(many) <= MOST


def test_every_day_in_a_row_can_be_shown(desk: Visit) -> None:
    room()

    for number in range(0, 400, 33):
        assert desk.get(f"{SHEET}?day={DAY + timedelta(days=number)}").status_code == 200
