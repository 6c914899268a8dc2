"""A list beside the campus: what it adds, changes and leaves alone; all of it or nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from campus import clock
from campus.bookings.models import Booking
from campus.db import counters, db, unit_of_work
from campus.errors import Conflict, Forbidden
from campus.floorplan import service as floorplan
from campus.home.faults import examine
from campus.journal.models import Entry
from campus.members import queries as members
from campus.members.models import Actor, Duty, Person
from campus.roomlist import answers, service
from campus.roomlist.answers import Outcome
from campus.roomlist.asking import asked_of
from campus.schedule import service as schedule
from campus.spaces import service as spaces
from campus.spaces.models import (
    BookingRule,
    Building,
    Floor,
    OpeningHours,
    Space,
    SpaceKind,
    SpaceState,
    is_code,
)
from campus.web.remarks import Mistaken
from tests.factories import (
    NOW,
    make_booking,
    make_house,
    make_member,
    make_space,
    make_staff,
    make_zone,
    period,
)
from tests.races import outcomes
from tests.roomlist.conftest import SMALL, asked, imported, said, upload_of

pytestmark = pytest.mark.usefixtures("database")


def space(code: str) -> Space:
    return db.session.scalars(select(Space).where(Space.code == code)).one()


def count(what: type) -> int:
    return db.session.scalar(select(func.count()).select_from(what)) or 0


def refused(words: str, *, map: str | None = None) -> list[str]:
    before = [count(what) for what in (Space, Building, Floor, Entry, BookingRule)]
    with pytest.raises(Mistaken) as caught:
        imported(words, map=map)
    assert [count(what) for what in (Space, Building, Floor, Entry, BookingRule)] == before
    return said(caught.value)


def is_sound() -> bool:
    return not any(one.faults for one in examine(clock.now()))


def real(rooms: str, map_file: str) -> Outcome:
    return answers.carry_out(asked_of(upload_of(rooms, map_file)), actor=None, now=NOW)


# --- the lists of others ----------------------------------------------------------------------


def test_the_rooms_of_london_come_in() -> None:
    done = real("ucl-rooms.json", "ucl.toml").plan

    assert (len(done.added), len(done.buildings), len(done.floors)) == (266, 42, 0)
    room = space("037.G02")
    assert (room.name, room.kind, room.capacity, room.floor_id, room.place_en) == (
        "Medawar Building G02 Watson LT", SpaceKind.EVENT_SPACE, 54, None, "Medawar Building",
    )  # fmt: skip
    assert done.warnings == []
    assert is_sound()


def test_the_rooms_of_singapore_come_in_with_their_odd_floors_told() -> None:
    done = real("nus-venues.json", "nus.toml").plan

    assert (len(done.added), len(done.floors)) == (717, 12)
    assert Counter(one.spot.path.endswith(".floor") for one in done.warnings) == {
        True: 14,
        False: 1,  # nobody knows for how many they are
    }
    assert space("S13-M-08").floor_id is None
    assert space("CQT-SR0315").floor is not None
    assert {space("I3-0344").name, space("I3-03-44").name} == {"STMI Executive Training Room"}
    assert is_sound()


def test_the_rooms_of_dresden_come_in_without_stairs_and_lifts() -> None:
    outcome = real("tud-apb-rooms.csv", "tud.toml")

    assert len(outcome.plan.added) == 254
    assert outcome.asked.left_out == {"only kind": 63, "except ref": 25}
    room = space("APB.E017")
    assert (room.name, room.floor and room.floor.level) == ("Fachschaftsrat Informatik", 0)
    assert is_sound()


@pytest.mark.parametrize(
    ("rooms", "map_file"),
    [
        ("ucl-rooms.json", "ucl.toml"),
        ("nus-venues.json", "nus.toml"),
        ("tud-apb-rooms.csv", "tud.toml"),
    ],
)
def test_the_same_list_once_more_changes_nothing(rooms: str, map_file: str) -> None:
    first = real(rooms, map_file).plan
    second = real(rooms, map_file).plan

    assert second.changes_nothing
    assert second.unchanged == len(first.added)


# --- a campus of one's own --------------------------------------------------------------------


def test_a_simple_list_makes_an_empty_campus_one_that_can_be_booked() -> None:
    outcome = imported(SMALL)

    room = space("A1")
    assert (room.name, room.kind, room.capacity) == ("Hunze", SpaceKind.MEETING_ROOM, 6)
    assert room.floor is not None
    assert (room.floor.name, room.floor.building.name) == ("Verdieping 1", "Noorderkwartier")
    assert count(OpeningHours) == 5
    assert [str(one) for one in outcome.notices] == [
        "Meeting rooms: nobody had set how they are booked; usual rules hold.",
        "Nobody had set opening hours: Monday to Friday, 08:00 to 18:00, hold.",
    ]
    assert is_sound()


def test_a_list_as_dutch_excel_saves_it_comes_in() -> None:
    words = (
        "Ruimtecode;Naam;Soort;Gebouw;Etage;Aantal personen;Oppervlakte (m²);Beschikbaar vanaf;"
        "Beschikbaar tot\r\nH.1;Zaal Één;Zaal;Hoofdgebouw Noord;-1;80;120,5;1-12-2026;\r\n"
    )
    imported(words.encode("cp1252"))

    hall = space("H.1")
    assert (hall.name, hall.kind, hall.capacity, hall.area_dm2) == (
        "Zaal Één", SpaceKind.EVENT_SPACE, 80, 12_050,
    )  # fmt: skip
    assert (hall.available_from_on, hall.available_until_on) == (date(2026, 12, 1), None)
    assert hall.floor is not None
    assert (hall.floor.level, hall.floor.building.code) == (-1, "hoofdgebouw-noord")


def test_what_a_list_does_not_know_stays_unknown() -> None:
    imported("code;kind;capacity\nA1;desk;\n")

    desk = space("A1")
    assert (desk.name, desk.capacity, desk.area_dm2, desk.floor_id) == ("A1", None, None, None)


# --- once more --------------------------------------------------------------------------------


def test_what_changed_is_told_with_old_and_new_and_the_rest_stays() -> None:
    make_house()
    make_space(
        "A1", kind=SpaceKind.MEETING_ROOM, name="Hunze", capacity=6, about_nl="Met uitzicht"
    )
    make_space("A2", kind=SpaceKind.MEETING_ROOM, name="Reest", capacity=8)
    make_space("A3", kind=SpaceKind.MEETING_ROOM, name="Lauwers", capacity=4)

    done = imported("code;name;capacity;area\na1;Dollard;6;24,5\nA2;Reest;;\n").plan

    assert [(one.code, one.differences) for one in done.changed] == [
        ("A1", done.changed[0].differences)
    ]
    told = [(str(one.field), str(one.old), str(one.new)) for one in done.changed[0].differences]
    assert told == [("name", "Hunze", "Dollard"), ("area", "unknown", "24.5 m²")]
    assert (done.unchanged, done.absent) == (1, ["A3"])
    room = space("A1")
    assert (room.name, room.capacity, room.area_dm2, room.about_nl) == (
        "Dollard", 6, 2450, "Met uitzicht",
    )  # fmt: skip
    assert (room.revision, space("A2").revision) == (2, 1)


def test_a_space_that_goes_to_another_floor_leaves_its_zone_and_its_shape_behind() -> None:
    floor = make_house()
    zone = make_zone(floor)
    make_space("A1", zone_id=zone.id, plan_x=1, plan_y=1, plan_width=5, plan_height=5)

    done = imported("code;floor\nA1;2\n").plan

    desk = space("A1")
    assert desk.floor is not None
    assert (desk.floor.level, desk.zone_id, desk.plan_x) == (2, None, None)
    assert "loses its zone" in str(done.warnings[0].message)
    assert [str(one.new) for one in done.changed[0].differences] == [
        "Noorderkwartier, Verdieping 2",
        "unknown",
    ]
    assert is_sound()


def test_a_floor_is_found_by_its_code_its_name_or_its_level() -> None:
    floor = make_house()
    imported("code;kind;floor\nA1;desk;wierde\nA2;desk;1\nA3;desk;1,0\n")

    assert {space(code).floor_id for code in ("A1", "A2", "A3")} == {floor.id}


def test_a_zone_is_found_by_its_name() -> None:
    zone = make_zone(make_house())
    imported("code;kind;floor;zone\nA1;desk;1;open veld ZUID\n")

    assert space("A1").zone_id == zone.id


def test_a_building_without_a_floor_is_a_place_in_words_that_staff_may_better() -> None:
    imported("code;kind;building\nA1;desk;Hoofdgebouw\nA2;desk;Hoofdgebouw\n")
    with unit_of_work():
        space("A2").place_nl = "Naast de deur"

    done = imported("code;kind;building\nA1;desk;Schuur\nA2;desk;Schuur\n").plan

    assert [one.code for one in done.changed] == ["A1"]
    assert (space("A1").place_nl, space("A2").place_nl) == ("Schuur", "Naast de deur")


def test_another_building_without_a_floor_moves_nothing_and_is_told() -> None:
    floor = make_house()
    make_space("A1")

    done = imported("code;building\nA1;Schuur\n").plan

    assert [str(one.message) for one in done.warnings] == [
        "A1 is on a floor of Noorderkwartier and stays there, for the list says no floor."
    ]
    assert (done.changed, space("A1").floor_id) == ([], floor.id)


def test_a_row_that_does_not_fit_hides_no_other_mistake() -> None:
    rows = ("A1;desk;0;31-02-2026", "A2;desk;1;;9", "A3;desk;-3;")

    found = refused("\n".join(("code;kind;capacity;available from", *rows, "")))

    assert [one.partition(":")[0] for one in found] == [
        "line 2, column capacity",
        "line 2, column available from",
        "line 3",
        "line 4, column capacity",
    ]
    assert "“31-02-2026” is on a day that no calendar has." in found[1]
    assert "This line has 5 cells, the first line 4." in found[2]


# --- what the building's own pages refuse -----------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("code;kind\nA1;desk\n", "line 2, column kind: 1 booking is to come here, made for what"),
        ("code;available until\nA1;26-11-2026\n", "line 2, column available until: 1 booking"),
        ("code;available from\nA1;01-01-2030\n", "line 2, column available from: 1 booking"),
    ],
)
def test_what_coming_bookings_do_not_allow_is_a_mistake(words: str, said: str) -> None:
    make_house()
    room = make_space("A1", kind=SpaceKind.MEETING_ROOM)
    make_booking(make_member(), room, period(10, 11))

    [mistake] = refused(words)

    assert mistake.startswith(said)


@pytest.mark.parametrize(
    "words", ["code;kind\nA1;desk\n", "code;available until\nA1;26-11-2026\n"]
)
def test_who_comes_to_a_combined_room_comes_to_its_parts(words: str) -> None:
    make_house()
    parts = (make_space("A1", kind=SpaceKind.MEETING_ROOM), make_space("A2"))
    hall = make_space("Hall", kind=SpaceKind.MEETING_ROOM, parts=parts)
    make_booking(make_member(), hall, period(10, 11))

    [mistake] = refused(words)

    assert "1 booking" in mistake


@pytest.mark.parametrize(
    "words",
    [
        "code;kind\nA1;vergaderruimte\n",
        "code;available until\nA1;27-11-2026\n",
        "code;available from\nA1;26-11-2026\n",
    ],
)
def test_what_coming_bookings_allow_is_done(words: str) -> None:
    make_house()
    room = make_space("A1", kind=SpaceKind.MEETING_ROOM)
    make_booking(make_member(), room, period(10, 11))

    imported(words)


def test_what_is_over_binds_nobody() -> None:
    make_house()
    room = make_space("A1", kind=SpaceKind.MEETING_ROOM)
    make_booking(make_member(), room, period(10, 11))
    tomorrow = NOW + timedelta(days=1)

    answers.carry_out(asked("code;kind\nA1;desk\n"), actor=None, now=tomorrow)

    assert space("A1").kind is SpaceKind.DESK


def test_coming_bookings_are_asked_for_once_however_many_spaces_change() -> None:
    make_house()
    member = make_member()
    for number in range(5):
        room = make_space(f"A{number}", kind=SpaceKind.MEETING_ROOM)
        make_booking(member, room, period(10, 11))
    asking: list[str] = []

    def listen(_one: object, _two: object, statement: str, *_more: object) -> None:
        if "booking.space_id IN" in statement:
            asking.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        mistakes = refused("code;kind\n" + "".join(f"A{number};desk\n" for number in range(5)))
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)

    assert (len(mistakes), len(asking)) == (5, 1)


def test_what_is_booked_after_the_look_is_seen_once_the_space_is_held() -> None:
    make_house()
    room, member = make_space("A1", kind=SpaceKind.MEETING_ROOM), make_member()
    plan = answers.rehearse(asked("code;kind\nA1;desk\n"), actor=None, now=NOW).plan
    make_booking(member, room, period(10, 11))

    with pytest.raises(Conflict, match="Somebody booked a space meanwhile"), unit_of_work():
        service.import_spaces(plan, site=spaces.site_of("campus"), actor=None, now=NOW)

    assert space("A1").kind is SpaceKind.MEETING_ROOM


def test_buildings_and_floors_that_only_capitals_tell_apart_are_one() -> None:
    imported("code;kind;building;floor\nA1;desk;Noord;0\nA2;desk;NOORD;0\n")
    imported("code;kind;building;floor\nA3;desk;noord;0\nA4;desk;noord;NOORD-0\n")

    assert (count(Building), count(Floor)) == (1, 1)
    assert {one.floor_id for one in db.session.scalars(select(Space))} == {
        db.session.scalars(select(Floor.id)).one()
    }


@pytest.mark.parametrize("code", ["new", "IMPORT", ".", ".."])
def test_what_is_an_address_of_its_own_is_no_code_of_a_space(code: str) -> None:
    [mistake] = refused(f"code;kind\n{code};desk\n")

    assert mistake.startswith(f"line 2, column code: “{code}” is no code")


def test_a_building_whose_name_is_no_code_gets_another_one() -> None:
    imported("code;kind;building;floor\nA1;desk;New;0\nA2;desk;..;0\n")

    codes = db.session.scalars(select(Building.code).order_by(Building.id)).all()
    assert (len(codes), all(is_code(one) for one in codes)) == (2, True)


def test_a_retired_space_stays_so_and_is_told() -> None:
    make_house()
    make_space("A1", state=SpaceState.RETIRED)

    done = imported("code;name\nA1;Dollard\n").plan

    assert "out of use for good" in str(done.warnings[0].message)
    assert space("A1").state is SpaceState.RETIRED


def test_bookings_tell_the_changed_name_in_feeds() -> None:
    make_house()
    room = make_space("A1", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    make_booking(make_member(), room, period(9, 10))
    key = counters.Counter.key == counters.key("campus")
    before = counters.state_of(key)[0]

    imported("code;capacity\nA1;9\n")
    assert db.session.scalars(select(Booking.ical_version)).one() > 0
    imported("code;name\nA1;Dollard\n")

    assert db.session.scalars(select(Booking.ical_version)).one() == 0
    assert counters.state_of(key)[0] == before + 1


def test_feeds_of_the_floor_that_a_space_leaves_are_read_anew() -> None:
    floor = make_house()
    make_space("A1")
    key = counters.Counter.key == counters.key("floor", floor.id)

    imported("code;floor\nA1;2\n")

    assert counters.state_of(key)[0] == 1


def test_an_import_is_one_entry_of_the_journal() -> None:
    staff = make_staff(Duty.CAMPUS_MANAGER)
    imported(SMALL, by=staff)

    entry = db.session.scalars(select(Entry).where(Entry.verb == "spaces.import")).one()
    assert (entry.person_id, entry.subject) == (staff.person_id, "site:campus")
    assert entry.details == '{"added": 2, "changed": 0, "unchanged": 0}'


# --- wrong input ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        ("naam\nx\n", ": No column is called code"),
        ("code;naam;name\nA;x;y\n", "line 1, column name: The columns “naam” and “name” both say"),
        ("code;kind\nA 1;desk\n", "line 2, column code: “A 1” is no code"),
        ("code;kind\n;desk\n", "line 2, column code: Here is no code."),
        ("code;kind\nA1;desk\na1;desk\n", "line 3, column code: The code a1 is there already, as"
         " A1 in line 2; capitals make no difference."),
        ("code;kind\nA1;boot\n", "line 2, column kind: “boot” is no kind of space. There are:"
         " desk, meeting room, call booth,"),
        ("code;kind\nA1;\n", "line 2, column kind: The campus has no space A1 yet"),
        ("code;naam\nA1;x\n", "line 2: The campus has no space A1 yet"),
        ("code;kind;capaciteit\nA1;desk;0\n", "line 2, column capaciteit: “0” is no number of"),
        ("code;kind;m2\nA1;desk;1.250\n", "line 2, column m2: “1.250” can be read in two ways"),
        ("code;kind;vanaf\nA1;desk;31-2-2026\n", "line 2, column vanaf: “31-2-2026” is on a day"),
        ("code;kind;vanaf;tot\nA1;desk;2-2-2026;1-2-2026\n", "line 2, column tot: This space would"
         " be gone on 2026-02-01, before it is there on 2026-02-02."),
        ("code;kind;zone\nA1;desk;zuid\n", "line 2, column zone: A zone is a part of a floor"),
        ("code;kind;floor;zone\nA1;desk;1;zuid\n", "line 2, column zone: Verdieping 1 has no zone"
         " “zuid”. It has: none."),
        (f"code;kind;naam\nA1;desk;{'x' * 121}\n", "line 2, column naam: “xxx"),
        ("[]", "The file has no spaces in it."),
        ('{"A1": {"code": "A 1"}}', "A1.code: “A 1” is no code"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_its_place_and_nothing_is_imported(words: str, mistake: str) -> None:
    assert any(one.startswith(mistake) or mistake in one for one in refused(words))


def test_every_mistake_is_told_at_once() -> None:
    told = refused("code;kind;capacity\nA1;desk;x\nB 2;boat;1\nA3;;2\n")

    assert [one.partition(":")[0] for one in told] == [
        "line 2, column capacity",
        "line 3, column code",
        "line 3, column kind",
        "line 4, column kind",
    ]


def test_without_leave_of_the_map_nothing_is_made() -> None:
    only_code = '[columns]\ncode = "code"\nkind = "kind"\n'
    make_house()

    house = refused("code;kind;b\nA1;desk;Schuur\n", map=only_code + 'building = "b"\n')
    floor = refused("code;kind;f\nA1;desk;7\n", map=only_code + 'floor = "f"\n')

    assert "There is no building “Schuur”. There are: nk." in house[0]
    assert "Noorderkwartier has no floor 7. It has: 1." in floor[0]


def test_a_floor_without_its_building_is_asked_about() -> None:
    make_house()
    imported("code;kind;building;floor\nA1;desk;Schuur;0\n")

    assert "line 2: The list says the floor and not the building" in refused(
        "code;kind;floor\nA2;desk;5\n"
    )[0]  # fmt: skip
    assert "More than one floor is “Verdieping 5”" in refused_twin_floors()[0]


def refused_twin_floors() -> list[str]:
    imported("code;kind;building;floor\nB1;desk;Schuur;5\nB2;desk;nk;5\n")
    return refused("code;kind;floor\nA2;desk;Verdieping 5\n")


def test_a_map_that_leaves_out_every_row_is_refused() -> None:
    words = '[columns]\ncode = "code"\n[only]\ncode = "B*"\n'

    assert refused(SMALL, map=words) == [": The map leaves out every row of the file."]


def test_only_staff_may_import() -> None:
    with pytest.raises(Forbidden):
        imported(SMALL, by=make_member())

    assert count(Space) == 0


# --- looked at, then done ---------------------------------------------------------------------


def test_a_rehearsal_tells_the_same_and_changes_nothing() -> None:
    seen = answers.rehearse(asked(SMALL), actor=None, now=NOW)
    assert [count(what) for what in (Space, Building, Entry, BookingRule)] == [0, 0, 0, 0]

    done = imported(SMALL)
    assert (seen.plan, seen.notices, seen.digest) == (done.plan, done.notices, done.digest)


def test_what_is_no_longer_what_was_seen_is_not_done() -> None:
    seen = answers.rehearse(asked(SMALL), actor=None, now=NOW)
    make_house()

    with pytest.raises(Conflict, match="The campus has changed since you looked"):
        answers.carry_out(asked(SMALL), actor=None, now=NOW, shown=seen.digest)

    assert count(Space) == 0


def test_a_space_that_somebody_changes_meanwhile_is_not_overwritten() -> None:
    from campus.roomlist import queries

    make_house()
    make_space("A1", name="Hunze")
    plan = answers.rehearse(asked("code;name\nA1;Dollard\n"), actor=None, now=NOW).plan
    with unit_of_work():
        space("A1").revision += 1

    with unit_of_work():
        assert not queries.lock_as_planned(plan.changed)


def import_big(actor: Actor | None, number: int) -> None:
    """Import a list of its own, and one that all share."""
    rows = "".join(f"B{n};desk;{n % 3}\n" for n in range(300))
    answers.carry_out(asked(f"code;kind;floor\n{rows}N{number};desk;0\n"), actor=actor, now=NOW)


def test_imports_at_once_wait_for_each_other(app: Flask) -> None:
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])

    assert outcomes(url, partial(import_big, None), runners=4) == {"done": 4}
    assert (count(Space), count(Building), count(Floor)) == (304, 1, 3)


def make_a_building(number: int) -> None:
    """Bring in the same building, floor and space, as one of three doors does."""
    if number % 3 == 0:
        import_one = asked("code;kind;building;floor\nX1;meeting room;NIEUW;0\n")
        answers.carry_out(import_one, actor=None, now=NOW)
        return
    with unit_of_work():
        if number % 3 == 1:
            wanted = floorplan.Wanted("Nieuw-0", "Begane grond", 0, "Nieuw")
            floorplan.add_floor(wanted, campus="Campus", now=NOW)
        else:
            schedule.add_places(
                actor=members.actor_of(db.session.scalars(select(Person)).one()),
                wanted=[("x1", "X1")],
                kind=SpaceKind.MEETING_ROOM,
                site="Campus",
                now=NOW,
            )


def test_three_doors_at_once_make_one_building(app: Flask) -> None:
    make_staff(Duty.CAMPUS_MANAGER)
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])

    found = outcomes(url, make_a_building, runners=6)

    assert found["done"] >= 4, found  # a floor that is there already is a sentence
    assert set(found) <= {"done", "rule"}
    assert (count(Space), count(Building), count(Floor)) == (1, 1, 1)
