"""The page of a space: what it is, its week, and a form that can be sent as it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from campus.clock import Period
from campus.db import db, unit_of_work
from campus.members.models import Relation
from campus.spaces.models import (
    Audience,
    Feature,
    FeatureGroup,
    Floor,
    OpeningHours,
    Space,
    SpaceFeature,
    SpaceKind,
    SpaceState,
)
from tests.bookings.visits import claims, code_of, hidden_in, page_of, statements, visit
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
def floor(database: None) -> Floor:
    return make_house()


def drawn(code: str = "hunze", **more: Any) -> Space:
    shape = {"plan_x": 40, "plan_y": 56, "plan_width": 148, "plan_height": 132}
    more = {"kind": SpaceKind.MEETING_ROOM, "name": code.title(), **shape, **more}
    return make_space(code, **more)


def has(space: Space, name: str, group: FeatureGroup, **more: Any) -> None:
    with unit_of_work():
        feature = Feature(code=name.lower(), name_nl=name, name_en=name, group=group)
        db.session.add(feature)
        db.session.flush()
        db.session.add(SpaceFeature(space_id=space.id, feature_id=feature.id, **more))


# --- for everybody ----------------------------------------------------------------------------


def test_a_space_says_what_it_is_and_where(client: FlaskClient, floor: Floor) -> None:
    room = drawn(
        capacity=6,
        area_dm2=1950,
        about_en="For six.",
        place_en="Quiet side",
        way_en="Lift to 1, first door.",
    )
    has(room, "Screen", FeatureGroup.EQUIPMENT, note_en="65 inch")
    has(room, "Chairs", FeatureGroup.EQUIPMENT, quantity=6)
    has(room, "Threshold", FeatureGroup.ACCESSIBILITY, note_en="none; door 94 cm")

    answer = client.get("/en/spaces/hunze")
    page = page_of(answer)

    assert "Hunze For six. meeting room 6 people 20 m² Quiet side Wierde free all day" in page
    assert "What is there Screen 65 inch Chairs 6 Accessible Threshold none; door 94 cm" in page
    assert 'aria-label="Floor plan: Hunze. Lift to 1, first door."' in answer.text


def test_a_code_is_found_in_any_case_of_letters(client: FlaskClient, floor: Floor) -> None:
    drawn("Hunze")

    assert client.get("/nl/spaces/HUNZE").status_code == 200


@pytest.mark.parametrize(
    "code", ["nowhere", "x" * 200, "%00", "..%2f", "hunze%20", "%E2%80%8Bhunze", "🦆"]
)
def test_an_unknown_space_is_not_found(client: FlaskClient, floor: Floor, code: str) -> None:
    drawn("hunze")

    assert client.get(f"/nl/spaces/{code}").status_code == 404


def test_a_draft_is_not_there_yet(client: FlaskClient, floor: Floor) -> None:
    drawn(state=SpaceState.DRAFT)

    assert client.get("/nl/spaces/hunze").status_code == 404


def test_a_retired_space_says_so_and_has_no_form(client: FlaskClient, floor: Floor) -> None:
    drawn(state=SpaceState.RETIRED)

    page = page_of(visit(client, make_member()).get("/spaces/hunze"))

    assert "no longer in use" in page
    assert "Book another place" in page
    assert "From" not in page


@pytest.mark.parametrize("kind", [SpaceKind.OFFICE_UNIT, SpaceKind.INCUBATOR_SLOT])
@pytest.mark.parametrize(
    ("tenant", "words"), [("Fjild", "Fjild has it now."), ("", "It is free now.")]
)
def test_what_is_given_by_application_says_so(
    client: FlaskClient, floor: Floor, kind: SpaceKind, tenant: str, words: str
) -> None:
    make_space("S6", kind=kind, tenant=tenant)

    page = page_of(visit(client, make_member()).get("/spaces/s6"))

    assert "Studio S6" in page
    assert "This place is given by application, by the month" in page
    assert words in page
    assert "Ask at the front desk how to apply" in page
    assert "Kwartierlaan 1, Groningen" in page
    assert "next seven days" not in page


def test_a_studio_says_what_you_get_and_where_to_ask(client: FlaskClient, floor: Floor) -> None:
    studio = make_space("S6", kind=SpaceKind.INCUBATOR_SLOT)
    has(studio, "Furniture", FeatureGroup.EQUIPMENT, note_en="four desks")

    answer = client.get("/en/spaces/s6")

    assert "What you get Furniture four desks" in page_of(answer)
    assert 'href="/en/help#contact"' in answer.text
    assert "/sign-in?next" not in answer.text


def test_a_combined_room_leads_to_what_it_is_made_of(client: FlaskClient, floor: Floor) -> None:
    east, west = drawn("east"), drawn("west", plan_x=200)
    make_space("whole", name="Whole", kind=SpaceKind.EVENT_SPACE, parts=(east, west))

    answer = client.get("/en/spaces/whole")

    assert "Made of East , West ." in page_of(answer)
    assert 'href="/en/spaces/west"' in answer.text


def test_the_week_shows_what_is_taken_without_saying_by_whom(
    client: FlaskClient, floor: Floor
) -> None:
    room = drawn()
    owner = make_member(make_organisation("Terpdata"))
    make_booking(owner, room, period(9, 11), title="Geheim")
    make_booking(owner, room, period(8, 15, day=tomorrow()))

    answer = client.get("/en/spaces/hunze")
    page = page_of(answer)

    assert "Thu 26 free until 09:00 Fri 27 free from 15:00 Sat 28 closed Sun 29 closed" in page
    assert "Geheim" not in answer.text
    assert "Terpdata" not in answer.text
    assert 'aria-label="free until 09:00"' in answer.text


def test_a_closed_day_says_why(client: FlaskClient, floor: Floor) -> None:
    drawn()
    with unit_of_work():
        db.session.add(OpeningHours(on_day=tomorrow(), reason_nl="Feest", reason_en="Party"))

    assert "Fri 27 closed: Party" in page_of(client.get("/en/spaces/hunze"))


def test_a_combined_room_is_taken_where_a_part_is(client: FlaskClient, floor: Floor) -> None:
    east, west = drawn("east"), drawn("west", plan_x=200)
    make_space("whole", name="Whole", kind=SpaceKind.EVENT_SPACE, parts=(east, west))
    make_booking(make_member(), east, period(8, 9))
    make_booking(make_member(), west, period(11, 12))

    page = page_of(client.get("/en/spaces/whole"))

    assert "taken until 09:00" in page
    assert "Thu 26 free from 12:00" in page


def test_other_weeks_are_links_as_far_as_one_can_book(client: FlaskClient, floor: Floor) -> None:
    make_space("1.32")  # desks: 14 days ahead

    this = client.get("/en/spaces/1.32").text
    last = client.get("/en/spaces/1.32?day=2026-12-10").text

    assert "?day=2026-12-03" in this
    assert "Earlier" not in this
    assert "?day=2026-12-03" in last
    assert "Later" not in last


@pytest.mark.parametrize(
    "day", ["", "x", "2026-02-30", "1999-01-01", "9999-12-31", "2026-11-25", "-1"]
)
def test_a_day_that_cannot_be_shown_is_today(client: FlaskClient, floor: Floor, day: str) -> None:
    drawn()

    answer = client.get(f"/en/spaces/hunze?day={day}")

    assert answer.status_code == 200
    assert "Thu 26" in page_of(answer)
    assert ("There is no such day." in page_of(answer)) == (day in {"x", "2026-02-30", "-1"})


def test_a_space_that_comes_later_is_closed_until_then(client: FlaskClient, floor: Floor) -> None:
    drawn(available_from_on=tomorrow())

    assert "Thu 26 closed Fri 27 free all day" in page_of(client.get("/en/spaces/hunze"))


def test_the_rules_are_said_as_the_database_has_them(client: FlaskClient, floor: Floor) -> None:
    drawn(buffer_before_minutes=15, buffer_after_minutes=30)
    make_space("1.32", audience=Audience.RESIDENTS)

    room, desk = page_of(client.get("/en/spaces/hunze")), page_of(client.get("/en/spaces/1.32"))

    assert "By the quarter of an hour, from 15 minutes to 8 hours. Up to 60 days ahead." in room
    assert "Kept free to set up and clear: 15 minutes before, 30 minutes after." in room
    assert "One at a time for each person." in desk
    assert "Only for organisations that live on campus." in desk


# --- today in a room --------------------------------------------------------------------------


def test_today_in_a_room_is_told_as_far_as_the_reader_may_know(
    client: FlaskClient, floor: Floor
) -> None:
    room, ours, theirs = drawn(), make_organisation("Terpdata"), make_organisation("Hunze Health")
    open_minded = make_organisation("Wadlab", shows_titles=True)
    make_booking(make_member(ours), room, period(9, 10), title="Roadmap")
    make_booking(make_member(theirs), room, period(11, 12), title="Secret")
    make_booking(make_member(open_minded), room, period(13, 14), title="Demo")
    make_booking(make_member(theirs), room, period(9, 10, day=tomorrow()), title="Secret")
    readers = [make_member(ours), make_staff()]
    colleague, staff = (
        page_of(visit(client.application.test_client(), one).get("/spaces/hunze"))
        for one in readers
    )
    visitor = page_of(client.get("/en/spaces/hunze"))

    assert today_in(colleague) == (
        "09:00–10:00 Roadmap, Terpdata 11:00–12:00 taken 13:00–14:00 Demo, Wadlab"
    )
    assert today_in(visitor) == "09:00–10:00 taken 11:00–12:00 taken 13:00–14:00 Demo, Wadlab"
    assert today_in(staff) == (
        "09:00–10:00 Roadmap, Terpdata 11:00–12:00 Secret, Hunze Health 13:00–14:00 Demo, Wadlab"
    )


def test_today_in_a_combined_room_names_a_booking_once_and_its_parts_as_well(
    client: FlaskClient, floor: Floor
) -> None:
    east, west = drawn("east"), drawn("west")
    whole = make_space("whole", name="Whole", kind=SpaceKind.EVENT_SPACE, parts=(east, west))
    make_booking(make_member(), whole, period(9, 10))
    make_booking(make_member(), east, period(11, 12))

    assert (
        today_in(page_of(client.get("/en/spaces/whole"))) == "09:00–10:00 taken 11:00–12:00 taken"
    )
    assert today_in(page_of(client.get("/en/spaces/west"))) == "09:00–10:00 taken"


def test_a_room_without_bookings_says_so_and_a_desk_has_no_list(
    client: FlaskClient, floor: Floor
) -> None:
    make_booking(make_member(), make_space("1.32"), period(9, 17))
    drawn()

    assert today_in(page_of(client.get("/en/spaces/hunze"))) == "Nothing booked today."
    assert "Today in" not in page_of(client.get("/en/spaces/1.32"))


def today_in(page: str) -> str:
    """Return what the page of a room says of today."""
    _before, _, rest = page.partition("Today in ")
    return rest.partition("Agreements")[0].partition(" ")[2].strip()


# --- the form ---------------------------------------------------------------------------------


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client: FlaskClient, floor: Floor) -> None:
    drawn()

    answer = client.get("/en/spaces/hunze")

    assert 'href="/en/sign-in?next=/en/spaces/hunze"' in answer.text
    assert "<select" not in answer.text


@pytest.mark.parametrize("kind", [SpaceKind.DESK, SpaceKind.MEETING_ROOM, SpaceKind.PHONE_BOOTH])
def test_the_form_books_as_it_comes(client: FlaskClient, floor: Floor, kind: SpaceKind) -> None:
    drawn("x-1", kind=kind)
    who = visit(client, make_member())

    answer = who.post("/bookings", fields_of(who.get("/spaces/x-1").text))

    assert answer.status_code == 303
    assert claims() == 1
    assert code_of(answer)


def test_the_form_proposes_what_is_free_beside_what_is_taken(
    client: FlaskClient, floor: Floor
) -> None:
    room = drawn(buffer_after_minutes=15)
    make_booking(make_member(), room, period(8, 10))

    fields = fields_of(visit(client, make_member()).get("/spaces/hunze").text)

    assert (fields["day"], fields["from"], fields["to"]) == ("2026-11-26", "10:15", "11:15")


def test_the_form_keeps_its_own_time_to_clear_before_the_next_ones(
    client: FlaskClient, floor: Floor
) -> None:
    room = drawn(buffer_after_minutes=30)
    make_booking(make_member(), room, period(9, 17))

    fields = fields_of(visit(client, make_member()).get("/spaces/hunze").text)

    assert (fields["from"], fields["to"]) == ("08:15", "08:30")


def test_a_desk_is_proposed_for_a_good_part_of_a_day(client: FlaskClient, floor: Floor) -> None:
    desk = make_space("1.32")
    make_booking(make_member(), desk, period(9, 17))

    fields = fields_of(visit(client, make_member()).get("/spaces/1.32").text)

    assert (fields["day"], fields["from"], fields["to"]) == ("2026-11-27", "08:00", "18:00")


def test_the_form_proposes_the_day_that_was_asked_for(client: FlaskClient, floor: Floor) -> None:
    drawn()

    page = visit(client, make_member()).get("/spaces/hunze?day=2026-11-28").text

    assert fields_of(page)["day"] == "2026-11-30"  # the first open one from there


def test_a_full_week_leads_to_the_next(client: FlaskClient, floor: Floor) -> None:
    room = drawn()
    member = make_member()
    for number in range(7):
        day = DAY + timedelta(days=number)
        if day.weekday() < 5:
            start = at(8, 15) if day == DAY else at(8, day=day)
            make_booking(member, room, Period(start, start + timedelta(hours=8)))
            rest = Period(start + timedelta(hours=8), at(20, day=day))
            make_booking(member, room, rest)

    page = visit(client, make_member()).get("/spaces/hunze")

    assert "Nothing free in these seven days." in page_of(page)
    assert "?day=2026-12-03" in page.text


def test_who_may_not_book_reads_why(client: FlaskClient, floor: Floor) -> None:
    drawn(audience=Audience.RESIDENTS)
    outsider = make_member(make_organisation(relation=Relation.ASSOCIATED))

    page = page_of(visit(client, outsider).get("/spaces/hunze"))

    assert "Hunze is for organisations that live on campus." in page


def test_staff_may_book_what_is_kept_for_them(client: FlaskClient, floor: Floor) -> None:
    drawn(audience=Audience.STAFF)

    assert fields_of(visit(client, make_staff()).get("/spaces/hunze").text)["space"] == "hunze"


def test_a_desk_is_never_asked_what_for(client: FlaskClient, floor: Floor) -> None:
    make_space("1.32")
    drawn()
    who = visit(client, make_member())

    assert 'name="title"' not in who.get("/spaces/1.32").text
    assert 'name="title"' in who.get("/spaces/hunze").text


def test_the_page_asks_the_same_of_the_database_however_much_is_booked(
    client: FlaskClient, floor: Floor
) -> None:
    room = drawn()
    who = visit(client, make_member())
    with statements() as few:
        who.get("/spaces/hunze")
    for hour in range(9, 19):
        make_booking(make_member(), room, period(hour, hour + 1))
        has(room, f"Feature {hour}", FeatureGroup.EQUIPMENT)
        make_booking(make_member(), drawn(f"1.{hour}", kind=SpaceKind.DESK), period(8, 18))

    with statements() as many:
        who.get("/spaces/hunze")

    assert len(few) == len(many) <= MOST


def test_on_the_plan_the_neighbours_that_are_taken_now_are_hatched(
    client: FlaskClient, floor: Floor
) -> None:
    drawn()
    make_booking(make_member(), drawn("reitdiep", plan_x=200), period(8, 9))

    page = client.get("/en/spaces/hunze").text

    assert re.search(r'<g class="hot">.*?Hunze', page, re.DOTALL)
    assert re.search(r'<g class="busy">.*?Reitdiep', page, re.DOTALL)


def test_on_the_plan_a_studio_that_somebody_has_is_hatched(
    client: FlaskClient, floor: Floor
) -> None:
    drawn("S6", kind=SpaceKind.INCUBATOR_SLOT)
    drawn("S5", kind=SpaceKind.INCUBATOR_SLOT, name="S5", tenant="Fjild", plan_x=200)

    page = client.get("/en/spaces/s6").text

    assert re.search(r'<g class="busy">(?:(?!</g>).)*Fjild', page, re.DOTALL)


def fields_of(page: str) -> dict[str, str]:
    """Return what a browser would send of the form as it came."""
    form = page.partition('id="book"')[2].partition("</form>")[0]
    dates = re.findall(
        r'<input[^>]*?type="date"[^>]*?name="(\w+)"(?:[^>]*?value="([^"]*)")?', form
    )
    selects = re.findall(r'<select[^>]*?name="(\w+)".*?<option selected>([^<]*)', form, re.DOTALL)
    return {**hidden_in(form), **dict(dates), **dict(selects)}


def test_the_day_in_the_form_is_a_day_as_the_form_reads_it(
    client: FlaskClient, floor: Floor
) -> None:
    drawn()

    fields = fields_of(visit(client, make_member()).get("/spaces/hunze").text)

    assert date.fromisoformat(fields["day"]) == DAY
