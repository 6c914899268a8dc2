"""`campus bookings import`: schedules and calendars of others become bookings here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campus import clock
from campus.bookings import faults
from campus.bookings import service as bookings
from campus.bookings.models import Booking, BookingChange, BookingState, Verb
from campus.bookings.queries import coming, last_of_kind
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.db.counters import Counter
from campus.journal.models import Entry
from campus.members.models import Actor, Duty, Organisation, Person
from campus.occupancy import service as occupancy
from campus.occupancy.models import Occupancy
from campus.occupancy.rules import Owner, OwnerKind
from campus.outbox.models import Message
from campus.spaces.models import BookingRule, Closure, OpeningHours, Space, SpaceKind
from tests.bookings.visits import page_of, visit
from tests.factories import (
    NOW,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_space,
    make_staff,
    period,
)

DATA = Path(__file__).resolve().parent.parent / "data"
MAP = DATA.parent.parent / "docs" / "maps" / "fosdem.toml"
HEAD = "id,room,start,end,title\n"


@pytest.fixture
def today() -> Iterator[None]:
    """The test's day, for the command asks what day it is."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def rixt(today: None, database: None) -> Actor:
    """Somebody who works for the campus, with a room, in a house with rules and hours."""
    make_house()
    make_organisation("Terpdata", shows_titles=True)
    make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze")
    return make_staff(Duty.CAMPUS_MANAGER)


def run(app: Flask, file: Path, by: Actor, *more: str, code: str = "") -> Result:
    """Run `campus bookings import` for an organisation."""
    code = (
        code
        or db.session.scalars(
            select(Organisation.code).where(Organisation.name == "Terpdata")
        ).one()
    )
    db.session.rollback()
    chosen = ("--by", by.email, "--organisation", code, *more)
    said = app.test_cli_runner().invoke(args=["bookings", "import", str(file), *chosen])
    db.session.rollback()
    return said


def imported(app: Flask, file: Path, by: Actor, *more: str) -> dict[str, Any]:
    """Return what an import that works says to programs."""
    said = run(app, file, by, *more, "--json")
    assert said.exit_code == 0, said.output
    answer: dict[str, Any] = json.loads(said.stdout)
    return answer


def counts(answer: dict[str, Any]) -> dict[str, int]:
    """Return how many rows became what, without what there is none of."""
    numbers = {"booked": answer["booked"], "unchanged": answer["unchanged"]}
    for name in ("changed", "refused", "standing", "listed"):
        numbers[name] = answer[name]["count"]
    return {name: number for name, number in numbers.items() if number}


def schedule(folder: Path, *rows: str) -> Path:
    """Return a schedule with these rows."""
    file = folder / "rooster.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


def only_booking() -> Booking:
    """Return the one booking there is."""
    return db.session.scalars(select(Booking)).one()


def dump() -> list[object]:
    """Return everything that an import could change."""
    return [
        [tuple(row) for row in db.session.execute(select(table.__table__)).all()]
        for table in (Booking, Occupancy, BookingChange, Entry, Counter, Space)
    ]


OVERLEG = "1,hunze,2026-12-01 10:00,2026-12-01 11:00,Overleg"


# --- real files -------------------------------------------------------------------------------


def test_fosdem_fills_26_rooms_and_names_the_two_that_do_not_fit(app: Flask, rixt: Actor) -> None:
    chosen = ("--map", str(MAP), "--create-spaces", "event_space")

    said = run(app, DATA / "fosdem-2024.csv", rixt, *chosen)

    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("672 booked, 2 refused.\n")
    refused = [line for line in said.stdout.splitlines() if "is taken then by" in line]
    assert len(refused) == 2
    assert all("UB4.136 is taken then by “Navigating" in line for line in refused)
    assert all(line.endswith("17:30–18:15") for line in refused)
    assert db.session.query(Space).count() == 1 + 26
    depage = db.session.query(Space).filter_by(code="H.1302").one()
    assert depage.name == "H.1302 (Depage)"
    assert faults.faults() == []
    before = dump()

    again = imported(app, DATA / "fosdem-2024.csv", rixt, *chosen)

    assert counts(again) == {"unchanged": 672, "refused": 2}
    assert dump() == before


def test_four_years_of_a_maker_space_become_bookings_of_one_room(app: Flask, rixt: Actor) -> None:
    years = ("--space", "Hunze", "--from", "2016-01-01", "--until", "2020-01-01")

    answer = imported(app, DATA / "machbar-potsdam.ics", rixt, *years)

    assert counts(answer) == {"booked": 564, "refused": 5, "listed": 3}
    assert {one["reason"] for one in answer["listed"]["first"]} == {"whole day"}
    assert all(one["by"]["title"] for one in answer["refused"]["first"])
    assert faults.faults() == []
    again = imported(app, DATA / "machbar-potsdam.ics", rixt, *years)
    assert counts(again) == {"unchanged": 564, "refused": 5, "listed": 3}


def test_a_run_that_only_tries_says_the_same_and_writes_nothing(app: Flask, rixt: Actor) -> None:
    before = dump()

    answer = imported(
        app, DATA / "fosdem-2024.csv", rixt, "--map", str(MAP), "--create-spaces", "event_space",
        "--dry-run",
    )  # fmt: skip

    assert counts(answer) == {"booked": 672, "refused": 2}
    assert (answer["trial"], len(answer["spaces_added"])) == (True, 26)
    assert dump() == before


# --- what an imported booking is --------------------------------------------------------------


def test_an_imported_booking_is_a_booking_like_others(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    answer = imported(app, schedule(tmp_path, OVERLEG), rixt)

    booking = only_booking()
    assert counts(answer) == {"booked": 1}
    assert (booking.title, booking.source, booking.state) == (
        "Overleg",
        "rooster:1",
        BookingState.CONFIRMED,
    )
    assert (booking.person_id, booking.booked_by_id) == (rixt.person_id, rixt.person_id)
    assert booking.organisation.name == "Terpdata"
    assert "SUMMARY:Overleg" in booking.ical_full
    assert db.session.scalars(select(BookingChange.verb)).all() == [Verb.BOOK]
    assert db.session.query(Message).count() == 0
    assert faults.faults() == []
    entry = db.session.scalars(select(Entry).where(Entry.verb == "booking.import")).one()
    assert json.loads(entry.details) == {"booked": 1, "changed": 0}
    keys = set(db.session.scalars(select(Counter.key)))
    assert {"campus", "kind:meeting_room", f"space:{booking.space_id}"} <= keys


def test_it_can_be_changed_and_cancelled_by_people(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    imported(app, schedule(tmp_path, OVERLEG), rixt)
    now = clock.instant(date(2026, 11, 26), time(9))

    with unit_of_work():
        bookings.cancel(actor=rixt, booking=only_booking(), reason="", now=now)

    assert faults.faults() == []
    answer = imported(app, schedule(tmp_path, OVERLEG), rixt)
    assert counts(answer) == {"standing": 1}
    assert only_booking().state is BookingState.CANCELLED


def test_rules_are_told_and_set_aside(app: Flask, rixt: Actor, tmp_path: Path) -> None:
    rows = (
        "1,hunze,2020-12-25 03:07,2020-12-25 20:00,Kerst",
        "2,hunze,2039-11-30 10:00,2039-11-30 11:00,Later",
        "3,1.01,2026-11-30 10:00,2026-11-30 11:00,Bureau",
    )
    make_space("1.01")

    answer = imported(app, schedule(tmp_path, *rows), rixt)

    assert counts(answer) == {"booked": 3}
    notices = {rule: said["count"] for rule, said in answer["notices"].items()}
    assert notices["past"] >= 1
    assert {"grid": 1, "holiday": 1, "horizon": 1, "one_at_a_time": 1}.items() <= notices.items()
    assert "Christmas" in answer["notices"]["holiday"]["example"]["said"]
    assert "outside opening hours" not in run(app, schedule(tmp_path, rows[2]), rixt).stdout


def test_a_closure_and_a_part_of_a_combined_room_refuse(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    hunze = db.session.query(Space).filter_by(code="hunze").one()
    aa = make_space("aa", kind=SpaceKind.MEETING_ROOM)
    make_space("samen", kind=SpaceKind.EVENT_SPACE, parts=(hunze, aa))
    day = date(2026, 12, 1)
    starts_at = clock.instant(day, time(8))
    with unit_of_work():
        closed = Closure(
            space_id=aa.id, starts_at=starts_at, ends_at=None, created_at=starts_at,
            reason_nl="Verf", reason_en="Paint",
        )  # fmt: skip
        db.session.add(closed)
        db.session.flush()
        occupancy.claim(
            owner=Owner(OwnerKind.CLOSURE, closed.id),
            spaces=[db.session.get_one(Space, aa.id)],
            periods=[Period(starts_at, None)],
        )

    said = run(app, schedule(tmp_path, OVERLEG.replace("hunze", "samen")), rixt)

    assert "0 booked, 1 refused" in said.stdout
    assert "samen is taken then by a closure (Paint), since Tue 1 Dec 2026 08:00" in said.stdout


def test_what_somebody_booked_by_hand_refuses_and_is_named(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    hunze = db.session.query(Space).filter_by(code="hunze").one()
    starts_at = clock.instant(date(2026, 12, 1), time(10, 30))
    taken = Period(starts_at, starts_at + timedelta(hours=1))
    make_booking(make_member(make_organisation("Wierde")), hunze, taken, title="Van Femke")

    answer = imported(app, schedule(tmp_path, OVERLEG), rixt)

    (refused,) = answer["refused"]["first"]
    assert (refused["line"], refused["by"]["title"]) == (2, "Van Femke")
    assert answer["booked"] == 0


def test_buffers_are_held_clear_and_people_see_their_own_times(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    make_space("aula", kind=SpaceKind.EVENT_SPACE, buffer_after_minutes=30)
    rows = (
        "1,aula,2026-12-01 10:00,2026-12-01 11:00,Een",
        "2,aula,2026-12-01 11:00,2026-12-01 12:00,Twee",
    )

    answer = imported(app, schedule(tmp_path, *rows), rixt)

    (refused,) = answer["refused"]["first"]
    assert (refused["title"], refused["by"]["ends_at"]) == ("Twee", "2026-12-01T10:00:00+00:00")
    assert faults.faults() == []


def test_a_night_and_some_days_of_a_desk_are_whole(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    make_space("1.01")
    rows = (
        "1,1.01,2026-11-27 09:00,2026-12-01 17:00,Dagen",
        "2,hunze,2026-12-31 22:00,2027-01-01 02:00,Nacht",
    )

    answer = imported(app, schedule(tmp_path, *rows), rixt)

    assert counts(answer) == {"booked": 2}
    assert faults.faults() == []
    desk = db.session.scalars(select(Booking).where(Booking.title == "Dagen")).one()
    claims = db.session.query(Occupancy).filter_by(booking_id=desk.id).count()
    assert claims == 3  # Friday, Monday, Tuesday
    assert "RRULE" in desk.ical_full


# --- again ------------------------------------------------------------------------------------


def test_what_the_source_changed_is_changed_here(app: Flask, rixt: Actor, tmp_path: Path) -> None:
    make_space("aa", kind=SpaceKind.MEETING_ROOM)
    imported(app, schedule(tmp_path, OVERLEG), rixt)
    uid = only_booking().uid

    moved = "1,aa,2026-12-02 10:00,2026-12-02 11:00,Beraad"
    answer = imported(app, schedule(tmp_path, moved), rixt)

    booking = only_booking()
    assert counts(answer) == {"changed": 1}
    assert (booking.space.code, booking.title, booking.revision) == ("aa", "Beraad", 2)
    assert (booking.uid, "SUMMARY:Beraad" in booking.ical_full) == (uid, True)
    assert db.session.scalars(select(BookingChange.verb).order_by(BookingChange.id)).all() == [
        Verb.BOOK,
        Verb.CHANGE,
    ]
    assert db.session.query(Message).count() == 0
    assert faults.faults() == []
    assert counts(imported(app, schedule(tmp_path, moved), rixt)) == {"unchanged": 1}


def test_what_was_given_back_here_stays_so(app: Flask, rixt: Actor, tmp_path: Path) -> None:
    running = "1,hunze,2026-11-26 08:00,2026-11-26 10:00,Overleg"
    imported(app, schedule(tmp_path, running), rixt)
    with unit_of_work():
        later = NOW + timedelta(minutes=30)
        bookings.release(actor=rixt, booking=only_booking(), now=later)

    same = imported(app, schedule(tmp_path, running), rixt)
    moved = imported(app, schedule(tmp_path, running.replace("10:00", "11:00")), rixt)

    assert [counts(one) for one in (same, moved)] == [{"unchanged": 1}, {"standing": 1}]
    assert only_booking().state is BookingState.RELEASED
    assert faults.faults() == []


def test_what_comes_may_take_the_place_of_what_moves_away(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    imported(app, schedule(tmp_path, OVERLEG), rixt)
    moved = OVERLEG.replace("10:00", "12:00").replace("11:00", "13:00")

    answer = imported(app, schedule(tmp_path, OVERLEG.replace("1,hunze", "2,hunze"), moved), rixt)

    assert counts(answer) == {"booked": 1, "changed": 1}
    assert faults.faults() == []


def test_a_change_that_does_not_fit_is_refused_and_leaves_the_booking(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    other = "2,hunze,2026-12-01 11:00,2026-12-01 12:00,Ander"
    imported(app, schedule(tmp_path, OVERLEG, other), rixt)

    longer = OVERLEG.replace("11:00", "11:30")
    answer = imported(app, schedule(tmp_path, longer, other), rixt)

    assert counts(answer) == {"refused": 1, "unchanged": 1}
    assert answer["refused"]["first"][0]["by"]["title"] == "Ander"
    assert faults.faults() == []


def test_what_people_changed_here_stays_while_the_source_stays(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    imported(app, schedule(tmp_path, OVERLEG), rixt)
    with unit_of_work():
        only_booking().title = "Anders genoemd"

    answer = imported(app, schedule(tmp_path, OVERLEG), rixt)

    assert counts(answer) == {"unchanged": 1}
    assert only_booking().title == "Anders genoemd"


def test_the_same_file_for_another_organisation_is_refused_by_the_ledger(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    other = make_organisation("Wierde").code
    imported(app, schedule(tmp_path, OVERLEG), rixt)

    said = run(app, schedule(tmp_path, OVERLEG), rixt, code=other)

    assert "0 booked, 1 refused" in said.stdout


def test_one_meeting_in_the_calendars_of_two_rooms_takes_both(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    make_space("aa", kind=SpaceKind.MEETING_ROOM)
    file = tmp_path / "zaal.ics"
    file.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261201T100000Z\nDURATION:PT1H\n"
        "SUMMARY:Samen\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    days = ("--from", "2026-12-01", "--until", "2026-12-02")

    first = imported(app, file, rixt, "--space", "hunze", *days)
    second = imported(app, file, rixt, "--space", "aa", *days)

    assert [counts(one) for one in (first, second)] == [{"booked": 1}, {"booked": 1}]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "zaal.ics",
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261201T100030Z\n"
            "DTEND:20261201T105959Z\nSUMMARY:Bijna\nEND:VEVENT\nEND:VCALENDAR\n",
        ),
        ("zaal.csv", "start,end,title\n2026-12-01T10:00:30Z,2026-12-01T10:59:59Z,Bijna\n"),
    ],
)
def test_seconds_become_the_minutes_that_they_take(
    app: Flask, rixt: Actor, tmp_path: Path, name: str, words: str
) -> None:
    file = tmp_path / name
    file.write_text(words)
    chosen = ("--space", "hunze", "--from", "2026-12-01", "--until", "2026-12-02")

    first, second = (imported(app, file, rixt, *chosen) for _ in range(2))

    assert [counts(one) for one in (first, second)] == [{"booked": 1}, {"unchanged": 1}]
    assert only_booking().period == period(11, 12, day=date(2026, 12, 1))


# --- wrong input ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wrong:
    """What is wrong, and what is said of it."""

    rows: tuple[str, ...]
    more: tuple[str, ...]
    exit_code: int
    words: str


def test_only_staff_import(app: Flask, rixt: Actor, tmp_path: Path) -> None:
    said = run(app, schedule(tmp_path, OVERLEG), make_member(make_organisation("Wierde")))

    assert (said.exit_code, db.session.query(Booking).count()) == (1, 0)
    assert "Only people who run the campus import bookings." in said.output


def test_only_who_keeps_the_building_lets_an_import_make_spaces(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    desk = make_staff(name="Jelle Bos")
    file = schedule(tmp_path, "1,nieuw,2026-12-01 10:00,2026-12-01 11:00,a")
    chosen = ("--create-spaces", "meeting_room")

    for more in (chosen, (*chosen, "--dry-run")):
        said = run(app, file, desk, *more)
        assert (said.exit_code, db.session.query(Booking).count()) == (1, 0)
        assert "Only a campus manager or a system administrator makes spaces." in said.output
    assert db.session.query(Space).count() == 1

    assert run(app, schedule(tmp_path, OVERLEG), desk, *chosen).exit_code == 0  # none to make
    assert run(app, file, rixt, *chosen).exit_code == 0


@pytest.mark.parametrize("code", ["new", "Import", ".", "..", "a b"])
def test_an_import_makes_no_space_under_what_is_no_code(
    app: Flask, rixt: Actor, tmp_path: Path, code: str
) -> None:
    file = schedule(tmp_path, f"1,{code},2026-12-01 10:00,2026-12-01 11:00,a")

    said = run(app, file, rixt, "--create-spaces", "meeting_room")

    assert (said.exit_code, db.session.query(Space).count()) == (1, 1)
    assert f"line 2, column room: “{code}” is no code" in said.output


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong(
            ("1,nergens,2026-12-01 10:00,2026-12-01 11:00,a",), (), 1, "line 2: There is no space"
        ),
        Wrong((OVERLEG,), ("--space", "nergens"), 1, "code nergens"),
        Wrong((OVERLEG,), ("--space", "a", "--create-spaces", "desk"), 2, "not both"),
        Wrong((OVERLEG,), ("--create-spaces", "office_unit"), 2, "office_unit"),
        Wrong((OVERLEG,), ("--from", "gisteren"), 2, "gisteren"),
        Wrong((OVERLEG,), ("--map", "nergens.toml"), 2, "nergens.toml"),
        Wrong((OVERLEG, "2,hunze,soon,later,x", "3,hunze,,,"), (), 1, "nothing was imported"),
        Wrong(
            ("1,S6,2026-12-01 10:00,2026-12-01 11:00,a",),
            ("--create-spaces", "desk"),
            1,
            "by application",
        ),
    ],
)
def test_what_cannot_be_imported_is_a_sentence_and_nothing_is_booked(
    app: Flask, rixt: Actor, tmp_path: Path, wrong: Wrong
) -> None:
    make_space("S6", kind=SpaceKind.OFFICE_UNIT)

    said = run(app, schedule(tmp_path, *wrong.rows), rixt, *wrong.more)

    assert said.exit_code == wrong.exit_code, said.output
    assert wrong.words in said.output
    assert db.session.query(Booking).count() == 0


def test_an_organisation_or_a_person_that_is_not_there_is_a_sentence(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    file = schedule(tmp_path, OVERLEG)

    assert "no organisation with the code x" in run(app, file, rixt, code="x").output
    gone = replace(rixt, email="weg@campus.example")
    assert "Nobody has the e-mail address weg@campus.example." in run(app, file, gone).output


def test_a_campus_without_rules_gets_usual_ones_and_says_so(
    app: Flask, database: None, tmp_path: Path
) -> None:
    make_organisation("Terpdata")
    rixt = make_staff(Duty.CAMPUS_MANAGER)

    said = run(app, schedule(tmp_path, OVERLEG), rixt, "--create-spaces", "meeting_room")

    assert said.stdout.startswith("1 booked.\nMade, in no building yet: hunze.\nMeeting rooms:")
    assert db.session.query(BookingRule).one().kind is SpaceKind.MEETING_ROOM
    assert db.session.query(OpeningHours).count() == 5
    made = db.session.scalars(select(Entry).where(Entry.verb == "space.add")).one()
    assert made.subject == "space:hunze"


# --- whose they are ---------------------------------------------------------------------------


def test_what_was_imported_is_no_part_of_the_importers_own_day(
    app: Flask, client: FlaskClient, rixt: Actor, tmp_path: Path
) -> None:
    run(app, schedule(tmp_path, OVERLEG), rixt)
    booking = only_booking()
    me = visit(client, rixt)

    assert coming(person_id=rixt.person_id, now=NOW) == []
    assert last_of_kind(person_id=rixt.person_id, kind=SpaceKind.MEETING_ROOM) is None
    assert "Nothing booked yet" in page_of(me.get("/me"))
    assert 'class="mine' not in me.get("/rooms?day=2026-12-01").text
    page = page_of(me.get(f"/bookings/{booking.code}"))
    assert "Terpdata, from another calendar" in page
    assert "Brought in from another calendar by Rixt Visser" in page
    days = "first=2026-12-01&last=2026-12-01"
    assert "from another calendar Terpdata Overleg" in page_of(me.get(f"/staff/bookings?{days}"))
    person = db.session.get_one(Person, rixt.person_id).code
    mine = page_of(me.get(f"/staff/bookings?{days}&person={person}"))
    assert "No booking fits." in mine
    assert "No booking fits." in page_of(me.get(f"/staff/bookings?{days}&q=visser"))


def test_the_front_desk_does_not_wait_for_who_imported(
    app: Flask, client: FlaskClient, rixt: Actor, tmp_path: Path
) -> None:
    run(app, schedule(tmp_path, "1,hunze,2026-11-26 10:00,2026-11-26 11:00,Overleg"), rixt)

    page = page_of(visit(client, rixt).get("/staff/today"))

    assert "Hunze" in page
    assert "Nobody is still to come." in page
    assert "Rixt" not in page.partition("Arriving")[2].partition("Rooms changing")[0]


def test_an_imported_desk_is_not_in_the_way_of_the_importers_own(
    app: Flask, rixt: Actor, tmp_path: Path
) -> None:
    own = make_space("1.01")
    make_space("1.02")
    run(app, schedule(tmp_path, "1,1.02,2026-12-01 10:00,2026-12-01 11:00,"), rixt)

    booking = make_booking(rixt, own, period(9, 12, day=date(2026, 12, 1)))

    assert booking.space.code == "1.01"


def test_nobody_gets_a_letter_about_what_was_imported(
    app: Flask, client: FlaskClient, rixt: Actor, tmp_path: Path
) -> None:
    run(app, schedule(tmp_path, OVERLEG), rixt)
    code = only_booking().code
    desk = visit(client, make_staff(name="Jelle Wiersma"))

    asked = page_of(desk.get(f"/bookings/{code}/cancel"))
    desk.post(f"/bookings/{code}/cancel", {"reason": "Storm"})

    assert "Nobody gets a mail: tell Terpdata yourself." in asked
    assert only_booking().state is BookingState.CANCELLED
    assert db.session.scalars(select(Message)).all() == []
