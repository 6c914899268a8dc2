"""Builders: plain, typed, committing. The cast: owner, colleague, outsider, staff."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, TypeVar

from flask.testing import FlaskClient

from campus import clock
from campus.bookings import service
from campus.bookings.models import Asked, Booking
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.members.models import (
    CAMPUS_CODE,
    Actor,
    Duty,
    Membership,
    Organisation,
    Person,
    Relation,
    Role,
    StaffRole,
)
from campus.spaces.models import (
    BookingRule,
    Building,
    Floor,
    OpeningHours,
    Site,
    Space,
    SpaceKind,
    SpacePart,
    Unit,
    Zone,
)

# Thursday 26 November 2026, 08:10 in Amsterdam.
DAY = date(2026, 11, 26)
NOW = clock.instant(DAY, time(8, 10))
PASSWORD = "een-goed-lang-wachtwoord"
_numbers = itertools.count(1)
Row = TypeVar("Row")


def at(hours: int, minutes: int = 0, *, day: date = DAY) -> datetime:
    """Return the instant of a campus wall-clock time on the test's day."""
    return clock.instant(day, time(hours, minutes))


def period(first: int, last: int, *, day: date = DAY) -> Period:
    """Return the period between two full hours of a day."""
    return Period(at(first, day=day), at(last, day=day))


def make_organisation(
    name: str = "Terpdata", *, relation: Relation = Relation.RESIDENT, **more: Any
) -> Organisation:
    """Return a committed organisation."""
    code = CAMPUS_CODE if relation is Relation.CAMPUS else f"org-{next(_numbers)}"
    organisation = Organisation(code=code, name=name, relation=relation, created_at=NOW, **more)
    _commit(organisation)
    return organisation


def make_person(
    name: str = "Femke Postma", *, email: str | None = None, language: str = "nl", **more: Any
) -> Person:
    """Return a committed person without a password."""
    number = next(_numbers)
    person = Person(
        email=email or f"person{number}@campus.example",
        name=name,
        language=language,
        created_at=NOW,
        **more,
    )
    _commit(person)
    return person


def make_member(
    organisation: Organisation | None = None,
    *,
    person: Person | None = None,
    role: Role = Role.MEMBER,
    name: str = "Femke Postma",
) -> Actor:
    """Return a member of an organisation as an actor."""
    organisation = organisation or make_organisation()
    person = person or make_person(name)
    _commit(Membership(person_id=person.id, organisation_id=organisation.id, role=role))
    return actor_for(person, organisation, role)


def make_staff(duty: Duty = Duty.FRONT_DESK, *, name: str = "Rixt Visser") -> Actor:
    """Return somebody who works for the campus, acting for it."""
    campus = db.session.query(Organisation).filter_by(code=CAMPUS_CODE).one_or_none()
    campus = campus or make_organisation("Noorderkwartier", relation=Relation.CAMPUS)
    person = make_person(name)
    _commit(
        Membership(person_id=person.id, organisation_id=campus.id, role=Role.MEMBER),
        StaffRole(person_id=person.id, duty=duty),
    )
    return actor_for(person, campus, Role.MEMBER, frozenset({duty}))


def actor_for(
    person: Person,
    organisation: Organisation,
    role: Role | None,
    duties: frozenset[Duty] = frozenset(),
) -> Actor:
    """Return the actor that signing in as `person` would give."""
    return Actor(
        person_id=person.id,
        name=person.name,
        email=person.email,
        language=person.language,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        role=role,
        duties=duties,
        is_resident=organisation.relation is not Relation.ASSOCIATED,
    )


def make_house() -> Floor:
    """Return a floor of a building that is open on weekdays from 08:00 to 20:00, with rules."""
    with unit_of_work():
        site = _added(Site(code="site", name="Noorderkwartier"))
        building = _added(Building(code="nk", name="Noorderkwartier", site_id=site.id))
        floor = _added(
            Floor(
                building_id=building.id, code="1", name="Wierde", level=1, width=1000, height=600
            )
        )
        usual = [OpeningHours(weekday=day, opens=time(8), closes=time(20)) for day in range(5)]
        db.session.add_all([*usual, *house_rules()])
    return floor


def make_building(name: str, *, floor: str = "Begane grond", level: int = 0) -> Floor:
    """Return a floor of one more building beside the house."""
    number = next(_numbers)
    site = db.session.query(Site).one()
    building = Building(code=f"b{number}", name=name, site_id=site.id)
    _commit(building)
    made = Floor(building_id=building.id, code=f"f{number}", name=floor, level=level)
    _commit(made)
    return made


def house_rules() -> list[BookingRule]:
    """Return the rules of every kind that can be booked, as the demo has them."""
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
        BookingRule(
            kind=SpaceKind.MEETING_ROOM, longest_minutes=8 * 60, horizon_days=60, **quarter
        ),
        BookingRule(kind=SpaceKind.PHONE_BOOTH, longest_minutes=120, horizon_days=7, **quarter),
        BookingRule(
            kind=SpaceKind.EVENT_SPACE, longest_minutes=12 * 60, horizon_days=180, **quarter
        ),
    ]


def make_zone(floor: Floor, code: str = "zuid") -> Zone:
    """Return a committed zone."""
    zone = Zone(floor_id=floor.id, code=code, name_nl="Open veld zuid", name_en="Open field south")
    _commit(zone)
    return zone


def make_space(
    code: str | None = None,
    *,
    kind: SpaceKind = SpaceKind.DESK,
    floor: Floor | None = None,
    parts: tuple[Space, ...] = (),
    **more: Any,
) -> Space:
    """Return a committed space; on the house's floor when there is one."""
    code = code or f"1.{next(_numbers):02}"
    floor = floor or db.session.query(Floor).first()
    space = Space(
        code=code, name=more.pop("name", code), kind=kind, floor_id=floor and floor.id, **more
    )
    _commit(space)
    if parts:
        _commit(*(SpacePart(whole_id=space.id, part_id=part.id) for part in parts))
    return space


def make_booking(
    actor: Actor, space: Space, when: Period, *, now: datetime = NOW, title: str = ""
) -> Booking:
    """Return a booking made through the front door of the slice."""
    with unit_of_work():
        asked = Asked(space=db.session.merge(space), period=when, title=title)
        booking = service.book(actor=actor, asked=asked, now=now, idem=f"key-{next(_numbers):08}")
        code = booking.code
    return db.session.query(Booking).filter_by(code=code).one()


def tomorrow() -> date:
    """Return the day after the test's day."""
    return DAY + timedelta(days=1)


def sign_in(client: FlaskClient, actor: Actor, *, password: str = PASSWORD) -> None:
    """Sign in through the form, as a person would; gives the person a password first."""
    with unit_of_work():
        person = db.session.get_one(Person, actor.person_id)
        person.password = _hashed(password)
    page = client.get("/nl/sign-in")
    answer = client.post(
        "/nl/sign-in",
        data={
            "email": actor.email,
            "password": password,
            "csrf_token": csrf_token(page.get_data(as_text=True)),
        },
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)


@cache
def _hashed(password: str) -> str:
    """Return a password as it is kept; each time anew would take as long as a page."""
    from campus.members.login import hashed

    return hashed(password)


def csrf_token(page: str) -> str:
    """Return the CSRF token of a page's first form."""
    _before, _, rest = page.partition('name="csrf_token"')
    return rest.split('value="', 1)[1].split('"', 1)[0]


def _commit(*rows: object) -> None:
    with unit_of_work():
        db.session.add_all(rows)


def _added(row: Row) -> Row:
    """Return a row that has its id, within the change that is being made."""
    db.session.add(row)
    db.session.flush()
    return row
