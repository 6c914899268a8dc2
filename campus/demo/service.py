"""Load the demo campus into an empty database."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, insert, select

from campus import clock
from campus.bookings import calendar
from campus.bookings.models import Booking, BookingChange, BookingState, Verb
from campus.clock import Period
from campus.db import Base, codes, db, dialects
from campus.demo import cast, days, ground, rows
from campus.demo.days import DemoCampus
from campus.demo.diary import DemoBooking
from campus.demo.people import LOG_INS
from campus.demo.rows import Row
from campus.errors import Conflict, text
from campus.journal import service as journal
from campus.members import login
from campus.members.models import Membership, Organisation, Person, StaffRole
from campus.occupancy import service as occupancy
from campus.occupancy.rules import Owner, OwnerKind, Shown
from campus.spaces import queries as spaces
from campus.spaces.models import Closure, Site, Space, SpaceKind

SINCE = timedelta(days=400)  # how long everybody has been here
MINUTE = timedelta(minutes=1)
TEXTS = ("ical_full", "ical_busy", "ical_version")


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded."""

    spaces: int
    organisations: int
    people: int
    bookings: int


def load(*, today: date, seed: int, scale: int, password: str, now: datetime) -> Loaded:
    """Write the demo campus in the caller's unit of work; the same for the same day and seed.

    Args:
        today: the day around which bookings are made, eight weeks back and four ahead.
        scale: multiplies spaces, organisations and bookings.
        password: of the demo log-ins; nobody else has one.

    Raises:
        Conflict: there is something in the database already.
    """
    if not is_empty():
        raise Conflict(
            text("There is a campus in this database already. The demo needs an empty one.")
        )
    dialects.be_patient(db.session())
    campus = days.demo_campus(scale)
    rng = random.Random(seed)  # noqa: S311 - codes of invented bookings are no secrets
    ground.write(campus.buildings)
    members = _write_people(campus, rng=rng, password=password, since=now - SINCE)
    first, last = days.days_around(today)
    opened = spaces.opening(SpaceKind.DESK, first=first, last=last).periods
    made = days.bookings(campus, today=today, opened=opened, seed=seed)
    _write_bookings(made, members=members, rng=rng)
    _close_a_room(opened, today=today, code=_code(rng), now=now)
    journal.record(
        actor_id=None, verb="demo.load", subject="site:demo", now=now, seed=seed, scale=scale
    )
    db.session.flush()
    return Loaded(len(campus.spaces), len(campus.organisations), len(campus.people), len(made))


def is_empty() -> bool:
    """Whether nobody has begun a campus in this database."""
    tables: tuple[type[Base], ...] = (Site, Organisation, Person)
    return not any(db.session.scalar(select(exists().select_from(table))) for table in tables)


@dataclass(frozen=True, slots=True)
class Members:
    """Ids of organisations by code, of people by address."""

    organisations: dict[str, int]
    people: dict[str, int]


def _write_people(
    campus: DemoCampus, *, rng: random.Random, password: str, since: datetime
) -> Members:
    organisation_ids = ground.insert_all(
        Organisation,
        [
            {
                "code": one.code,
                "name": one.name,
                "relation": one.relation,
                "sector": one.sector,
                "created_at": since,
            }
            for one in campus.organisations
        ],
    )
    organisations = dict(
        zip((one.code for one in campus.organisations), organisation_ids, strict=True)
    )
    shared = login.hashed(password)
    person_ids = ground.insert_all(
        Person,
        [
            {
                "code": _code(rng),
                "email": one.email,
                "name": one.name,
                "language": one.language,
                "password": shared if one.email in LOG_INS else None,
                "created_at": since,
            }
            for one in campus.people
        ],
    )
    people = dict(zip((one.email for one in campus.people), person_ids, strict=True))
    members = Members(organisations, people)
    _write_places(campus, members)
    return members


def _write_places(campus: DemoCampus, members: Members) -> None:
    """Write who belongs where, and who works for the campus."""
    db.session.execute(
        insert(Membership),
        [
            {
                "person_id": members.people[one.email],
                "organisation_id": members.organisations[one.organisation],
                "role": one.role,
            }
            for one in campus.people
        ],
    )
    db.session.execute(
        insert(StaffRole),
        [
            {"person_id": members.people[one.email], "duty": duty}
            for one in campus.people
            for duty in sorted(one.duties)
        ],
    )


def _write_bookings(made: Sequence[DemoBooking], *, members: Members, rng: random.Random) -> None:
    """Write bookings in the order in which they were made, with their claims and history."""
    made = sorted(made, key=lambda one: (one.created_at, one.space, one.starts_at))
    known = {space.code: space for space in db.session.scalars(select(Space))}
    booking_rows = [
        _booking_row(one, known[one.space], members=members, code=_code(rng), number=number)
        for number, one in enumerate(made)
    ]
    _write_texts(booking_rows)
    booking_ids = ground.insert_all(Booking, booking_rows)
    for booking_id, row, one in zip(booking_ids, booking_rows, made, strict=True):
        if one.cancelled_at is None:
            _claim(booking_id, row, known[one.space])
    _write_history(booking_ids, booking_rows, made)


def _booking_row(
    one: DemoBooking, space: Space, *, members: Members, code: str, number: int
) -> Row:
    person_id = members.people[one.person]
    cancelled = one.cancelled_at is not None
    return {
        "code": code,
        "uid": calendar.new_uid(code),
        "space_id": space.id,
        "person_id": person_id,
        "booked_by_id": person_id,
        "organisation_id": members.organisations[one.organisation],
        "idem": f"demo-{number}",
        "idem_digest": "demo",
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "state": BookingState.CANCELLED if cancelled else BookingState.CONFIRMED,
        "title": one.title,
        "buffer_before_minutes": space.buffer_before_minutes,
        "buffer_after_minutes": space.buffer_after_minutes,
        "revision": 2 if cancelled else 1,
        "created_at": one.created_at,
        "updated_at": one.cancelled_at or one.created_at,
    }


def _write_texts(booking_rows: Sequence[Row]) -> None:
    """Add what calendars show to rows that are about to be written."""
    spaces_by_id = {space.id: space for space in db.session.scalars(select(Space))}
    people = {person.id: person for person in db.session.scalars(select(Person))}
    organisations = {one.id: one for one in db.session.scalars(select(Organisation))}
    for row in booking_rows:
        booking = Booking(
            **row,
            space=spaces_by_id[row["space_id"]],
            person=people[row["person_id"]],
            organisation=organisations[row["organisation_id"]],
        )
        calendar.render(booking)
        row.update({name: getattr(booking, name) for name in TEXTS})


def _claim(booking_id: int, row: Row, space: Space) -> None:
    starts_at = row["starts_at"] - space.buffer_before_minutes * MINUTE
    ends_at = row["ends_at"] + space.buffer_after_minutes * MINUTE
    occupancy.claim(
        owner=Owner(OwnerKind.BOOKING, booking_id),
        spaces=spaces.parts_of(space),
        periods=[Period(starts_at, ends_at)],
        shown=Shown(organisation_id=row["organisation_id"]),
    )


def _write_history(
    booking_ids: Sequence[int], booking_rows: Sequence[Row], made: Sequence[DemoBooking]
) -> None:
    """Write what happened to the bookings, and the same into the journal, in order of time."""
    changes: list[tuple[Row, str, str]] = []
    for booking_id, row, one in zip(booking_ids, booking_rows, made, strict=True):
        told = {"booking_id": booking_id, "person_id": row["booked_by_id"]}
        before = {name: row[name] for name in ("space_id", "starts_at", "ends_at", "title")}
        nothing = dict.fromkeys((*before, "state"))
        booked = {**told, **nothing, "verb": Verb.BOOK, "at": one.created_at, "revision": 1}
        changes.append((booked, row["code"], one.space))
        if one.cancelled_at is not None:
            standing = {**before, "state": BookingState.CONFIRMED}
            cancelled = {**told, **standing, "verb": Verb.CANCEL, "at": one.cancelled_at}
            changes.append(({**cancelled, "revision": 2}, row["code"], one.space))
    changes.sort(key=lambda change: change[0]["at"])
    db.session.execute(insert(BookingChange), [change for change, _, _ in changes])
    for change, code, space_code in changes:
        journal.record(
            actor_id=change["person_id"],
            verb=f"booking.{change['verb']}",
            subject=f"booking:{code}",
            now=change["at"],
            space=space_code,
            revision=change["revision"],
        )


def _close_a_room(opened: Mapping[date, Period], *, today: date, code: str, now: datetime) -> None:
    """Put one room out of use on the first open day."""
    for day in cast.coming_days(sorted(opened), today=today)[:1]:
        space = spaces.space_by_code(cast.CLOSED)
        closure = Closure(
            code=code,
            space_id=space.id,
            starts_at=opened[day].starts_at,
            ends_at=opened[day].end,
            **rows.both("reason", cast.CLOSED_REASON),
            created_at=min(now, clock.midnight(today)),
        )
        db.session.add(closure)
        db.session.flush()
        occupancy.claim(
            owner=Owner(OwnerKind.CLOSURE, closure.id),
            spaces=[space],
            periods=[opened[day]],
            shown=Shown(
                title_nl=cast.CLOSED_REASON.nl, title_en=cast.CLOSED_REASON.en, is_public=True
            ),
        )


def _code(rng: random.Random) -> str:
    """Return a public id that is the same for the same seed."""
    return "".join(rng.choices(codes.ALPHABET, k=codes.LENGTH))
