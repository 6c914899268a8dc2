"""The Book page: the best place already chosen, every state by its address, never a trace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event

from campus.db import db, unit_of_work
from campus.members.models import Actor
from campus.spaces.models import (
    Audience,
    Feature,
    FeatureGroup,
    Floor,
    Island,
    Side,
    Space,
    SpaceFeature,
    SpaceKind,
    Zone,
)
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
    sign_in,
    tomorrow,
)
from tests.finder.seen import look

ROOM = SpaceKind.MEETING_ROOM
LAST_WEEK = DAY - timedelta(days=7)


@pytest.fixture(autouse=True)
def frozen(database: None) -> Iterator[None]:
    """A house with a zone, on the test's day at ten past eight."""
    with time_machine.travel(NOW, tick=False):
        make_zone(make_house())
        yield


def make_member_signed_in(client: FlaskClient, name: str = "Femke Postma") -> Actor:
    member = make_member(name=name)
    sign_in(client, member)
    return member


def make_wish(code: str, *spaces: Space, quantity: int = 1) -> None:
    with unit_of_work():
        feature = Feature(
            code=code,
            group=FeatureGroup.EQUIPMENT,
            name_nl=code,
            name_en=code,
            icon="monitor",
            is_filter=True,
        )
        db.session.add(feature)
        db.session.flush()
        for space in spaces:
            db.session.add(
                SpaceFeature(space_id=space.id, feature_id=feature.id, quantity=quantity)
            )


def change(space: Space, **values: object) -> None:
    with unit_of_work():
        row = db.session.get_one(Space, space.id)
        for name, value in values.items():
            setattr(row, name, value)


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


# --- the best place ---------------------------------------------------------------------------


def test_the_desk_of_last_time_is_chosen_and_one_press_books_it(client: FlaskClient) -> None:
    make_space("1.01")
    desk = make_space("1.32")
    member = make_member_signed_in(client)
    make_booking(member, desk, period(9, 17, day=LAST_WEEK), now=at(8, day=LAST_WEEK))

    fields = look(client).sent("dock-form")
    answer = client.post("/en/bookings", data=fields)

    assert {name: fields[name] for name in ("space", "day", "from", "to")} == {
        "space": "1.32",
        "day": DAY.isoformat(),
        "from": "09:00",
        "to": "17:00",
    }
    assert answer.status_code == 303


def test_next_to_colleagues_is_better_than_a_window(client: FlaskClient) -> None:
    other_zone = make_other_zone()
    window, near = make_space("1.01"), make_space("1.02", zone_id=other_zone.id)
    make_wish("window", window)
    organisation = make_organisation()
    member = make_member(organisation)
    sign_in(client, member)
    colleague = make_member(organisation, name="Jelle Hoekstra")
    make_booking(colleague, make_space("1.03", zone_id=other_zone.id), period(9, 17))

    assert look(client).sent("dock-form")["space"] == near.code


def make_other_zone() -> Zone:
    zone = db.session.query(Zone).one()
    with unit_of_work():
        other = Zone(floor_id=zone.floor_id, code="noord", name_nl="Noord", name_en="North")
        db.session.add(other)
        db.session.flush()
    return other


def test_the_key_is_new_with_every_page(client: FlaskClient) -> None:
    make_space()
    make_member_signed_in(client)

    keys = {look(client).sent("dock-form")["idem"] for _ in range(2)}

    assert len(keys) == 2


def test_whoever_has_a_desk_that_day_is_shown_the_booking_instead(client: FlaskClient) -> None:
    mine, other = make_space("1.01"), make_space("1.02")
    member = make_member_signed_in(client)
    booking = make_booking(member, mine, period(9, 17))

    own = look(client, f"?day={DAY}")
    moved = look(client, f"?day={DAY}&space={other.code}&from=09:00&to=17:00")

    assert "You have desk 1.01 already" in own.words
    there = [link for link in own.all("a") if link["href"].endswith(f"/bookings/{booking.code}")]
    assert {"ritem is-sel", "btn go"} <= {link["class"] for link in there}
    assert not own.all("form", id="dock-form")
    assert "Move to 1.02" in moved.words


def test_a_visitor_sees_what_is_free_and_is_asked_to_sign_in(client: FlaskClient) -> None:
    make_space("1.01")

    page = look(client, f"?day={tomorrow()}")

    assert "1 desk free" in page.words
    [link] = [one for one in page.all("a") if one.get("class") == "btn go lg"]
    assert link["href"].startswith("/en/sign-in?next=")
    assert "space%3D1.01" in link["href"]
    assert not page.all("form", id="dock-form")


def test_who_belongs_to_no_organisation_reads_why_nothing_can_be_booked(
    client: FlaskClient,
) -> None:
    make_space()
    member = make_member_signed_in(client)
    with unit_of_work():
        db.session.execute(
            db.text("UPDATE membership SET ended_at = :now WHERE person_id = :id"),
            {"now": NOW.isoformat(), "id": member.person_id},
        )

    page = look(client)

    assert "Only members of an organisation can book." in page.words
    assert not page.all("form", id="dock-form")


def test_staff_may_go_on_to_book_for_a_member(client: FlaskClient) -> None:
    make_space("1.01")
    sign_in(client, make_staff())

    links = [link["href"] for link in look(client).all("a")]

    assert any("/bookings/new?" in link and "space=1.01" in link for link in links)


def test_staff_with_a_desk_of_their_own_can_go_on_booking(client: FlaskClient) -> None:
    mine, other = make_space("1.01"), make_space("1.02")
    staff = make_staff()
    sign_in(client, staff)
    make_booking(staff, mine, period(8, 20))

    assert look(client, f"?day={DAY}").sent("dock-form")["space"] == other.code


# --- how spaces stand -------------------------------------------------------------------------


def test_list_and_plan_say_the_same(client: FlaskClient) -> None:
    free, part, busy = (
        make_space(code, plan_x=x, plan_y=100, plan_width=46, plan_height=25, chair=Side.NORTH)
        for code, x in (("1.01", 50), ("1.02", 100), ("1.03", 150))
    )
    make_booking(make_member(name="A B"), part, period(8, 13))
    make_booking(make_member(name="C D"), busy, period(8, 20))

    page = look(client, "?from=09:00&to=17:00&all=1")

    places = {one["id"]: one["class"] for one in page.all("a") if one.get("id", "")[:2] == "p-"}
    assert places == {f"p-{free.code}": "sel", f"p-{part.code}": "part"}
    assert [one["id"] for one in page.all("li") if one.get("id", "")[:2] == "r-"] == [
        "r-1.01",
        "r-1.02",
        "r-1.03",
    ]
    assert "from 13:00" in page.words
    assert "taken" in page.words


def test_what_is_free_for_a_part_is_offered_for_that_part(client: FlaskClient) -> None:
    desk = make_space("1.01")
    make_booking(make_member(name="A B"), desk, period(8, 13))
    make_member_signed_in(client)

    page = look(client, "?from=09:00&to=17:00")

    fields = page.sent("dock-form")
    assert (fields["from"], fields["to"]) == ("13:00", "17:00")
    assert "Nothing is free all that time; this comes closest." in page.words


def test_a_title_of_others_is_never_shown(client: FlaskClient) -> None:
    room = make_space("hunze", kind=ROOM, capacity=6)
    make_booking(
        make_member(name="Jelle Hoekstra"), room, period(9, 12), title="Overname Slikwerk"
    )
    make_member_signed_in(client)

    page = look(client, "?kind=meeting_room&from=09:00&to=10:00&space=hunze")

    assert "hunze is taken at that time." in page.words
    assert "Overname" not in page.page
    assert "Hoekstra" not in page.page


def test_a_combined_room_is_taken_when_a_part_of_it_is(client: FlaskClient) -> None:
    left, right = (make_space(code, kind=ROOM, capacity=12) for code in ("left", "right"))
    whole = make_space("whole", kind=SpaceKind.EVENT_SPACE, capacity=60, parts=(left, right))
    make_booking(make_member(name="A B"), right, period(9, 12))
    make_member_signed_in(client)

    page = look(client, f"?kind=meeting_room&from=09:00&to=10:00&space={whole.code}")

    assert "whole is taken at that time." in page.words
    assert page.sent("dock-form")["space"] == left.code


def test_buffers_count_as_the_booking_itself_counts_them(client: FlaskClient) -> None:
    room = make_space("hunze", kind=ROOM, buffer_before_minutes=15, buffer_after_minutes=15)
    make_booking(make_member(name="A B"), room, period(9, 10))
    make_member_signed_in(client)

    close = look(client, "?kind=meeting_room&from=10:15&to=11:00")
    clear = look(client, "?kind=meeting_room&from=10:30&to=11:00")

    assert "0 rooms free" in close.words
    assert "1 room free" in clear.words
    assert client.post("/en/bookings", data=clear.sent("dock-form")).status_code == 303


def test_a_room_kept_for_others_is_no_offer(client: FlaskClient) -> None:
    room = make_space("lauwers", kind=ROOM)
    change(room, audience=Audience.STAFF)
    make_member_signed_in(client)

    page = look(client, "?kind=meeting_room&space=lauwers")

    assert "lauwers: by the front desk." in page.words
    assert not page.all("form", id="dock-form")


def test_a_space_that_is_not_there_yet_is_left_out(client: FlaskClient) -> None:
    desk = make_space("1.01")
    change(desk, available_from_on=tomorrow())

    assert "0 desks free" in look(client).words
    assert "1 desk free" in look(client, f"?day={tomorrow()}").words


def test_wishes_and_people_narrow_list_plan_and_counts(client: FlaskClient) -> None:
    small, large = (make_space(code, kind=ROOM, capacity=n) for code, n in (("a", 4), ("b", 12)))
    make_wish("screen", small, large)
    make_wish("loop", large)
    make_member_signed_in(client)

    page = look(client, "?kind=meeting_room&has=screen&people=6")
    none = look(client, "?kind=meeting_room&has=loop&people=40")

    assert "1 room fits" in page.words
    assert page.sent("dock-form")["space"] == "b"
    assert "There is none that has all of this. Leave out a wish." in none.words


def test_any_one_that_fits_is_booked_with_the_same_wishes(client: FlaskClient) -> None:
    desks = [make_space(code) for code in ("1.01", "1.02", "1.03")]
    make_wish("quiet", *desks[1:])
    make_member_signed_in(client)

    page = look(client, f"?day={tomorrow()}&has=quiet")
    answer = client.post("/en/bookings", data=page.sent("any"))

    assert page.sent("dock-form")["space"] == "1.02"
    assert page.sent("any")["any"] == "desk"
    assert answer.status_code == 303


def test_a_desk_asks_for_no_title_and_a_room_does_not_insist(client: FlaskClient) -> None:
    make_space("1.01")
    make_space("hunze", kind=ROOM)
    make_member_signed_in(client)

    desk, room = look(client), look(client, "?kind=meeting_room")

    assert not desk.all("input", name="title")
    assert [field.get("required") for field in room.all("input", name="title")] == [None]
    assert client.post("/en/bookings", data=room.sent("dock-form")).status_code == 303


def test_the_best_few_come_first_and_all_on_request(client: FlaskClient) -> None:
    for number in range(1, 13):
        make_space(f"1.{number:02}")

    few, every = look(client), look(client, "?all=1")

    assert len([one for one in few.all("a") if "ritem" in one.get("class", "")]) == 8
    assert "Show all 12" in few.words
    assert len([one for one in every.all("a") if "ritem" in one.get("class", "")]) == 12


# --- days -------------------------------------------------------------------------------------


def test_days_are_chips_and_closed_ones_say_so(client: FlaskClient) -> None:
    desk = make_space()
    make_booking(make_member(name="A B"), desk, period(8, 14))

    page = look(client)

    chips = page.words[page.words.index("When") : page.words.index("What")]
    assert chips == (
        "When Thu 26 50% taken Fri 27 0% taken Sat 28 closed Sun 29 closed"
        " Mon 30 0% taken Tue 1 0% taken Wed 2 0% taken later days "
    )


def test_later_days_are_reached_up_to_the_horizon(client: FlaskClient) -> None:
    make_space()

    page = look(client, f"?day={DAY + timedelta(days=8)}")
    last = look(client, f"?day={DAY + timedelta(days=14)}")

    assert "earlier days" in page.words
    assert "later days" in page.words
    assert "later days" not in last.words


@pytest.mark.parametrize(
    ("day", "words", "shown"),
    [
        ("2026-11-28", "The campus is closed on Sat 28 November.", date(2026, 11, 30)),
        ("2026-12-25", "You can book up to 14 days ahead", date(2026, 12, 10)),
        ("2026-11-25", "Wed 25 November is over.", DAY),
        ("9999-01-01", "You can book up to 14 days ahead", date(2026, 12, 10)),
        ("0001-01-01", "is over", DAY),
        ("nonsense", "There is no such day.", DAY),
    ],
)
def test_a_day_that_cannot_be_booked_is_said_and_the_nearest_shown(
    client: FlaskClient, day: str, words: str, shown: date
) -> None:
    make_space()
    make_member_signed_in(client)

    page = look(client, f"?day={day}")

    assert words in page.words
    assert page.sent("dock-form")["day"] == shown.isoformat()


def test_what_cannot_be_booked_yet_is_not_drawn_as_taken(client: FlaskClient) -> None:
    box: dict[str, Any] = {"plan_x": 100, "plan_y": 100, "plan_width": 40, "plan_height": 20}
    make_space("1.01", **box)
    make_space("hunze", kind=ROOM)
    day = DAY + timedelta(days=28)  # beyond the desks' horizon, within that of rooms

    page = look(client, f"?kind=meeting_room&day={day}")

    assert page.all("g", **{"class": "off"})
    assert not page.all("g", **{"class": "busy"})


def test_a_day_that_is_over_is_said_as_it_was_asked(client: FlaskClient) -> None:
    make_space("1.01")

    page = look(client, "?day=2019-12-31")

    assert "Tue 31 December 2019 is over. The first day you can book is" in page.words


def test_a_mistake_made_twice_is_said_once(client: FlaskClient) -> None:
    make_space("1.01")

    page = look(client, "?from=25:00&to=26:00")

    assert page.words.count("Write a time as hours:minutes") == 1


def test_a_holiday_is_named_in_both_languages(client: FlaskClient) -> None:
    make_space("hunze", kind=ROOM)

    page = look(client, "?kind=meeting_room&day=2026-12-25")
    dutch = look(client, "?kind=meeting_room&day=2026-12-25", language="nl")

    assert "The campus is closed on Fri 25 December: Christmas Day." in page.words
    assert "Eerste kerstdag" in dutch.words


# --- wrong input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?space=nothing-here", "There is no place called nothing-here."),
        ("?floor=attic", "There is no floor called attic."),
        ("?zone=moon", "There is no zone called moon."),
        ("?view=plan&zone=moon", "There is no zone called moon."),
        ("?has=sauna", "There is no such wish here; it was left out."),
        ("?from=17:00&to=09:00", "The end must be after the start."),
        ("?from=03:00&to=05:00", "On Thu 26 November the campus is open 08:00–20:00."),
        ("?kind=office_unit", "Studios are given by application"),
        ("?kind=spaceship", "Choose a desk, a room or a call booth."),
        ("?people=many&kind=meeting_room", "Write the number of people as a whole number."),
        ("?day=2026-11-27&day=2026-11-30&kind=desk&kind=meeting_room", ""),
        ("?space=%00%E2%80%AE&floor=%F0%9F%92%A9", ""),
        ("?has=" + "x" * 3000, "There is no such wish here"),
        ("?view=nonsense&all=yes&unknown=1", ""),
    ],
)
@pytest.mark.parametrize("is_member", [True, False])
def test_whatever_is_asked_there_is_a_page_that_says_what_is_wrong(
    client: FlaskClient, query: str, words: str, is_member: bool
) -> None:
    make_space("1.01")
    make_space("hunze", kind=ROOM)
    if is_member:
        make_member_signed_in(client)

    page = look(client, query)

    assert words in page.words
    assert page.all("section", id="dock")


def test_an_empty_house_says_so(client: FlaskClient) -> None:
    page = look(client)

    assert "0 desks free" in page.words
    assert "Nothing is free at that time." in page.words


def test_a_campus_without_rules_or_hours_has_a_page_too(client: FlaskClient) -> None:
    with unit_of_work():
        db.session.execute(db.text("DELETE FROM opening_hours"))
    hours = look(client)
    with unit_of_work():
        db.session.execute(db.text("DELETE FROM booking_rule"))
    rules = look(client)
    kind = look(client, "?kind=meeting_room")

    assert "there are no opening hours" in hours.words
    assert "The campus is being set up." in rules.words
    assert "Nobody has set yet how a place like this is booked." in kind.words
    for page in (hours, rules, kind):
        assert "Nothing to book yet" in page.words
        assert page.all("a", href="/en/help")
        assert not page.all("section", id="dock")


# --- plan, section, zone ----------------------------------------------------------------------


def test_the_building_in_section_counts_what_is_free_by_zone(client: FlaskClient) -> None:
    zone = db.session.query(Zone).one()
    desks = [make_space(f"1.{number:02}", zone_id=zone.id) for number in range(1, 5)]
    make_booking(make_member(name="A B"), desks[0], period(8, 20))

    page = look(client, "?view=plan")

    assert "3 your place free of 4," in page.words
    assert any(link["href"].endswith("zone=zuid") for link in page.all("a"))


def test_a_full_zone_is_not_a_link(client: FlaskClient) -> None:
    zone = db.session.query(Zone).one()
    desk = make_space(zone_id=zone.id)
    make_booking(make_member(name="A B"), desk, period(8, 20))

    page = look(client, "?view=plan")

    assert not [link for link in page.all("a") if "zone=zuid" in link["href"]]
    assert "full" in page.words


def test_a_zone_shows_its_islands_as_they_stand(client: FlaskClient) -> None:
    zone = db.session.query(Zone).one()
    with unit_of_work():
        island = Island(zone_id=zone.id, name_nl="Eiland", name_en="Island by Quiet")
        db.session.add(island)
        db.session.flush()
        island_id = island.id
    for number, (row, column) in enumerate([(0, 0), (0, 2), (1, 1)], 1):
        make_space(
            f"1.{number:02}",
            zone_id=zone.id,
            island_id=island_id,
            island_row=row,
            island_column=column,
            chair=Side.SOUTH if row else Side.NORTH,
        )

    page = look(client, "?view=plan&zone=zuid")

    places = page.page[page.page.index('class="isl c3"') :].split("</ul>")[0]
    order = re.findall(r'<li (?:id="d-([\d.]+)"|aria-hidden)', places)
    assert "Island by Quiet" in page.words
    assert order == ["1.01", "", "1.02", "", "1.03", ""]


def test_a_zone_in_the_list_view_looks_closer_at_the_plan(client: FlaskClient) -> None:
    zone = db.session.query(Zone).one()
    for code, x in (("1.01", 300), ("1.02", 350)):
        make_space(code, zone_id=zone.id, plan_x=x, plan_y=300, plan_width=46, plan_height=25)

    [whole] = look(client).all("svg", id="plan")
    [close] = look(client, "?zone=zuid").all("svg", id="plan")

    assert whole["viewbox"] == "0 0 1000 600"
    assert close["viewbox"] == "236 236 224 153"


def test_rooms_lie_in_the_section_by_themselves(client: FlaskClient) -> None:
    make_space("hunze", kind=ROOM, capacity=6)

    page = look(client, "?kind=meeting_room&view=plan")

    assert any("space=hunze" in link["href"] for link in page.all("a", **{"class": "zn best"}))


# --- a page left open -------------------------------------------------------------------------


def test_a_script_gets_only_what_changes(client: FlaskClient) -> None:
    make_space()

    answer = client.get("/en/book", headers={"HX-Request": "true"})

    assert "<html" not in answer.get_data(as_text=True)
    assert answer.get_data(as_text=True).lstrip().startswith('<div id="book"')
    assert "HX-Request" in answer.headers["Vary"]


def test_a_page_left_open_tells_that_its_choice_was_taken_meanwhile(client: FlaskClient) -> None:
    first, second = make_space("1.01"), make_space("1.02")
    make_member_signed_in(client)
    live = look(client).all("div", id="book")[0]["data-live"].partition("?")[2]
    make_booking(make_member(name="A B"), first, period(9, 17))

    page = look(client, f"?{live}", **{"HX-Request": "true", "X-Poll": "1"})

    assert "1.01 has just been taken." in page.words
    assert page.sent("dock-form")["space"] == second.code


def test_a_page_left_open_keeps_its_choice_when_a_better_one_comes_free(
    client: FlaskClient,
) -> None:
    make_space("1.01")
    chosen = make_space("1.02")
    make_member_signed_in(client)
    live = look(client, f"?space={chosen.code}").all("div", id="book")[0]["data-live"]

    page = look(client, f"?{live.partition('?')[2]}", **{"X-Poll": "1"})

    assert page.sent("dock-form")["space"] == chosen.code


def test_what_was_taken_long_ago_is_not_said_to_have_just_gone(client: FlaskClient) -> None:
    desk, _ = make_space("1.01"), make_space("1.02")
    make_booking(make_member(name="A B"), desk, period(9, 17), now=NOW - timedelta(minutes=11))

    page = look(client, "?space=1.01&from=09:00&to=17:00", **{"X-Poll": "1"})

    assert "1.01 is taken at that time." in page.words


def test_beside_a_refusal_the_refused_place_stays_in_view_as_it_stands(
    client: FlaskClient,
) -> None:
    ground = db.session.query(Floor).one()
    with unit_of_work():
        upstairs = Floor(
            building_id=ground.building_id, code="2", name="Dijk", level=2, width=900, height=600
        )
        db.session.add(upstairs)
    room = make_space("hunze", kind=ROOM, floor=upstairs)
    make_space("reitdiep", kind=ROOM)
    make_booking(make_member(name="A B"), room, period(10, 11))
    make_member_signed_in(client)
    query = "?kind=meeting_room&space=hunze&from=10:00&to=11:00&floor=1"

    page = look(client, query, **{"X-Answered": "1"})

    assert page.all("li", id="r-hunze")
    assert "space=hunze" in page.all("div", id="book")[0]["data-live"]
    assert not page.all("form", id="dock-form")
    tabs = [one for one in page.all("a") if "floor=2" in one.get("href", "")]
    assert tabs[0]["aria-current"] == "true"
    assert "your place?" not in page.words


def test_a_room_of_ones_own_is_said_to_be_so_in_list_and_plan(client: FlaskClient) -> None:
    box: dict[str, Any] = {"plan_x": 100, "plan_y": 100, "plan_width": 120, "plan_height": 80}
    room = make_space("hunze", kind=ROOM, name="Hunze", **box)
    make_space("reitdiep", kind=ROOM)
    member = make_member_signed_in(client)
    make_booking(member, room, period(10, 11))

    page = look(client, "?kind=meeting_room&space=hunze&from=10:00&to=11:00")

    assert "You have Hunze already" in page.words
    assert "your booking" in page.words
    assert "taken until" not in page.words
    assert page.all("a", id="p-hunze", **{"class": "mine"})
    assert "your place?" not in page.words


# --- cost -------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?kind=meeting_room", "?view=plan&zone=zuid", "?all=1"])
def test_eight_questions_whatever_there_is(client: FlaskClient, query: str) -> None:
    zone = db.session.query(Zone).one()
    make_space("1.01", zone_id=zone.id)
    make_space("hunze", kind=ROOM)
    member = make_member_signed_in(client)
    look(client, query)
    with counted() as few:
        look(client, query)
    for number in range(2, 12):
        desk = make_space(f"1.{number:02}", zone_id=zone.id)
        make_booking(make_member(name="A B"), desk, period(8, 13))
    make_booking(member, desk, period(9, 12, day=LAST_WEEK), now=at(8, day=LAST_WEEK))
    with counted() as many:
        look(client, query)

    assert len(many) <= len(few) <= 8


def test_the_now_line_moves_with_the_clock(client: FlaskClient) -> None:
    make_space()

    def line(now: datetime) -> str:
        with time_machine.travel(now, tick=False):
            return next(one["class"] for one in look(client).all("i") if "now" in one["class"])

    assert (line(at(8, 10)), line(at(11))) == ("now s0 l1", "now s12 l1")
