"""The doors of bookings: booking, what can happen to a booking, and its page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from campus.bookings.models import Booking, BookingState
from campus.bookings.policy import may_read_title
from campus.db import db, unit_of_work
from campus.members.models import Actor, Organisation, Role
from campus.members.queries import person_of
from campus.occupancy.models import Occupancy
from campus.outbox.models import Message
from campus.spaces.models import (
    Audience,
    Feature,
    FeatureGroup,
    Floor,
    Space,
    SpaceFeature,
    SpaceKind,
)
from campus.spaces.queries import space_by_code
from tests.bookings.visits import (
    HOURS,
    SCRIPT,
    Visit,
    claims,
    code_of,
    page_of,
    statements,
    visit,
    ways_of,
)
from tests.factories import (
    NOW,
    at,
    csrf_token,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_person,
    make_space,
    make_staff,
    make_zone,
    period,
)

ROOM = SpaceKind.MEETING_ROOM
SECOND = timedelta(seconds=1)
FRIDAY = date(2026, 11, 27)
FREE = (period(9, 10), period(10, 11))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Thursday 26 November 2026, 08:10; it stands still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def floor(database: None, clock: time_machine.Traveller) -> Floor:
    """A floor with desks 1.32 and 1.33 and a room."""
    floor = make_house()
    make_space("1.32")
    make_space("1.33")
    make_space("hunze", kind=ROOM, name="Hunze", capacity=6)
    return floor


@pytest.fixture
def me(floor: Floor) -> Actor:
    """A member."""
    return make_member()


@pytest.fixture
def mine(me: Actor, client: FlaskClient) -> Visit:
    """The member's browser."""
    return visit(client, me)


def the_booking() -> Booking:
    """Return the one booking there is."""
    return db.session.scalars(select(Booking)).one()


def employer_of(actor: Actor) -> Organisation:
    """Return the organisation somebody acts for."""
    return db.session.scalars(
        select(Organisation).where(Organisation.id == actor.organisation_id)
    ).one()


def have(space: Space, code: str) -> None:
    """Give a space a feature."""
    with unit_of_work():
        feature = db.session.scalar(select(Feature).where(Feature.code == code)) or Feature(
            code=code, group=FeatureGroup.EQUIPMENT, name_nl=code, name_en=code
        )
        db.session.add(feature)
        db.session.flush()
        db.session.add(SpaceFeature(space_id=space.id, feature_id=feature.id))


# --- booking ----------------------------------------------------------------------------------


def test_booking_leads_to_the_booking(mine: Visit) -> None:
    code = code_of(mine.book())

    assert mine.get(f"/bookings/{code}").status_code == 200
    booking = the_booking()
    assert (booking.space.code, booking.starts_at, booking.ends_at) == ("1.32", at(9), at(17, 30))
    assert claims() == 1
    assert len(db.session.scalars(select(Message)).all()) == 1


def test_what_somebody_else_has_is_refused_with_ways_out_that_book(mine: Visit) -> None:
    make_booking(make_member(), space_by_code("1.32"), period(8, 20))

    answer = mine.book()

    assert answer.status_code == 409
    assert "Desk 1.32 has just been taken" in page_of(answer)
    labels_and_fields = ways_of(answer)
    assert 1 <= len(labels_and_fields) <= 3
    action, fields = labels_and_fields[0]
    assert fields["space"] == "1.33"
    assert mine.client.post(action, data=fields).status_code == 303
    assert claims() == 2


def test_what_was_taken_long_ago_has_not_just_been_taken(mine: Visit) -> None:
    early = NOW - timedelta(minutes=11)
    make_booking(make_member(), space_by_code("1.32"), period(8, 20), now=early)

    assert "Desk 1.32 is taken then" in page_of(mine.book())


def test_every_way_out_of_a_rule_books_in_one_click(mine: Visit) -> None:
    answer = mine.book("hunze", title="Sprint", **{"from": "09:00", "to": "19:00"})

    assert answer.status_code == 422
    assert "One booking takes at most" in page_of(answer)
    action, fields = ways_of(answer)[0]
    assert fields["title"] == "Sprint"
    code = code_of(mine.client.post(action, data=fields))
    assert (the_booking().code, the_booking().title) == (code, "Sprint")


def test_a_draft_is_kept_with_its_words_and_its_key(mine: Visit) -> None:
    answer = mine.book("hunze", title="Sprint", note="Twee borden", to="19:00")

    html = answer.get_data(as_text=True)
    for kept in (
        'value="Sprint"',
        "Twee borden</textarea>",
        'value="2026-11-26"',
        'value="first-key"',
    ):
        assert kept in html
    assert "<option selected>19:00</option>" in html


def test_one_desk_at_a_time_leads_to_the_one_that_stands_in_the_way(mine: Visit) -> None:
    code = code_of(mine.book())

    answer = mine.book("1.33", key="second-key")

    assert answer.status_code == 422
    assert f'href="/en/bookings/{code}"' in answer.get_data(as_text=True)
    assert claims() == 1


def test_who_may_not_book_reads_why_and_keeps_the_draft(mine: Visit) -> None:
    make_space("studio-1", kind=SpaceKind.OFFICE_UNIT, name="Studio 1")

    answer = mine.book("studio-1")

    assert answer.status_code == 403
    assert "Studio 1 is given by application" in page_of(answer)
    assert claims() == 0


def test_a_night_ends_on_its_last_day(mine: Visit) -> None:
    answer = mine.book("hunze", until="2026-11-27", **{"from": "19:00", "to": "07:00"})

    assert answer.status_code == 422  # closed at night, not "the end must be after the start"
    assert "The end must be after the start" not in page_of(answer)


def test_who_is_told_to_fill_in_the_last_day_can_do_so(mine: Visit) -> None:
    answer = mine.book("hunze", **{"from": "19:00", "to": "07:00"})

    assert "For a night, fill in the last day" in page_of(answer)
    assert 'name="until"' in answer.get_data(as_text=True)


def test_several_days_are_one_booking_with_a_claim_for_each(mine: Visit) -> None:
    answer = mine.book(until="2026-11-30")

    code_of(answer)
    assert claims() == 3  # Thursday, Friday, Monday; the weekend is closed


def test_a_visitor_signs_in_first_and_the_form_is_not_sent_by_itself(
    client: FlaskClient, me: Actor
) -> None:
    page = client.get("/nl/sign-in").get_data(as_text=True)
    fields = {"space": "1.32", "idem": "kept-key", "title": "", **HOURS}

    answer = client.post("/en/bookings", data={**fields, "csrf_token": csrf_token(page)})

    assert answer.status_code == 303
    assert answer.location.startswith("/en/sign-in?carry=")
    carried = parse_qs(urlsplit(answer.location).query)["carry"][0]
    here = visit(client, me)
    again = here.get("/bookings/new", query_string={"carry": carried})
    assert "nothing has been booked yet" in page_of(again)
    assert 'value="kept-key"' in again.get_data(as_text=True)
    assert "<option selected>17:30</option>" in again.get_data(as_text=True)
    assert claims() == 0


def test_the_form_without_a_script_is_filled_from_its_address(mine: Visit) -> None:
    answer = mine.get("/bookings/new", query_string={"space": "hunze", **HOURS, "title": "Sprint"})

    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Book Hunze" in page_of(answer)
    assert 'value="Sprint"' in html
    assert "<option selected>17:30</option>" in html
    assert claims() == 0


def test_the_form_of_an_address_that_says_no_time_holds_the_next_hour(mine: Visit) -> None:
    html = mine.get("/bookings/new?space=1.32").get_data(as_text=True)

    assert 'value="2026-11-26"' in html
    for chosen in ("08:15", "09:15"):
        assert f"<option selected>{chosen}</option>" in html


def test_a_desk_is_never_asked_for_a_title(mine: Visit) -> None:
    assert 'name="title"' not in mine.get("/bookings/new?space=1.32").get_data(as_text=True)
    assert 'name="title"' in mine.get("/bookings/new?space=hunze").get_data(as_text=True)


# --- any free one that fits -------------------------------------------------------------------


def test_any_free_one_goes_to_one_that_is_free(mine: Visit) -> None:
    make_booking(make_member(), space_by_code("1.32"), period(8, 20))

    code_of(mine.book("", any="desk"))

    assert mine.booking().space.code == "1.33"


def test_any_free_one_keeps_to_zone_features_and_size(mine: Visit, floor: Floor) -> None:
    zone = make_zone(floor, "noord")
    wide = make_space("2.01", zone_id=zone.id)
    make_space("2.02", zone_id=zone.id)
    have(wide, "window")

    code_of(mine.book("", any="desk", zone="noord", has="window"))

    assert mine.booking().space.code == "2.01"


def test_any_free_one_of_a_size(mine: Visit) -> None:
    make_space("zeedijk", kind=ROOM, name="Zeedijk", capacity=10)

    code_of(mine.book("", any="meeting_room", people="8", to="10:00"))

    assert mine.booking().space.code == "zeedijk"


def test_any_free_one_prefers_where_somebody_was_before(
    mine: Visit, floor: Floor, me: Actor
) -> None:
    zone = make_zone(floor, "noord")
    make_space("2.01", zone_id=zone.id)
    usual = make_space("2.02", zone_id=zone.id)
    make_booking(me, usual, period(9, 12, day=FRIDAY))

    code = code_of(mine.book("", any="desk"))

    assert page_of(mine.get(f"/bookings/{code}")).startswith(
        "My campus Booked. Desk 2.02 is yours."
    )


def test_any_free_one_is_nearest_in_size_to_the_people_who_come(mine: Visit) -> None:
    make_space("zeedijk", kind=ROOM, name="Zeedijk", capacity=40, position=-1)

    code_of(mine.book("", any="meeting_room", people="5", to="10:00"))

    assert mine.booking().space.code == "hunze"


def test_any_free_one_is_there_on_all_of_the_days(mine: Visit) -> None:
    make_space("1.01", available_until_on=FRIDAY)

    code_of(mine.book("", any="desk", until=FRIDAY.isoformat()))

    assert mine.booking().space.code == "1.32"


def test_staff_may_set_the_rules_aside_for_any_free_one(client: FlaskClient, floor: Floor) -> None:
    staff = visit(client, make_staff())

    code_of(staff.book("", any="meeting_room", anyway="y", **{"from": "06:00", "to": "07:00"}))

    assert the_booking().starts_at == at(6)


def test_ways_out_of_any_free_one_keep_to_what_was_wished(mine: Visit, floor: Floor) -> None:
    zone = make_zone(floor, "noord")
    for code in ("b", "c"):
        have(make_space(code, kind=ROOM, capacity=8, zone_id=zone.id), "screen")
    make_space("d", kind=ROOM, capacity=8, zone_id=zone.id)
    wish = {"any": "meeting_room", "zone": "noord", "has": "screen", "people": "7"}

    answer = mine.book("", **wish, **{"from": "19:30", "to": "20:30"})

    offered = {fields["space"] for _action, fields in ways_of(answer)}
    assert answer.status_code == 422
    assert offered == {"b", "c"}


def test_when_none_has_all_of_it_the_page_says_so(mine: Visit) -> None:
    answer = mine.book("", any="desk", zone="nowhere")

    assert answer.status_code == 422
    assert "Leave out a wish" in page_of(answer)


def test_when_all_that_fit_are_taken_the_page_says_so(mine: Visit) -> None:
    for code in ("1.32", "1.33"):
        make_booking(make_member(), space_by_code(code), period(8, 20))

    answer = mine.book("", any="desk")

    assert answer.status_code == 409
    assert "Nothing that fits is free any more" in page_of(answer)


# --- ways out that cannot help ----------------------------------------------------------------


def test_who_may_book_for_nobody_else_is_offered_no_other_time(mine: Visit) -> None:
    answer = mine.book(**{"for": make_member().email})

    assert answer.status_code == 403
    assert ways_of(answer) == []


def test_an_address_nobody_has_is_mended_by_no_other_time(
    client: FlaskClient, floor: Floor
) -> None:
    answer = visit(client, make_staff()).book(**{"for": "nobody@campus.example"})

    assert ways_of(answer) == []


def test_a_wish_that_nothing_has_is_mended_by_no_other_time(mine: Visit) -> None:
    assert ways_of(mine.book("", any="desk", people="30")) == []


def test_a_room_for_others_offers_one_for_this_member(mine: Visit) -> None:
    make_space("raad", kind=ROOM, name="Raad", capacity=4, audience=Audience.STAFF)

    answer = mine.book("raad", to="10:00")

    action, fields = ways_of(answer)[0]
    assert answer.status_code == 403
    assert fields["space"] == "hunze"
    assert mine.client.post(action, data=fields).status_code == 303


def test_ways_out_for_a_guest_are_of_times_that_the_guest_has_free(
    client: FlaskClient, me: Actor
) -> None:
    make_booking(me, space_by_code("1.33"), period(12, 20))
    make_booking(make_member(), space_by_code("1.32"), period(8, 9))
    staff = visit(client, make_staff())

    answer = staff.book(**{"for": me.email, "from": "08:15", "to": "10:00"})

    assert answer.status_code == 409
    for action, fields in ways_of(answer):
        code = code_of(staff.client.post(action, data=fields))
        assert staff.post(f"/bookings/{code}/undo").status_code == 303


def test_while_changing_the_booking_is_not_in_the_way_of_its_ways_out(mine: Visit) -> None:
    code = code_of(mine.book("hunze", to="10:00"))
    make_booking(make_member(), space_by_code("hunze"), period(11, 19))
    change = {"space": "hunze", **HOURS, "from": "10:30", "to": "11:30", "revision": "1"}

    answer = mine.post(f"/bookings/{code}/change", change)

    action, fields = ways_of(answer)[0]
    assert (fields["from"], fields["to"]) == ("10:00", "11:00")
    assert mine.client.post(action, data=fields).status_code == 303


# --- at the desk ------------------------------------------------------------------------------


def test_staff_book_for_a_member_who_stands_at_the_desk(client: FlaskClient, me: Actor) -> None:
    desk_visit = visit(client, make_staff())

    code_of(desk_visit.book(**{"for": me.email.upper()}))

    booking = the_booking()
    assert (booking.person_id, booking.organisation_id) == (me.person_id, me.organisation_id)
    assert booking.booked_by_id != me.person_id


def test_staff_choose_a_member_by_code_and_read_who_it_is(client: FlaskClient, me: Actor) -> None:
    staff, femke = visit(client, make_staff()), person_of(me)

    form = staff.get(f"/bookings/new?space=1.32&for={femke.code}").get_data(as_text=True)
    code_of(staff.book(**{"for": femke.code}))

    assert f'value="{me.email}"' in form
    assert the_booking().person_id == me.person_id


def test_a_code_says_to_nobody_but_staff_who_it_is(mine: Visit) -> None:
    other = make_member()

    html = mine.get(f"/bookings/new?space=1.32&for={person_of(other).code}").get_data(as_text=True)

    assert other.email not in html
    assert mine.book(**{"for": person_of(other).code}).status_code == 403


def test_somebody_who_left_cannot_be_booked_for(client: FlaskClient, floor: Floor) -> None:
    gone = make_person(active=False)
    staff = visit(client, make_staff())

    assert staff.book(**{"for": gone.code}).status_code == 422
    assert staff.book(**{"for": gone.email}).status_code == 422


def test_staff_may_set_the_rules_aside_but_not_the_ledger(
    client: FlaskClient, floor: Floor
) -> None:
    staff = visit(client, make_staff())
    night = {"from": "06:00", "to": "07:30"}

    assert staff.book("hunze", **night).status_code == 422
    assert staff.book("hunze", anyway="y", **night).status_code == 303
    assert staff.book("hunze", key="other-key", anyway="y", **night).status_code == 409


def test_only_staff_are_asked_for_whom_it_is(client: FlaskClient, mine: Visit) -> None:
    theirs = mine.get("/bookings/new?space=1.32").get_data(as_text=True)
    staff = visit(mine.client.application.test_client(), make_staff())

    for field in ('name="for"', 'name="anyway"'):
        assert field not in theirs
        assert field in staff.get("/bookings/new?space=1.32").get_data(as_text=True)


def test_a_member_cannot_set_the_rules_aside(mine: Visit) -> None:
    assert mine.book("hunze", anyway="y", **{"from": "06:00", "to": "07:30"}).status_code == 422


def test_a_member_books_for_nobody_else_and_learns_nothing(mine: Visit) -> None:
    known, unknown = make_member().email, "nobody@campus.example"

    answers = [
        mine.book(key=f"key-{n:05}", **{"for": who}) for n, who in enumerate((known, unknown))
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert all("Only the front desk books for somebody else" in page_of(one) for one in answers)


def test_an_address_nobody_has_is_said_to_staff(client: FlaskClient, floor: Floor) -> None:
    staff = visit(client, make_staff())

    answer = staff.book(**{"for": "nobody@campus.example"})

    assert answer.status_code == 422
    assert "nobody@campus.example" in page_of(answer)


def test_somebody_without_an_organisation_cannot_be_booked_for(
    client: FlaskClient, floor: Floor
) -> None:
    person = make_person("Jelle Hoekstra")
    staff = visit(client, make_staff())

    answer = staff.book(**{"for": person.email})

    assert answer.status_code == 422
    assert "Jelle Hoekstra is not a member" in page_of(answer)


# --- with a script ----------------------------------------------------------------------------


def test_a_script_gets_the_dock_with_what_was_booked_and_the_way_back(mine: Visit) -> None:
    answer = mine.post(
        "/bookings", {"space": "1.32", "idem": "first-key", **HOURS}, headers=SCRIPT
    )

    html = answer.get_data(as_text=True)
    code = the_booking().code
    assert answer.status_code == 200
    assert html.lstrip().startswith('<section class="dock')
    assert 'id="dock"' in html
    assert f'hx-post="/en/bookings/{code}/undo"' in html
    assert "You can undo this for ten seconds" in html
    assert 'data-seen="kind=desk&amp;space=1.32&amp;day=2026-11-26&amp;from=09%3A00' in html
    assert 'data-undo-left="10.0"' in html


def test_a_script_gets_the_dock_with_the_refusal_and_its_ways_out(mine: Visit) -> None:
    make_booking(make_member(), space_by_code("1.32"), period(8, 20))

    answer = mine.post(
        "/bookings", {"space": "1.32", "idem": "first-key", **HOURS}, headers=SCRIPT
    )

    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert html.lstrip().startswith('<section class="dock')
    assert 'hx-post="/en/bookings"' in html
    assert 'role="alert"' in html
    assert "/en/bookings/new?" in html


def test_a_draft_with_words_or_a_person_in_it_tells_them_to_no_address(mine: Visit) -> None:
    words = {"title": "Sprint", "note": "Twee borden", "for": "femke@campus.example"}
    fields = {"space": "hunze", "idem": "first-key", **HOURS, **words, "to": "19:00"}

    for name in words:
        sent = {key: value for key, value in fields.items() if key not in words or key == name}
        html = mine.post("/bookings", sent, headers=SCRIPT).get_data(as_text=True)
        href = unescape(html.rpartition('href="')[2].partition('"')[0])
        again = mine.client.get(href).get_data(as_text=True)
        assert href.startswith("/en/bookings/new?carry=")
        assert words[name] in again
        assert "<option selected>19:00</option>" in again
        assert 'value="first-key"' not in again


def test_a_draft_without_words_is_an_address_that_can_be_read(mine: Visit) -> None:
    sent = {"any": "meeting_room", "has": "screen", "people": "4", "idem": "first-key", **HOURS}

    html = mine.post("/bookings", sent, headers=SCRIPT).get_data(as_text=True)

    said = parse_qs(urlsplit(unescape(html.rpartition('href="')[2].partition('"')[0])).query)
    assert said == {
        **{name: [value] for name, value in HOURS.items()},
        "any": ["meeting_room"],
        "has": ["screen"],
        "people": ["4"],
    }


def test_a_script_that_sends_nonsense_gets_a_dock_that_says_so(mine: Visit) -> None:
    answer = mine.post("/bookings", {"space": "1.32", "day": "x"}, headers=SCRIPT)

    assert answer.status_code == 422
    assert "Write the day as" in answer.get_data(as_text=True)


def test_undoing_in_the_dock_says_that_nothing_is_booked(mine: Visit) -> None:
    code = code_of(mine.book())

    answer = mine.post(f"/bookings/{code}/undo", headers=SCRIPT)

    assert answer.status_code == 200
    assert "Nothing is booked" in answer.get_data(as_text=True)
    assert claims() == 0


def test_undoing_in_the_dock_too_late_says_so_and_leads_to_the_booking(
    mine: Visit, clock: time_machine.Traveller
) -> None:
    code = code_of(mine.book())
    clock.shift(timedelta(seconds=13))

    answer = mine.post(f"/bookings/{code}/undo", headers=SCRIPT)

    html = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert html.lstrip().startswith('<section class="dock')
    assert "It is too late to undo this" in html
    assert f'href="/en/bookings/{code}"' in html
    assert claims() == 1


# --- the page of a booking --------------------------------------------------------------------


def test_the_page_says_what_when_and_where(mine: Visit) -> None:
    make_booking(make_member(), space_by_code("hunze"), period(14, 16))
    code = code_of(mine.book("hunze", title="Sprint", **{"from": "11:30", "to": "13:00"}))

    words = page_of(mine.get(f"/bookings/{code}"))

    for expected in (
        "Today 11:30–13:00 Hunze Sprint",
        "after 13:00 free until 14:00",
        "Until 14:00 at the latest. Then it is taken. +15 min +30 min until 14:00",
        "From 11:30 on, when it has started",
        "Cancel Hunze",
        code,
        "Booked by Femke Postma",
    ):
        assert expected in words


def test_the_page_says_who_reads_the_subject(client: FlaskClient, floor: Floor) -> None:
    for shows, said in (
        (False, "Terpdata and the front desk read it. Others read “taken”."),
        (True, "Terpdata shows its subjects, so everybody may read it."),
    ):
        member = make_member(make_organisation("Terpdata", shows_titles=shows))
        booking = make_booking(member, space_by_code("hunze"), FREE[shows], title="Sprint")
        here = visit(client.application.test_client(), member)

        words = page_of(here.get(f"/bookings/{booking.code}"))

        assert said in words
        stranger = may_read_title(None, organisation_id=member.organisation_id, shown=shows)
        assert stranger is shows


def test_only_what_is_possible_is_offered_as_longer(mine: Visit) -> None:
    code = code_of(mine.book(**{"from": "09:00", "to": "19:45"}))

    assert "+15 min" in (words := page_of(mine.get(f"/bookings/{code}")))
    assert "+30 min" not in words
    assert "Then the campus closes" in words


def test_a_booking_that_cannot_last_longer_says_why(mine: Visit) -> None:
    code = code_of(mine.book(**{"from": "09:00", "to": "20:00"}))

    words = page_of(mine.get(f"/bookings/{code}"))

    assert "Not after 20:00. Then the campus closes." in words
    assert "+15 min" not in words


def test_a_colleague_sees_the_booking_and_whom_to_ask(
    client: FlaskClient, floor: Floor, me: Actor
) -> None:
    booking = make_booking(me, space_by_code("hunze"), period(9, 10), title="Sprint")
    colleague = visit(client, make_member(employer_of(me), name="Jelle Hoekstra"))

    words = page_of(colleague.get(f"/bookings/{booking.code}"))

    assert "Sprint" in words
    assert "Ask the colleague who booked" in words
    assert colleague.post(f"/bookings/{booking.code}/cancel").status_code == 403
    assert claims() == 1


def test_an_administrator_of_the_organisation_may_cancel(
    client: FlaskClient, floor: Floor, me: Actor
) -> None:
    booking = make_booking(me, space_by_code("hunze"), period(9, 10))
    admin = visit(client, make_member(employer_of(me), role=Role.ORG_ADMIN))

    assert admin.post(f"/bookings/{booking.code}/cancel").status_code == 303
    assert claims() == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("get", ".ics"),
        ("get", "/change"),
        ("get", "/cancel"),
        ("post", "/change"),
        ("post", "/extend"),
        ("post", "/release"),
        ("post", "/cancel"),
        ("post", "/undo"),
    ],
)
def test_a_booking_of_another_organisation_is_not_there(
    mine: Visit, method: str, path: str
) -> None:
    booking = make_booking(
        make_member(make_organisation("Dijkbeheer")),
        space_by_code("hunze"),
        period(9, 10),
        title="Geheim",
    )
    fields = {"minutes": "15", "revision": "1", "space": "hunze", **HOURS}

    address = f"/bookings/{booking.code}{path}"
    answer = mine.get(address) if method == "get" else mine.post(address, fields)

    assert answer.status_code == 404
    assert "Geheim" not in answer.get_data(as_text=True)
    assert claims() == 1


def test_nobody_sees_a_booking_without_signing_in(client: FlaskClient, me: Actor) -> None:
    booking = make_booking(me, space_by_code("hunze"), period(9, 10))

    answer = client.get(f"/en/bookings/{booking.code}")

    assert answer.status_code == 303
    assert "/sign-in" in answer.location


def test_a_booking_can_be_kept_as_a_calendar_file(mine: Visit) -> None:
    code = code_of(mine.book())

    answer = mine.get(f"/bookings/{code}.ics")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert f'filename="campus-{code}.ics"' in answer.headers["Content-Disposition"]
    text = answer.get_data(as_text=True)
    assert text.startswith("BEGIN:VCALENDAR")
    assert "METHOD:" not in text
    assert "ATTENDEE" not in text


# --- its verbs --------------------------------------------------------------------------------


def test_longer_takes_more_time(mine: Visit) -> None:
    code = code_of(mine.book())

    assert (
        code_of(mine.post(f"/bookings/{code}/extend", {"minutes": "30", "revision": "1"})) == code
    )
    assert the_booking().ends_at == at(18)
    assert db.session.scalars(select(Occupancy.ends_at)).one() == at(18)
    assert "Made longer by Femke Postma" in page_of(mine.get(f"/bookings/{code}"))


def test_longer_than_is_free_is_refused_on_the_booking_itself(mine: Visit) -> None:
    code = code_of(mine.book("hunze", to="10:00"))
    make_booking(make_member(), space_by_code("hunze"), period(10, 12))

    answer = mine.post(f"/bookings/{code}/extend", {"minutes": "15", "revision": "1"})

    assert answer.status_code == 409
    assert "This place is taken at that time" in page_of(answer)
    assert mine.booking().ends_at == at(10)


def test_a_running_booking_can_be_given_back(mine: Visit, clock: time_machine.Traveller) -> None:
    code = code_of(mine.book())
    early = mine.post(f"/bookings/{code}/release")
    clock.move_to(at(12))

    late = mine.post(f"/bookings/{code}/release")

    assert early.status_code == 422
    assert "It has not started yet" in page_of(early)
    assert code_of(late) == code
    assert the_booking().state is BookingState.RELEASED
    assert db.session.scalars(select(Occupancy.ends_at)).one() == at(12)
    assert "Given back" in page_of(mine.get(f"/bookings/{code}"))


def test_cancelling_asks_once_and_tells_what_came_free(mine: Visit) -> None:
    code = code_of(mine.book("hunze", to="10:00"))

    asked = mine.get(f"/bookings/{code}/cancel")
    answer = mine.post(f"/bookings/{code}/cancel", {"reason": "Ziek"})

    assert "Cancel Hunze?" in page_of(asked)
    assert code_of(answer) == code
    assert claims() == 0
    words = page_of(mine.get(f"/bookings/{code}"))
    assert "Cancelled. Hunze is free again, today 09:00–10:00." in words
    assert "Undo" in words
    assert "Cancelled by Femke Postma: Ziek" in words


def test_cancelling_twice_is_cancelling_once(mine: Visit) -> None:
    code = code_of(mine.book())

    answers = [mine.post(f"/bookings/{code}/cancel") for _ in range(2)]

    assert [code_of(answer) for answer in answers] == [code, code]
    assert page_of(mine.get(f"/bookings/{code}")).count("Cancelled by") == 1


def test_a_cancelled_booking_can_be_asked_for_again(
    mine: Visit, clock: time_machine.Traveller
) -> None:
    code = code_of(mine.book("hunze", to="10:00"))
    mine.post(f"/bookings/{code}/cancel")
    clock.shift(timedelta(minutes=1))

    html = mine.get(f"/bookings/{code}").get_data(as_text=True)

    assert "/undo" not in html
    assert (
        'href="/en/bookings/new?space=hunze&amp;day=2026-11-26&amp;from=09:00&amp;to=10:00"'
        in html
    )


@pytest.mark.parametrize("verb", ["extend", "release", "cancel", "change"])
def test_every_step_can_be_taken_back_for_ten_seconds(
    mine: Visit, clock: time_machine.Traveller, verb: str
) -> None:
    code = code_of(mine.book("hunze", to="10:00"))
    clock.move_to(at(9, 30) if verb == "release" else at(8, 20))
    fields = {
        "extend": {"minutes": "15", "revision": "1"},
        "change": {"space": "hunze", "revision": "1", **HOURS, "from": "11:00", "to": "12:00"},
    }
    assert mine.post(f"/bookings/{code}/{verb}", fields.get(verb, {})).status_code == 303
    clock.shift(9 * SECOND)
    assert f"/en/bookings/{code}/undo" in mine.get(f"/bookings/{code}").get_data(as_text=True)

    assert code_of(mine.post(f"/bookings/{code}/undo")) == code

    booking = the_booking()
    assert (booking.starts_at, booking.ends_at) == (at(9), at(10))
    assert booking.state is BookingState.CONFIRMED
    assert claims() == 1
    assert "It is as it was" in page_of(mine.get(f"/bookings/{code}"))


def test_the_page_says_until_when_a_step_can_be_taken_back(mine: Visit) -> None:
    code = code_of(mine.book())

    assert "for ten seconds, until 08:10:10" in page_of(mine.get(f"/bookings/{code}"))


def test_after_that_it_is_too_late_and_the_page_shows_the_way_on(
    mine: Visit, clock: time_machine.Traveller
) -> None:
    code = code_of(mine.book())
    mine.post(f"/bookings/{code}/cancel")
    clock.shift(timedelta(seconds=13))

    answer = mine.post(f"/bookings/{code}/undo")

    assert answer.status_code == 409
    assert "It is too late to undo this" in page_of(answer)
    assert "/en/bookings/new?space=1.32" in answer.get_data(as_text=True)
    assert claims() == 0


def test_a_cancelled_place_that_went_meanwhile_does_not_come_back(mine: Visit) -> None:
    code = code_of(mine.book())
    mine.post(f"/bookings/{code}/cancel")
    make_booking(make_member(), space_by_code("1.32"), period(9, 10))

    answer = mine.post(f"/bookings/{code}/undo")

    assert answer.status_code == 409
    assert "This place is taken at that time" in page_of(answer)


def test_nobody_takes_back_what_another_did(client: FlaskClient, floor: Floor, me: Actor) -> None:
    booking = make_booking(me, space_by_code("1.32"), period(9, 12))
    admin = visit(client, make_member(employer_of(me), role=Role.ORG_ADMIN))

    assert admin.post(f"/bookings/{booking.code}/undo").status_code == 409
    assert claims() == 1


# --- another time or place --------------------------------------------------------------------


def test_the_form_of_a_change_holds_how_it_is(mine: Visit) -> None:
    code = code_of(mine.book("hunze", title="Sprint", to="10:00"))

    html = mine.get(f"/bookings/{code}/change").get_data(as_text=True)

    for expected in (
        'value="Sprint"',
        'value="2026-11-26"',
        "<option selected>10:00</option>",
        '<option value="hunze" selected>',
        'name="revision" type="hidden" value="1"',
    ):
        assert expected in html


def test_a_change_moves_to_another_time_and_place(mine: Visit) -> None:
    code = code_of(mine.book())

    answer = mine.post(
        f"/bookings/{code}/change",
        {"space": "1.33", **HOURS, "from": "10:00", "title": "", "revision": "1"},
    )

    assert code_of(answer) == code
    booking = the_booking()
    assert (booking.space.code, booking.starts_at, booking.revision) == ("1.33", at(10), 2)
    assert "Moved by Femke Postma; it was desk 1.32" in page_of(mine.get(f"/bookings/{code}"))


def test_what_a_change_does_not_say_stays(mine: Visit) -> None:
    code = code_of(mine.book("hunze", title="Sprint", note="Twee borden", to="10:00"))

    mine.post(
        f"/bookings/{code}/change",
        {"space": "hunze", **HOURS, "to": "11:00", "revision": "1"},
    )

    booking = the_booking()
    assert (booking.title, booking.note, booking.ends_at) == ("Sprint", "Twee borden", at(11))


def test_a_change_to_what_is_taken_keeps_what_one_has_and_shows_ways_out(mine: Visit) -> None:
    code = code_of(mine.book())
    make_booking(make_member(), space_by_code("1.33"), period(8, 12))

    answer = mine.post(
        f"/bookings/{code}/change", {"space": "1.33", **HOURS, "to": "12:00", "revision": "1"}
    )

    assert answer.status_code == 409
    assert "Desk 1.33 has just been taken" in page_of(answer)
    assert (mine.booking().space.code, mine.booking().ends_at) == ("1.32", at(17, 30))
    action, fields = ways_of(answer)[0]
    assert action == f"/en/bookings/{code}/change"
    assert mine.client.post(action, data=fields).status_code == 303


def test_an_older_version_is_refused_with_both_beside_each_other(mine: Visit) -> None:
    code = code_of(mine.book("hunze", to="10:00"))
    change = {"space": "hunze", **HOURS, "revision": "1"}
    mine.post(f"/bookings/{code}/change", {**change, "to": "11:00", "title": "Van tab een"})

    answer = mine.post(
        f"/bookings/{code}/change", {**change, "to": "12:00", "title": "Van tab twee"}
    )

    words = page_of(answer)
    assert answer.status_code == 409
    assert "How it is now Hunze, today 09:00–11:00 Van tab een" in words
    assert "What you filled in Hunze, today 09:00–12:00 Van tab twee" in words
    assert the_booking().title == "Van tab een"
    assert 'name="revision" type="hidden" value="2"' in answer.get_data(as_text=True)


# --- what it costs ----------------------------------------------------------------------------


def test_booking_takes_at_most_fourteen_statements(mine: Visit) -> None:
    with statements() as found:
        answer = mine.book()

    assert answer.status_code == 303
    assert len(found) <= 14, found


def test_the_page_of_a_booking_takes_at_most_ten_statements(mine: Visit) -> None:
    moved = {"space": "1.33", **HOURS, "revision": "1"}
    code = code_of(mine.book())
    mine.post(f"/bookings/{code}/change", moved)  # so that its history names another space
    make_booking(make_member(), space_by_code("hunze"), period(9, 10))

    with statements() as found:
        answer = mine.get(f"/bookings/{code}")

    assert answer.status_code == 200
    assert len(found) <= 10, found
