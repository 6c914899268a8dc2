"""The day of rooms and the week of one, as somebody sees them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event

from campus import clock
from campus.bookings import service
from campus.bookings.models import Asked
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.members.models import Actor, Organisation
from campus.occupancy import service as occupancy
from campus.occupancy.rules import Owner, OwnerKind, Shown
from campus.spaces.models import (
    Audience,
    Closure,
    Feature,
    FeatureGroup,
    OpeningHours,
    Space,
    SpaceFeature,
    SpaceKind,
    SpaceState,
)
from campus.timeline import queries
from tests.factories import (
    DAY,
    NOW,
    at,
    csrf_token,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_space,
    make_staff,
    period,
    sign_in,
    tomorrow,
)
from tests.finder.seen import Seen, look

ROOM = SpaceKind.MEETING_ROOM
SATURDAY = DAY + timedelta(days=2)


@pytest.fixture(autouse=True)
def frozen(database: None) -> Iterator[None]:
    """A house on the test's day at ten past eight."""
    with time_machine.travel(NOW, tick=False):
        make_house()
        yield


@contextmanager
def counted() -> Iterator[list[str]]:
    """Count the questions that reach the database."""
    asked: list[str] = []

    def note(*args: object) -> None:
        if not str(args[2]).startswith("BEGIN"):
            asked.append(str(args[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def make_room(code: str = "hunze", **more: Any) -> Space:
    return make_space(code, kind=ROOM, name=code.capitalize(), capacity=6, **more)


def make_member_signed_in(client: FlaskClient, organisation: Organisation | None = None) -> Actor:
    member = make_member(organisation)
    sign_in(client, member)
    return member


def close(space: Space, when: Period, *, reason: str = "", is_public: bool = True) -> None:
    """Take a space out of use."""
    with unit_of_work():
        closure = Closure(
            space_id=space.id, starts_at=when.starts_at, ends_at=when.ends_at, created_at=NOW
        )
        db.session.add(closure)
        db.session.flush()
        occupancy.claim(
            owner=Owner(OwnerKind.CLOSURE, closure.id),
            spaces=[db.session.merge(space)],
            periods=[when],
            shown=Shown(title_nl=reason, title_en=reason, is_public=is_public),
        )


def rooms(client: FlaskClient, query: str = "", **more: str) -> Seen:
    return look(client, query, path="rooms", **more)


def gaps(seen: Seen) -> list[str]:
    """Return what hears of every gap."""
    return [one["aria-label"] for one in seen.all("a", **{"class": "p free"})]


def blocks(seen: Seen, tone: str) -> list[str]:
    """Return what hears of the blocks of a look that lead somewhere."""
    return [one["aria-label"] for one in seen.all("a", **{"class": f"p {tone}"})]


def taken(seen: Seen) -> list[str]:
    """Return what hears of the blocks that lead nowhere."""
    return [one["aria-label"] for one in seen.all("div", role="gridcell") if "aria-label" in one]


# --- the day ----------------------------------------------------------------------------------


def test_the_day_has_a_row_for_each_room_and_a_link_in_every_gap(client: FlaskClient) -> None:
    room = make_room()
    make_space("1.32")
    make_booking(make_member(), room, period(10, 12))

    seen = rooms(client)

    assert [one["id"] for one in seen.all("div", role="row") if "id" in one] == ["r-hunze"]
    assert gaps(seen) == [
        "free until 10:00, Hunze, 08:00–10:00",
        "free from 12:00, Hunze, 12:00–20:00",
    ]
    assert seen.all("a", **{"class": "p free"})[1]["href"] == (
        f"/en/bookings/new?space=hunze&day={DAY}&from=12:00&to=13:00"
    )
    assert taken(seen) == ["taken, Hunze, 10:00–12:00"]


def test_a_gap_leads_to_a_form_that_books_it(client: FlaskClient) -> None:
    make_room()
    make_member_signed_in(client)
    href = rooms(client).all("a", **{"class": "p free"})[0]["href"]

    form = client.get(href).get_data(as_text=True)

    assert 'value="hunze"' in form
    assert "<option selected>08:00</option>" in form


def test_titles_are_for_their_organisation_and_for_staff(client: FlaskClient) -> None:
    room, ours = make_room(), make_organisation("Terpdata")
    make_booking(make_member(ours, name="Amira Bakker"), room, period(10, 12), title="Geheim plan")
    make_booking(make_member(make_organisation("Veenlab")), room, period(14, 15), title="Anders")

    visitor = rooms(client)
    make_member_signed_in(client, ours)
    colleague = rooms(client)
    client.delete_cookie("session")
    sign_in(client, make_staff())
    staff = rooms(client)

    assert "Geheim" not in visitor.page
    assert "Terpdata" not in visitor.page
    assert blocks(colleague, "org") == ["Geheim plan, Terpdata, Hunze, 10:00–12:00"]
    assert colleague.page.count('<i class="org ') == 1  # in the list of a phone as well
    assert visitor.page.count('<i class="org ') == 0
    assert "Anders" not in colleague.page
    assert "Veenlab" not in colleague.page
    assert blocks(staff, "other") == [
        "Geheim plan, Terpdata, Hunze, 10:00–12:00",
        "Anders, Veenlab, Hunze, 14:00–15:00",
    ]


def test_an_organisation_that_shows_its_titles_is_read_by_all_but_leads_nowhere(
    client: FlaskClient,
) -> None:
    shown = make_organisation("Hunze Health", shows_titles=True)
    make_booking(make_member(shown), make_room(), period(10, 12), title="Sprintreview")

    seen = rooms(client)

    assert taken(seen) == ["Sprintreview, Hunze Health, Hunze, 10:00–12:00"]
    assert blocks(seen, "other") == []


def test_one_s_own_booking_can_be_moved_by_a_script_and_a_colleague_s_cannot(
    client: FlaskClient,
) -> None:
    room, ours = make_room(), make_organisation()
    me = make_member_signed_in(client, ours)
    booking = make_booking(me, room, period(10, 12), title="Roadmap")
    make_booking(make_member(ours, name="Amira Bakker"), room, period(13, 14))

    seen = rooms(client)

    [mine] = seen.all("a", **{"class": "p mine"})
    [other] = seen.all("a", **{"class": "p org"})
    assert mine["data-g"] == f"120 240 {booking.code} 1"
    assert "data-g" not in other


def test_what_is_over_can_no_longer_be_booked_or_moved(client: FlaskClient) -> None:
    me = make_member_signed_in(client)
    make_booking(me, make_room(), period(9, 10))

    with time_machine.travel(at(10, 38), tick=False):
        seen = rooms(client)

    [mine] = seen.all("a", **{"class": "p mine"})
    assert "data-g" not in mine
    assert gaps(seen) == ["free from 10:30, Hunze, 10:30–20:00"]
    assert "10:38" in seen.words


def test_buffers_are_no_gap_and_the_booking_is_shown_as_people_see_it(client: FlaskClient) -> None:
    room = make_room(buffer_before_minutes=15, buffer_after_minutes=30)
    make_booking(make_member(), room, period(11, 12))

    seen = rooms(client)

    assert taken(seen) == ["taken, Hunze, 11:00–12:00"]
    assert gaps(seen) == [
        "free until 10:15, Hunze, 08:00–10:15",
        "free from 12:45, Hunze, 12:45–20:00",
    ]


def test_a_closure_says_why_where_that_is_public(client: FlaskClient) -> None:
    close(make_room("hunze"), Period(at(6), None), reason="Onderhoud")
    close(make_room("vlie"), period(9, 10), reason="Lek bij de buren", is_public=False)

    seen = rooms(client)

    assert "Onderhoud, Hunze, 08:00–20:00" in taken(seen)
    assert "out of use, Vlie, 09:00–10:00" in taken(seen)
    assert "Lek" not in seen.page


def test_a_closure_of_a_part_of_the_day_is_told_on_a_phone_as_well(client: FlaskClient) -> None:
    close(make_room("hunze"), period(9, 12), reason="Onderhoud")
    close(make_room("vlie"), Period(at(6), None), reason="Lekkage")

    narrow = rooms(client).words.partition("Rooms by the quarter")[2] or rooms(client).words

    assert narrow.count("09:00–12:00 Onderhoud") >= 1
    assert "08:00–20:00 Lekkage" not in narrow


def test_a_closure_at_night_is_not_told_of_the_day(client: FlaskClient) -> None:
    close(make_room("hunze"), Period(at(22), at(23)), reason="Onderhoud")

    assert "Onderhoud" not in rooms(client).words


def test_a_day_that_is_too_far_ahead_for_a_kind_says_from_when_on(client: FlaskClient) -> None:
    make_space("vink", kind=SpaceKind.PHONE_BOOTH, name="Vink")
    make_room("hunze")

    near, far = (rooms(client, f"?day={day}") for day in ("2026-12-03", "2026-12-04"))

    words = "to be booked from Fri 27 November"
    assert f"{words}, Vink, 08:00–20:00" in taken(far)
    assert [one for one in gaps(far) if "Vink" in one] == []
    assert [one for one in gaps(far) if "Hunze" in one]
    assert [one for one in gaps(near) if "Vink" in one]
    assert words not in near.words


def test_how_many_rooms_are_free_is_told_also_of_those_not_shown(client: FlaskClient) -> None:
    for number in range(14):
        make_room(f"room-{number}")

    seen = rooms(client, "?free=30")

    assert "14 rooms are free now the best 12 of them" in seen.words
    shown = seen.page[seen.page.index('id="free"') : seen.page.index('id="scroll"')]
    assert shown.count("space=room-") == 12


def test_a_booking_over_midnight_is_on_both_days(client: FlaskClient) -> None:
    staff, room = make_staff(), make_room()
    night = Period(at(18), at(2, day=tomorrow()))
    with unit_of_work():
        asked = Asked(space=db.session.merge(room), period=night, anyway=True)
        service.book(actor=staff, asked=asked, now=NOW, idem="night-shift-1")

    assert "taken, Hunze, 18:00–00:00" in taken(rooms(client))
    assert "taken, Hunze, 00:00–02:00" in taken(rooms(client, f"?day={tomorrow()}"))


def test_a_desk_for_several_days_is_taken_on_each_and_not_moved_here(client: FlaskClient) -> None:
    desk, me = make_space("1.32"), make_member_signed_in(client)
    make_booking(me, desk, Period(at(9), at(17, day=tomorrow())))

    for day in (DAY, tomorrow()):
        [mine] = rooms(client, f"?kind=desk&day={day}").all("a", **{"class": "p mine"})
        assert "data-g" not in mine


def test_a_combined_room_is_taken_where_a_part_of_it_is(client: FlaskClient) -> None:
    west, east = make_room("west"), make_room("east")
    whole = make_room("hall", parts=(west, east))
    make_booking(make_member(name="A B"), west, period(9, 10))
    make_booking(make_member(name="C D"), whole, period(11, 12))

    seen = rooms(client)

    assert sorted(taken(seen)) == [
        "taken, East, 11:00–12:00",
        "taken, Hall, 09:00–10:00",
        "taken, Hall, 11:00–12:00",
        "taken, West, 09:00–10:00",
        "taken, West, 11:00–12:00",
    ]


# --- which day --------------------------------------------------------------------------------


def test_a_closed_day_says_so_and_leads_to_the_next_open_one(client: FlaskClient) -> None:
    make_room()

    seen = rooms(client, f"?day={SATURDAY}")

    assert "The campus is closed on Sat 28 November." in seen.words
    assert gaps(seen) == []
    assert seen.all("a", id="later")[0]["href"].endswith(f"day={DAY + timedelta(days=4)}")
    assert seen.all("a", id="earlier")[0]["href"].endswith(f"day={tomorrow()}")


def test_a_holiday_gives_its_reason(client: FlaskClient) -> None:
    make_room()

    assert "closed on Fri 25 December: Christmas" in rooms(client, "?day=2026-12-25").words


def test_a_page_left_open_over_midnight_keeps_its_day_and_says_it_is_over(
    client: FlaskClient,
) -> None:
    make_room()
    [page] = rooms(client).all("div", id="rooms")
    live = page["data-live"].partition("?")[2]

    with time_machine.travel(at(0, 5, day=tomorrow()), tick=False):
        seen = rooms(client, f"?{live}", **{"HX-Request": "true", "X-Poll": "1"})

    assert "This day is over; today is Fri 27 November." in seen.words
    assert "Rooms, Thursday 26 November" in seen.words
    assert gaps(seen) == []
    assert seen.all("a", id="now")[0]["href"] == "/en/rooms"


@pytest.mark.parametrize(
    "query",
    [
        "?day=2026-02-30", "?day=nonsense", "?day=0001-01-01", "?day=9999-12-31", "?kind=boat",
        "?floor=99", "?has=jacuzzi", "?people=-3", "?people=²", "?free=forever", "?day=&kind=",
        "?day=2026-11-26&day=x", "?free=30&day=2026-12-24", "?kind=all", "?kind=parking",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_said_or_left_out_and_the_page_comes(
    client: FlaskClient, query: str
) -> None:
    make_room()

    assert "Rooms," in rooms(client, query).words


def test_free_now_on_another_day_is_today_and_says_so(client: FlaskClient) -> None:
    make_room()

    other, this = rooms(client, "?free=30&day=2026-12-24"), rooms(client, "?free=30")

    assert "What is free now can be asked of today only; this is today." in other.words
    assert "can be asked of today only" not in this.words


def test_too_far_ahead_says_how_far_and_offers_nothing(client: FlaskClient) -> None:
    make_room()

    seen = rooms(client, "?day=2027-03-10")

    assert "You can book up to 60 days ahead, until Mon 25 January 2027." in seen.words
    assert gaps(seen) == []


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2027-03-28", 23)])
def test_a_night_in_which_the_clocks_change_has_its_own_hours(
    client: FlaskClient, day: str, hours: int
) -> None:
    make_room()
    on = date.fromisoformat(day)
    with unit_of_work():
        db.session.add(OpeningHours(on_day=on, opens=time(0), closes=time(0)))
    with time_machine.travel(clock.wall(on, time(0)) - timedelta(hours=2), tick=False):
        seen = rooms(client, f"?day={day}")

    [grid] = seen.all("div", role="grid")
    times = grid["data-times"].split()
    assert len(times) == hours * 4 + 1
    assert sum(one.endswith("*") for one in times) == (4 if hours == 25 else 0)


# --- which rooms ------------------------------------------------------------------------------


def test_rooms_are_chosen_by_kind_floor_size_and_wish(client: FlaskClient) -> None:
    make_room("hunze")
    large, desk = make_space("dollard", kind=ROOM, capacity=12), make_space("1.32")
    make_space("vink", kind=SpaceKind.PHONE_BOOTH)
    make_wish("screen", large)

    def shown(query: str) -> set[str]:
        return {
            one["id"][2:] for one in rooms(client, query).all("div", role="row") if "id" in one
        }

    assert shown("") == {"hunze", "dollard", "vink"}
    assert shown("?kind=meeting_room") == {"hunze", "dollard"}
    assert shown("?kind=desk") == {desk.code}
    assert shown("?kind=all") == {"hunze", "dollard", "vink", desk.code}
    assert shown("?people=8") == {"dollard"}
    assert shown("?has=screen") == {"dollard"}
    assert shown("?floor=1") == {"hunze", "dollard", "vink"}
    assert "No room has all of this." in rooms(client, "?people=99").words


def make_wish(code: str, *spaces: Space) -> None:
    with unit_of_work():
        feature = Feature(
            code=code, group=FeatureGroup.EQUIPMENT, name_nl=code, name_en=code, icon="monitor",
            is_filter=True,
        )  # fmt: skip
        db.session.add(feature)
        db.session.flush()
        for space in spaces:
            db.session.add(SpaceFeature(space_id=space.id, feature_id=feature.id))


def test_a_room_one_may_not_book_has_no_gaps_and_says_for_whom_it_is(client: FlaskClient) -> None:
    make_room(audience=Audience.STAFF)
    make_member_signed_in(client)

    seen = rooms(client)

    assert gaps(seen) == []
    assert "by the front desk" in seen.words


def test_drafts_and_retired_spaces_are_not_there(client: FlaskClient) -> None:
    make_room("draft", state=SpaceState.DRAFT)
    make_room("gone", state=SpaceState.RETIRED)
    make_room("later", available_from_on=tomorrow())

    assert [one for one in rooms(client).all("div", role="row") if "id" in one] == []
    assert [one["id"] for one in rooms(client, f"?day={tomorrow()}").all("div", role="row")
            if "id" in one] == ["r-later"]  # fmt: skip


# --- free now ---------------------------------------------------------------------------------


def test_what_is_free_now_is_offered_best_fit_first(client: FlaskClient) -> None:
    make_space("dollard", kind=ROOM, name="Dollard", capacity=12)
    busy, tight = make_room("hunze"), make_space("schier", kind=ROOM, name="Schier", capacity=4)
    make_booking(make_member(name="A B"), busy, Period(at(8, 15), at(9)))
    make_booking(make_member(name="C D"), tight, Period(at(9), at(10)))
    make_member_signed_in(client)

    def offered(query: str) -> list[tuple[str, str]]:
        page = rooms(client, query).page
        part = Seen(page[page.index('id="free"') : page.index('id="scroll"')])
        codes, ends = (
            [one["value"] for one in part.all("input", name=name)] for name in ("space", "to")
        )
        return list(zip(codes, ends, strict=True))

    assert offered("?free=30") == [("schier", "08:45"), ("dollard", "08:45")]
    assert offered("?free=60")[0] == ("dollard", "09:15")
    assert offered("?free=next") == [("dollard", "16:00"), ("schier", "09:00")]
    assert offered("?free=30&people=8") == [("dollard", "08:45")]


def test_a_free_room_is_booked_by_its_button(client: FlaskClient) -> None:
    make_room()
    make_member_signed_in(client)
    page = rooms(client, "?free=30").page
    part = page[page.index('id="free"') : page.index('id="scroll"')]
    fields = {one["name"]: one["value"] for one in Seen(part).all("input", type="hidden")}

    answer = client.post("/en/bookings", data=fields)

    assert answer.status_code == 303


# --- the dock of a change ---------------------------------------------------------------------


def change(client: FlaskClient, code: str, **said: str) -> tuple[int, str]:
    token = csrf_token(rooms(client).page)
    data = {"space": "hunze", "day": DAY.isoformat(), "csrf_token": token, "revision": "1", **said}
    answer = client.post(f"/en/bookings/{code}/change", data=data, headers={"HX-Request": "true"})
    return answer.status_code, answer.get_data(as_text=True)


def test_what_was_given_back_ends_when_it_did_not_when_the_room_is_clean(
    client: FlaskClient,
) -> None:
    me = make_member_signed_in(client)
    room = make_space("lauwers", kind=ROOM, name="Lauwers", buffer_after_minutes=15)
    booking = make_booking(me, room, period(8, 12), title="Overleg", now=at(7, 50))
    with unit_of_work():
        service.release(actor=me, booking=db.session.merge(booking), now=at(8, 5))

    (use,) = queries.uses(period(8, 12), reader=me)

    assert use.seen == Period(at(8), at(8, 5))
    assert use.held == Period(at(8), at(8, 20))


def test_a_script_that_moves_a_booking_gets_the_dock_with_undo(client: FlaskClient) -> None:
    me = make_member_signed_in(client)
    booking = make_booking(me, make_room(), period(10, 11), title="Roadmap")

    status, dock = change(client, booking.code, **{"from": "13:00", "to": "14:30"})

    moved = db.session.get_one(type(booking), booking.id)
    assert status == 200
    assert 'class="dock changed"' in dock
    assert "Moved: Hunze" in dock
    assert f"/en/bookings/{booking.code}/undo" in dock
    assert (moved.period, moved.title) == (Period(at(13), at(14, 30)), "Roadmap")


def test_a_script_that_is_beaten_to_it_gets_ways_out_that_move_the_booking(
    client: FlaskClient,
) -> None:
    me, room = make_member_signed_in(client), make_room()
    make_space("dollard", kind=ROOM, name="Dollard", capacity=6)
    booking = make_booking(me, room, period(10, 11))
    make_booking(make_member(name="A B"), room, period(13, 14))

    status, dock = change(client, booking.code, **{"from": "13:00", "to": "14:00"})

    assert status == 409
    assert 'id="dock"' in dock
    assert "Move to Dollard" in dock
    assert f"/en/bookings/{booking.code}/change?space=hunze&amp;day={DAY}" in dock


# --- the week ---------------------------------------------------------------------------------


def week(client: FlaskClient, query: str = "", code: str = "hunze") -> Seen:
    return look(client, query, path=f"rooms/{code}")


def test_the_week_shows_its_days_and_a_form(client: FlaskClient) -> None:
    room = make_room()
    make_booking(make_member(), room, period(10, 12, day=tomorrow()), title="Geheim")
    make_member_signed_in(client, make_organisation("Veenlab"))

    seen = week(client)

    assert "Week 48, 23–27 November" in seen.words
    assert "taken 10:00–12:00" in seen.words
    assert "Geheim" not in seen.page
    days = {one["href"].split("day=")[1][:10] for one in seen.all("a") if "new?" in one["href"]}
    assert days == {DAY.isoformat(), tomorrow().isoformat()}
    assert seen.all("input", name="space")[0]["value"] == "hunze"


def test_a_week_with_a_public_holiday_says_which(client: FlaskClient) -> None:
    make_space("hunze", kind=SpaceKind.MEETING_ROOM)

    page = client.get("/nl/rooms/hunze?day=2026-12-25").get_data(as_text=True)

    assert "kerstdag" in page.lower()


def test_the_form_of_a_week_books(client: FlaskClient) -> None:
    make_room()
    make_member_signed_in(client)
    page = week(client, f"?day={tomorrow()}").page
    form = Seen(page[page.index('name="idem"') - 400 :])
    fields = {
        name: next(one["value"] for one in form.all("input") if one.get("name") == name)
        for name in ("idem", "space", "day")
    }

    answer = client.post(
        "/en/bookings",
        data={**fields, "from": "09:00", "to": "10:00", "csrf_token": csrf_token(page)},
    )

    assert fields["day"] == tomorrow().isoformat()
    assert answer.status_code == 303


@pytest.mark.parametrize("code", ["nowhere", "gone", "studio"])
def test_an_unknown_retired_or_let_room_has_no_week(client: FlaskClient, code: str) -> None:
    make_room("gone", state=SpaceState.RETIRED)
    make_space("studio", kind=SpaceKind.OFFICE_UNIT)

    assert client.get(f"/en/rooms/{code}").status_code == 404


@pytest.mark.parametrize("query", ["?week=2026-W99", "?week=x", "?week=0000-W01", "?day=x"])
def test_a_nonsense_week_is_said_and_this_one_comes(client: FlaskClient, query: str) -> None:
    make_room()

    seen = week(client, query)

    assert "There is no such" in seen.words
    assert "Week 48" in seen.words


def test_a_past_or_far_week_has_nothing_to_book(client: FlaskClient) -> None:
    make_room()

    over, far = "Nothing can be booked in this week.", "You can book up to 60 days ahead, until"
    for query, words in {"?week=2026-W40": over, "?week=2028-W10": far}.items():
        seen = week(client, query)
        assert words in seen.words
        assert [one for one in seen.all("a") if "new?" in one["href"]] == []


def test_weekend_is_shown_where_something_is_on(client: FlaskClient) -> None:
    room = make_room()
    assert "28 November" not in week(client).words
    with unit_of_work():
        db.session.add(OpeningHours(on_day=SATURDAY, opens=time(10), closes=time(16)))

    seen = week(client)

    assert "Week 48, 23–28 November" in seen.words
    assert room.code in seen.page


# --- how much is asked ------------------------------------------------------------------------


def fill(number: int, when: datetime) -> None:
    for n in range(number):
        room = make_room(f"room-{n}")
        make_booking(make_member(name=f"A B{n}"), room, Period(when, when + timedelta(hours=1)))


@pytest.mark.parametrize("path", ["/en/rooms", "/en/rooms?free=30", "/en/rooms/hunze"])
def test_the_questions_do_not_grow_with_rooms_and_bookings(client: FlaskClient, path: str) -> None:
    make_room()
    make_member_signed_in(client)
    client.get(path)
    with counted() as few:
        client.get(path)
    fill(30, at(10))
    client.get(path)
    with counted() as many:
        client.get(path)

    assert len(many) == len(few) <= 8
