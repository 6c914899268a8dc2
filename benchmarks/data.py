"""A campus of 300 spaces with as many bookings as asked for, 412 of them on a full day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from campus import clock
from campus.bookings.calendar import RENDER_VERSION
from campus.bookings.models import Booking, BookingChange
from campus.db import db, unit_of_work
from campus.members.models import Membership, Organisation, Person, Relation, Role
from campus.occupancy.models import Occupancy
from campus.spaces.models import (
    BookingRule,
    Building,
    Feature,
    FeatureGroup,
    Floor,
    OpeningHours,
    Site,
    Space,
    SpaceFeature,
    SpaceKind,
    Unit,
    Zone,
)

SPACES = {SpaceKind.DESK: 220, SpaceKind.MEETING_ROOM: 60, SpaceKind.PHONE_BOOTH: 20}
A_FULL_DAY = 412
PEOPLE = 300
AHEAD = 10  # open days after today that have bookings
BATCH = 5_000
HOUR = timedelta(hours=1)
# As long as what a booking of the demo has; every line as campus writes it.
EVENT = """\
BEGIN:VEVENT
SUMMARY:Overleg over het plan van de week
DTSTART;TZID=Europe/Amsterdam:{starts}
DTEND;TZID=Europe/Amsterdam:{ends}
DTSTAMP:20261126T071000Z
UID:{code}@campus.example
SEQUENCE:0
DESCRIPTION:Person 123\\, Organisation 12\\nOpen veld\\, raam zuid\\nLift naar 1\\,
  rechtsaf\\, laatste deur. 38 stappen\\, geen drempels.
LAST-MODIFIED:20261126T071000Z
LOCATION:Hunze\\, Noorderkwartier\\, Kwartierlaan 1\\, Groningen
STATUS:CONFIRMED
TRANSP:OPAQUE
URL:https://campus.example/nl/bookings/{code}
END:VEVENT
""".replace("\n", "\r\n")

Rows = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def build(*, bookings: int, now: datetime) -> None:
    """Fill an empty, migrated database."""
    with unit_of_work():
        _house(now)
    made = _bookings(bookings, now=now)
    while batch := list(islice(made, BATCH)):
        with unit_of_work():
            for table, position in ((Booking, 0), (Occupancy, 1), (BookingChange, 2)):
                db.session.execute(insert(table), [rows[position] for rows in batch])


def _house(now: datetime) -> None:
    site = Site(code="bench", name="Bench")
    db.session.add(site)
    db.session.flush()
    building = Building(code="bench", name="Bench", site_id=site.id)
    db.session.add(building)
    db.session.flush()
    zones = [zone for level in range(3) for zone in _floor(building.id, level)]
    db.session.add_all(
        OpeningHours(weekday=weekday, opens=time(8), closes=time(20)) for weekday in range(7)
    )
    db.session.add_all(_rules())
    _spaces(zones)
    _people(now)


def _floor(building_id: int, level: int) -> list[Zone]:
    floor = Floor(
        building_id=building_id,
        code=f"F{level}",
        name=f"Floor {level}",
        level=level,
        width=1000,
        height=600,
    )
    db.session.add(floor)
    db.session.flush()
    zones = [
        Zone(floor_id=floor.id, code=f"Z{level}{n}", name_nl=f"Zone {n}", name_en=f"Zone {n}")
        for n in range(3)
    ]
    db.session.add_all(zones)
    db.session.flush()
    return zones


def _rules() -> list[BookingRule]:
    quarter: dict[str, Any] = {"unit": Unit.MINUTES, "grid_minutes": 15, "shortest_minutes": 15}
    return [
        BookingRule(
            kind=SpaceKind.DESK,
            unit=Unit.DAY,
            grid_minutes=15,
            shortest_minutes=60,
            longest_days=5,
            horizon_days=14,
            one_per_person=True,
        ),
        BookingRule(kind=SpaceKind.MEETING_ROOM, longest_minutes=480, horizon_days=60, **quarter),
        BookingRule(kind=SpaceKind.PHONE_BOOTH, longest_minutes=120, horizon_days=14, **quarter),
    ]


def _spaces(zones: list[Zone]) -> None:
    screens = Feature(
        code="screens",
        group=FeatureGroup.EQUIPMENT,
        name_nl="schermen",
        name_en="screens",
        is_filter=True,
    )
    db.session.add(screens)
    db.session.flush()
    kinds = [kind for kind, count in SPACES.items() for _ in range(count)]
    spaces = [
        Space(
            code=f"{kind[:1]}.{n:03}",
            name=f"{kind[:1]}.{n:03}",
            kind=kind,
            floor_id=zones[n % 9].floor_id,
            zone_id=zones[n % 9].id,
            capacity=1 if kind is SpaceKind.DESK else 2 + n % 12,
            position=n,
            plan_x=10 + n % 30 * 32,
            plan_y=10 + n // 30 * 56,
            plan_width=30,
            plan_height=24,
        )
        for n, kind in enumerate(kinds)
    ]
    db.session.add_all(spaces)
    db.session.flush()
    db.session.add_all(
        SpaceFeature(space_id=space.id, feature_id=screens.id, quantity=2) for space in spaces
    )


def _people(now: datetime) -> None:
    organisations = [
        Organisation(
            code=f"org{n}", name=f"Organisation {n}", relation=Relation.RESIDENT, created_at=now
        )
        for n in range(40)
    ]
    people = [
        Person(email=f"p{n}@campus.example", name=f"Person {n}", created_at=now)
        for n in range(PEOPLE)
    ]
    db.session.add_all([*organisations, *people])
    db.session.flush()
    db.session.add_all(
        Membership(person_id=one.id, organisation_id=organisations[n % 40].id, role=Role.MEMBER)
        for n, one in enumerate(people)
    )


def _bookings(number: int, *, now: datetime) -> Iterator[Rows]:
    """Yield bookings from the last day backwards, so that today is full at every size."""
    chance = random.Random(7)  # noqa: S311 - data, not a secret
    spaces = {space.id: space.kind for space in db.session.query(Space)}
    members = [(one.person_id, one.organisation_id) for one in db.session.query(Membership)]
    db.session.rollback()
    day, made = clock.today(now) + timedelta(days=AHEAD), 0
    while made < number:
        for space_id, first, hours in _day(chance, spaces)[: number - made]:
            made += 1
            starts_at = clock.wall(day, time(first))
            person_id, organisation_id = members[chance.randrange(len(members))]
            yield _rows(made, space_id, (person_id, organisation_id), starts_at, hours)
        day -= timedelta(days=1)


def _day(chance: random.Random, spaces: dict[int, SpaceKind]) -> list[tuple[int, int, int]]:
    """Return what is booked on one day: space, first hour, hours; nothing overlaps."""
    found: list[tuple[int, int, int]] = []
    for space_id, kind in spaces.items():
        if kind is SpaceKind.DESK:
            if chance.random() < 0.62:
                found.append((space_id, 9, 8))
            continue
        hour = 8
        while hour < 18:
            length = chance.randint(1, 3)
            if chance.random() < 0.7:
                found.append((space_id, hour, min(length, 20 - hour)))
            hour += length
    chance.shuffle(found)
    return found[:A_FULL_DAY]


def _rows(
    number: int, space_id: int, member: tuple[int, int], starts_at: datetime, hours: int
) -> Rows:
    person_id, organisation_id = member
    ends_at = starts_at + hours * HOUR
    period = {"space_id": space_id, "starts_at": starts_at, "ends_at": ends_at}
    code = f"b{number:09}"
    text = EVENT.format(code=code, starts=_local(starts_at), ends=_local(ends_at))
    booking = {
        "id": number,
        "code": code,
        "uid": f"{code}@campus.example",
        "ical_full": text,
        "ical_busy": text,
        "ical_version": RENDER_VERSION,
        "person_id": person_id,
        "booked_by_id": person_id,
        "organisation_id": organisation_id,
        "idem": f"bench-{number:09}",
        "idem_digest": "",
        "state": "confirmed",
        "revision": 1,
        "created_at": starts_at,
        "updated_at": starts_at,
        **period,
    }
    claim = {"booking_id": number, "organisation_id": organisation_id, **period}
    change = {
        "booking_id": number,
        "verb": "book",
        "at": starts_at,
        "person_id": person_id,
        "revision": 1,
    }
    return booking, claim, change


def _local(at: datetime) -> str:
    return clock.local(at).strftime("%Y%m%dT%H%M%S")


def next_day(now: datetime) -> date:
    """Return the day that the cases look at: tomorrow, full at every size."""
    return clock.today(now) + timedelta(days=1)
