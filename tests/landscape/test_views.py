"""The front page: its picture by day, in closed hours and at night, and what it never tells."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.landscape.pages import KEPT
from campus.members.models import Actor
from campus.occupancy.rules import Owner, OwnerKind
from campus.occupancy.service import claim, release
from campus.spaces.models import Closure, Floor, OpeningHours, Space, SpaceKind
from tests.bookings.visits import page_of, statements
from tests.factories import (
    DAY,
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_space,
    make_zone,
    period,
    sign_in,
    tomorrow,
)

MOST_QUERIES = 7
MOST_NODES = 480
MOST_BYTES = 14_000  # of the hero, compressed
MOST_PAGE_NODES = 900
WEEKEND = date(2026, 11, 28)


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def front(client: FlaskClient, moment: datetime = NOW, *, language: str = "en") -> str:
    """Return the front page as it is at a moment, not as it was kept."""
    client.application.extensions.get(KEPT, {}).clear()
    with time_machine.travel(moment, tick=False):
        answer = client.get(f"/{language}/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def words(page: str) -> str:
    """Return what the page says, the drawing's own words included."""
    main = page.partition('<main id="main"')[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", f"<{main}").split())


def drawing(page: str) -> str:
    return page.partition('<svg class="land"')[2].partition("</svg>")[0]


def outlines(page: str, tone: str) -> int:
    """Return how many parcels of a tone are drawn."""
    found = re.search(rf'<path class="{tone}" d="([^"]*)"', drawing(page))
    return found[1].count("M") if found else 0


def strips(page: str) -> list[str]:
    """Return what stands at the front edge: a name and a state for each strip that reaches it."""
    found = re.findall(r'<text class="f[ns](?: far)?"[^>]*>([^<]*)</text>', drawing(page))
    return [" ".join(pair) for pair in zip(found[1::2], found[2::2], strict=False)]


def zone_of(desks: int, floor: Floor) -> list[Space]:
    zone = make_zone(floor)
    return [make_space(floor=floor, zone_id=zone.id) for _ in range(desks)]


def close(space: Space, when: Period) -> None:
    with unit_of_work():
        closure = Closure(
            space_id=space.id, starts_at=when.starts_at, ends_at=when.ends_at, created_at=NOW
        )
        db.session.add(closure)
        db.session.flush()
        claim(owner=Owner(OwnerKind.CLOSURE, closure.id), spaces=[space], periods=[when])


def book_at_once(actor: Actor, spaces: list[Space], when: Period) -> None:
    """Book many spaces for one person, past the rules of one booking each."""
    with unit_of_work():
        for space in spaces:
            booking = Booking(
                space_id=space.id,
                organisation_id=actor.organisation_id,
                person_id=actor.person_id,
                booked_by_id=actor.person_id,
                idem=f"at-once-{space.id}-{when.starts_at}",
                idem_digest="",
                starts_at=when.starts_at,
                ends_at=when.end,
                state=BookingState.CONFIRMED,
                created_at=NOW,
                updated_at=NOW,
            )
            db.session.add(booking)
            db.session.flush()
            claim(owner=Owner(OwnerKind.BOOKING, booking.id), spaces=[space], periods=[when])


# --- by day -----------------------------------------------------------------------------------


def test_an_open_day_shows_what_is_booked_from_now_on(client: FlaskClient, database: None) -> None:
    floor = make_house()
    desks = zone_of(14, floor)
    hunze = make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    member = make_member()
    make_booking(member, desks[0], period(8, 12))
    make_booking(member, hunze, period(10, 12))

    page = front(client)

    assert "Thursday 26 November · open until 20:00" in words(page)
    assert "Wide land." in words(page)
    assert strips(page) == ["Open field south 10+ free", "Hunze free until 10:00"]
    assert outlines(page, "pw") == 1
    assert "10+ /14 desks free, now" in words(page)
    assert "1 /1 rooms free, now" in words(page)


def test_a_room_that_is_taken_says_until_when(client: FlaskClient, database: None) -> None:
    make_house()
    hunze = make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    make_booking(make_member(), hunze, Period(at(8, 15), at(9)))

    with time_machine.travel(at(8, 20), tick=False):
        assert strips(front(client, at(8, 20))) == ["Hunze taken until 09:00"]


def test_a_combined_room_is_free_when_all_its_parts_are(
    client: FlaskClient, database: None
) -> None:
    make_house()
    east, west = (make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("east", "west"))
    make_space("whole", kind=SpaceKind.EVENT_SPACE, parts=(east, west))
    member = make_member()
    make_booking(member, east, period(8, 9))

    assert "1 /3 rooms free, now" in words(front(client))

    book_at_once(member, [east, west], period(12, 14))

    assert outlines(front(client), "pw") == 2 + 1 + 2  # on the whole, the one of both is one


def test_a_booking_over_several_days_is_drawn_to_the_horizon(
    client: FlaskClient, database: None
) -> None:
    make_house()
    hunze = make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    days = Period(at(8, day=DAY - timedelta(days=1)), at(20, day=tomorrow()))
    book_at_once(make_member(), [hunze], days)

    page = front(client)

    assert strips(page) == ["Hunze taken"]
    assert (outlines(page, "pw"), outlines(page, "soil")) == (1, 0)


def test_a_closed_room_is_out_of_use(client: FlaskClient, database: None) -> None:
    make_house()
    close(make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze"), period(0, 23))

    page = front(client)

    assert strips(page) == ["Hunze closed"]
    assert outlines(page, "off") == 1
    assert "out of use" in words(page)
    assert "Nothing booked yet today" in words(page)


def test_a_room_that_was_taken_before_it_closed_is_closed(
    client: FlaskClient, database: None
) -> None:
    make_house()
    hunze = make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    make_booking(make_member(), hunze, Period(at(8, 15), at(9)))
    close(hunze, period(9, 22))

    assert strips(front(client, at(9, 30))) == ["Hunze closed"]


def test_a_let_studio_is_heather_and_an_empty_one_soil(
    client: FlaskClient, database: None
) -> None:
    make_house()
    make_space("S1", kind=SpaceKind.INCUBATOR_SLOT, tenant="Fjild")
    make_space("S2", kind=SpaceKind.OFFICE_UNIT)
    make_space()

    page = front(client)

    assert (outlines(page, "ph"), outlines(page, "soil")) == (1, 13)
    assert "Fjild" not in page


def test_a_zone_of_few_desks_is_shown_with_its_floor(client: FlaskClient, database: None) -> None:
    zone_of(3, make_house())
    make_space()

    assert strips(front(client)) == ["Wierde 1+ free"]


def test_a_booking_of_five_is_left_out_of_a_band(client: FlaskClient, database: None) -> None:
    desks = zone_of(14, make_house())
    before = drawing(front(client))

    make_booking(make_member(), desks[0], period(8, 9))

    assert strips(front(client)) == ["Open field south 10+ free"]
    assert drawing(front(client)) == before  # one desk in fourteen shows nowhere


# --- none, few, many --------------------------------------------------------------------------


def test_a_day_without_bookings_is_bare_soil_and_says_so(
    client: FlaskClient, database: None
) -> None:
    zone_of(5, make_house())
    make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")

    page = front(client)

    assert "Nothing booked yet today" in words(page)
    assert not any(outlines(page, tone) for tone in ("g1", "g2", "g3", "pw", "off"))
    assert strips(page) == ["Open field south 5+ free", "Hunze free"]
    assert "Book a desk for today, 5+ free" in words(page)


def test_where_little_is_booked_the_button_says_how_much_is_free(
    client: FlaskClient, database: None
) -> None:
    desks = zone_of(20, make_house())
    member = make_member()
    book_at_once(member, desks[:2], period(8, 20))
    assert "Book a desk for today, 15+ free" in words(front(client))

    book_at_once(member, desks[2:10], period(8, 20))

    assert "Book a desk for today <" in " ".join(front(client).split()).replace("</a>", " <")
    assert "Nothing booked" not in words(front(client))


def test_a_full_day_sends_to_the_first_one_with_a_free_desk(
    client: FlaskClient, database: None
) -> None:
    desks = zone_of(5, make_house())
    member = make_member()
    for day in (DAY, tomorrow()):
        book_at_once(member, desks, period(8, 20, day=day))

    page = front(client)

    assert "Book a desk for Monday" in words(page)
    assert 'href="/en/book?day=2026-11-30"' in page
    assert "0 /5 desks free, now" in words(page)
    assert strips(page) == ["Open field south full"]


def test_a_day_that_is_nearly_over_sends_to_the_next(client: FlaskClient, database: None) -> None:
    desks = zone_of(5, make_house())
    make_booking(make_member(), desks[0], period(8, 12))

    page = words(front(client, at(19, 30)))

    assert "Book a desk for tomorrow" in page
    assert "Nothing more is booked today" in page


# --- closed -----------------------------------------------------------------------------------


def test_a_weekend_lies_under_water_until_the_next_open_day(
    client: FlaskClient, database: None
) -> None:
    desks = zone_of(14, make_house())
    hunze = make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    monday = date(2026, 11, 30)
    book_at_once(make_member(), [*desks[:4], hunze], period(9, 11, day=monday))

    page = front(client, at(19, 40, day=WEEKEND))

    assert "is-dusk" in page
    assert "The land lies still." in words(page)
    assert "closed now, opens Monday at 08:00" in words(page)
    assert "Monday at least 10 desks are free, from 08:00 to 20:00." in words(page)
    assert strips(page) == ["Open field south Mon 10+ free", "Hunze Mon 1 booking"]
    assert outlines(page, "wet") == 2
    assert "Book a desk for Monday" in words(page)
    assert 'href="/en/book?day=2026-11-30"' in page
    assert "08:00 open again, Monday" in words(page)
    assert "0 /1 rooms with a free morning" in words(page)


def test_before_opening_the_day_lies_behind_the_water(client: FlaskClient, database: None) -> None:
    zone_of(5, make_house())

    page = words(front(client, at(7, 10)))

    assert "opens at 08:00" in page
    assert "open in 50 minutes" in page
    assert "Book a desk for today" in page


@pytest.mark.parametrize(
    ("moment", "look"),
    [(at(20, 30), "is-dusk"), (at(21), "is-night"), (at(5, 59), "is-night"), (at(6), "is-dusk")],
)
def test_night_falls_at_nine(
    client: FlaskClient, database: None, moment: datetime, look: str
) -> None:
    zone_of(5, make_house())

    assert f'class="hero {look}"' in front(client, moment)


def test_at_night_lights_tell_that_somebody_is_in_and_not_that_they_are_alone(
    client: FlaskClient, database: None
) -> None:
    make_house()
    hunze = make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    dark = front(client, at(22, 40))
    assert "lamp" not in dark
    assert "open in 9 hours 20" in words(dark)
    book_at_once(make_member(), [hunze], period(21, 23))

    lit = front(client, at(22, 40))

    assert "There is still a light on." in words(lit)
    assert re.search(r'class="lamp"\s+d="M\d+ \d+h8v9h-8zM\d+ \d+h8v9h-8z"', lit)


def test_a_closed_day_says_when_it_opens(client: FlaskClient, database: None) -> None:
    make_house()
    make_space()
    with unit_of_work():
        db.session.add(OpeningHours(on_day=DAY, reason_nl="Verbouwing", reason_en="Works"))

    page = words(front(client))

    assert "closed now, opens tomorrow at 08:00" in page
    assert "1+ /1 desks free, tomorrow" in page
    assert "Book a desk for tomorrow" in page
    assert "Nothing booked yet for tomorrow" in page


# --- odd campuses -----------------------------------------------------------------------------


@pytest.mark.parametrize("hour", [3, 10, 23])
def test_an_empty_database_has_a_front_page(
    client: FlaskClient, database: None, hour: int
) -> None:
    page = front(client, at(hour))

    assert "Nothing to book yet" in words(page)
    assert outlines(page, "mead") == 2


@pytest.mark.parametrize("hour", [3, 10, 23])
def test_a_campus_without_spaces_has_a_front_page(
    client: FlaskClient, database: None, hour: int
) -> None:
    make_house()

    assert "Nothing to book yet" in words(front(client, at(hour)))


def test_a_campus_that_stays_closed_for_long_says_so(client: FlaskClient, database: None) -> None:
    make_house()
    make_space()
    with unit_of_work():
        db.session.query(OpeningHours).delete()

    page = front(client)

    assert "Closed for now" in words(page)
    assert "The land lies still." in words(page)


@pytest.mark.parametrize("hour", [3, 10, 23])
def test_a_campus_of_one_room_is_drawn(client: FlaskClient, database: None, hour: int) -> None:
    make_house()
    make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")

    page = front(client, at(hour))

    assert len(strips(page)) == 1
    assert outlines(page, "mead") == 2  # nothing is invented to fill the rest
    assert "Book a place" in words(page)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(time(0), time(0)), (time(8, 7), time(8, 12)), (time(6), time(0)), (time(13, 30), time(14))],
)
@pytest.mark.parametrize("hour", [3, 8, 13, 22])
def test_odd_hours_are_drawn(
    client: FlaskClient, database: None, opens: time, closes: time, hour: int
) -> None:
    zone_of(5, make_house())
    with unit_of_work():
        db.session.query(OpeningHours).update({"opens": opens, "closes": closes})

    page = front(client, at(hour, 10))

    assert drawing(page)
    assert "free" in words(page)


def test_hours_of_rooms_alone_are_hours_too(client: FlaskClient, database: None) -> None:
    make_house()
    make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    with unit_of_work():
        db.session.query(OpeningHours).update({"kind": SpaceKind.MEETING_ROOM})

    assert strips(front(client)) == ["Hunze free"]


def test_a_space_that_is_gone_is_not_counted(client: FlaskClient, database: None) -> None:
    make_house()
    make_space()
    make_space(available_until_on=DAY)
    make_space(available_from_on=tomorrow())

    assert "1+ /1 desks free, now" in words(front(client))


# --- what it never tells, what it costs -------------------------------------------------------


def test_no_title_and_no_name_is_on_the_page(client: FlaskClient, database: None) -> None:
    make_house()
    member = make_member(make_organisation("Terpdata", shows_titles=True))
    room = make_space("a", kind=SpaceKind.MEETING_ROOM)
    make_booking(member, room, period(9, 10), title="Geheim")

    for moment in (at(8, 10), at(9, 30), at(22)):
        page = front(client, moment, language="nl")
        assert "Geheim" not in page
        assert "Terpdata" not in page
        assert member.name not in page


def test_the_page_has_no_script_and_no_style(client: FlaskClient, database: None) -> None:
    make_house()
    make_space()

    page = front(client)

    assert "<script" not in page
    assert "style=" not in page


def test_the_picture_is_read_in_a_sentence_and_led_on_from(
    client: FlaskClient, database: None
) -> None:
    zone_of(6, make_house())

    page = front(client)

    title = re.search(r'<title id="land-t">([^<]*)</title>', page)
    assert title
    assert "the horizon is 20:00" in title[1]
    assert "5+ of 6 desks are free." in title[1]
    link = re.search(r'<a href="([^"]*)">Read it as a timeline</a>', page)
    assert link
    assert client.get(link[1]).status_code == 200


def test_what_is_asked_does_not_grow_with_spaces_or_bookings(
    client: FlaskClient, database: None
) -> None:
    desks = zone_of(5, make_house())
    make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    member = make_member()
    with statements() as few:
        front(client)
    more = [make_space(f"r{number}", kind=SpaceKind.MEETING_ROOM) for number in range(20)]
    book_at_once(member, [*desks, *more], period(9, 11))

    with statements() as many:
        front(client)

    assert len(many) == len(few) <= MOST_QUERIES


def test_a_picture_is_kept_for_a_minute_and_shows_nothing_of_its_reader(
    client: FlaskClient, database: None
) -> None:
    member = make_member(name="Femke Postma")
    make_house()
    make_space()
    sign_in(client, member)
    client.get("/en/")

    with statements() as asked:
        stranger = client.application.test_client()
        page = stranger.get("/en/").get_data(as_text=True)

    assert asked == []
    assert "Femke" not in page
    assert "Sign in" in page
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False), statements() as later:
        stranger.get("/en/")
    assert later


def test_a_picture_is_kept_in_each_language(client: FlaskClient, database: None) -> None:
    make_house()
    make_space()

    assert "open until then, today" in page_of(client.get("/en/"))
    assert "tot dan open, vandaag" in page_of(client.get("/nl/"))
    assert "open until then, today" in page_of(client.get("/en/"))


def test_three_hundred_rooms_share_strips_and_stay_within_the_budget(
    client: FlaskClient, database: None
) -> None:
    floor = make_house()
    more = [
        Floor(building_id=floor.building_id, code=f"f{level}", name=f"Laag {level}", level=level)
        for level in range(2, 12)
    ]
    with unit_of_work():
        db.session.add_all(more)
    floors = [floor.id, *(one.id for one in more)]
    with unit_of_work():
        rooms = [
            Space(
                code=f"r{number}",
                name=f"Ruimte {number}",
                kind=SpaceKind.MEETING_ROOM,
                floor_id=floors[number % len(floors)],
            )
            for number in range(300)
        ]
        db.session.add_all(rooms)
    zone_of(5, floor)
    member = make_member()
    for hour in range(8, 20, 2):
        book_at_once(member, rooms[: 20 * hour], period(hour, hour + 1))

    for moment in (NOW, at(7), at(22)):
        page = front(client, moment)
        hero = page.partition('<section class="hero')[2].partition("</section>")[0]
        assert drawing(page).count("<") - drawing(page).count("</") <= MOST_NODES
        assert len(re.findall(r"<[a-z]", page)) <= MOST_PAGE_NODES
        assert len(gzip.compress(hero.encode())) <= MOST_BYTES
    assert any(strip.startswith("Laag 2") for strip in strips(page))


def test_clearing_a_claim_shows_in_the_next_picture(client: FlaskClient, database: None) -> None:
    make_house()
    hunze = make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    booking = make_booking(make_member(), hunze, period(9, 10))
    assert outlines(front(client), "pw") == 1
    with unit_of_work():
        release(owner=Owner(OwnerKind.BOOKING, booking.id))

    assert outlines(front(client), "pw") == 0
