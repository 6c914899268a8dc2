"""What is measured: each deed beside the least that any program doing it must spend."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from benchmarks.data import AHEAD, HOUR, next_day
from campus import clock
from campus.bookings.models import Booking
from campus.bookings.repairs import free_of
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.feeds import service
from campus.feeds.models import Scope
from campus.feeds.service import Wanted
from campus.landscape.pages import KEPT
from campus.members.login import hashed
from campus.members.models import Person
from campus.members.queries import actor_of
from campus.occupancy.queries import taken_between
from campus.spaces.models import Space, SpaceKind
from campus.spaces.queries import spaces_by_kind

PASSWORD = "een-lang-wachtwoord-voor-het-meten"  # noqa: S105 - of invented people, here only

RAW_DAY = text(
    "SELECT space_id, starts_at, ends_at, organisation_id, booking_id FROM occupancy "
    "WHERE starts_at > :long_ago AND starts_at < :ends AND ends_at > :starts ORDER BY starts_at"
)
RAW_FREE = text(
    "SELECT id, code FROM space WHERE kind = 'meeting_room' AND capacity >= 6 AND NOT EXISTS ("
    "SELECT 1 FROM occupancy o WHERE o.space_id = space.id AND o.starts_at < :ends "
    "AND o.ends_at > :starts AND o.starts_at > :long_ago)"
)
RAW_BOOK = text(
    "INSERT INTO occupancy (space_id, starts_at, ends_at, is_long, closure_id, title_nl, title_en,"
    " is_public) VALUES (:space, :starts, :ends, :false, :owner, '', '', :false)"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A deed, what limits it, and the CPU milliseconds it must stay under."""

    name: str
    deed: Callable[[], None]
    limit_name: str
    limit: Callable[[], None]
    must_ms: float
    each: int


def cases(app: Flask, *, now: datetime) -> list[Case]:
    """Return every case over the campus that `data.build` made."""
    day = next_day(now)
    hello, client = _hello(), _signed_in(app)
    return [
        Case(
            "book a room",
            _book(app, client, now=now),
            "one-row transaction",
            _raw_book(now),
            10,
            5,
        ),
        Case("day sheet query", _day_sheet(day), "the same in raw SQL", _raw_day(day), 15, 10),
        Case("free room ≥ 6 for 1 h", _free(day), "the same in raw SQL", _raw_free(day), 12, 5),
        Case(
            "Book page, desks", _page(client, f"/nl/book?day={day}"), "Flask hello", hello, 40, 3
        ),
        Case(
            "Book page, rooms",
            _page(client, f"/nl/book?day={day}&kind=meeting_room"),
            "Flask hello",
            hello,
            40,
            3,
        ),
        Case(
            "day page of 300 spaces",
            _page(client, f"/nl/rooms?day={day}&kind=all"),
            "Flask hello",
            hello,
            40,
            3,
        ),
        Case("front page, drawn anew", _front(app), "Flask hello", hello, 25, 3),
        *_feeds(app, now=now),
    ]


def _feeds(app: Flask, *, now: datetime) -> list[Case]:
    """Return the cases of feeds: beside each, its events read by nothing but SQL."""
    thousand, address = _feed(Scope.MINE, 1_000, now=now)
    most, longer = _feed(Scope.ORGANISATION, 10_000, now=now)
    client = app.test_client()
    seen = {"If-None-Match": client.get(address).headers["ETag"]}
    return [
        Case("feed of 1,000", _page(client, address), "its texts", _texts(thousand), 6, 10),
        Case("feed of 10,000", _page(client, longer), "its texts", _texts(most), 40, 3),
        Case(
            "feed unchanged (304)",
            _page(client, address, headers=seen, status=304),
            "Flask hello",
            _hello(),
            2,
            20,
        ),
    ]


def _feed(scope: Scope, events: int, *, now: datetime) -> tuple[dict[str, object], str]:
    """Let somebody have just the latest bookings; return how SQL finds them, and their feed."""
    with unit_of_work():
        first, *_others, last = db.session.query(Person).order_by(Person.id)
        column = Booking.person_id if scope is Scope.MINE else Booking.organisation_id
        actor, another = actor_of(last), actor_of(first)
        theirs, others = (getattr(one, column.key) for one in (actor, another))
        db.session.execute(update(Booking).where(column == theirs).values({column: others}))
        db.session.execute(update(Booking).where(Booking.id <= events).values({column: theirs}))
        _feed, token = service.create_feed(
            actor=actor, wanted=Wanted(scope, "Bench"), idem=f"bench-{scope}", now=now
        )
        return {"column": column.key, "whose": theirs}, f"/feeds/{token}.ics"


def _texts(found: dict[str, object]) -> Callable[[], None]:
    query = text(f"SELECT ical_full FROM booking WHERE {found['column']} = :whose")  # noqa: S608

    def deed() -> None:
        with db.engine.connect() as connection:
            assert connection.execute(query, {"whose": found["whose"]}).all()  # noqa: S101

    return deed


def _hello() -> Callable[[], None]:
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "hello")
    return _page(app.test_client(), "/")


def _page(
    client: FlaskClient, address: str, *, headers: dict[str, str] | None = None, status: int = 200
) -> Callable[[], None]:
    def deed() -> None:
        answer = client.get(address, headers=headers)
        assert answer.status_code == status  # noqa: S101 - a wrong page is no figure

    return deed


def _front(app: Flask) -> Callable[[], None]:
    """Show the front page as the first reader of a minute gets it: with its picture drawn."""
    show = _page(app.test_client(), "/nl/")

    def deed() -> None:
        app.extensions.pop(KEPT, None)
        show()

    return deed


def _signed_in(app: Flask) -> FlaskClient:
    person = db.session.query(Person).order_by(Person.id).first()
    if person is None:
        raise RuntimeError("build the data first")
    person.password = hashed(PASSWORD)
    email = person.email
    db.session.commit()
    client = app.test_client()
    form = {"email": email, "password": PASSWORD, "csrf_token": _token(client, "/nl/sign-in")}
    assert client.post("/nl/sign-in", data=form).status_code == 303  # noqa: S101
    return client


def _token(client: FlaskClient, address: str) -> str:
    page = client.get(address).get_data(as_text=True)
    return page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def _book(app: Flask, client: FlaskClient, *, now: datetime) -> Callable[[], None]:
    """Book room after room, hour after hour, on days that nobody has booked yet."""
    token = _token(client, "/nl/bookings/new?space=m.220")
    rooms = [space.code for space in spaces_by_kind([SpaceKind.MEETING_ROOM])]
    days = [clock.today(now) + timedelta(days=AHEAD + n) for n in range(1, 48)]
    slots = iter(itertools.product(days, range(8, 20), rooms))
    numbers = itertools.count(1)

    def deed() -> None:
        day, hour, room = next(slots)
        form = {
            "csrf_token": token,
            "idem": f"bench-post-{next(numbers):08}",
            "space": room,
            "day": day.isoformat(),
            "from": f"{hour:02}:00",
            "to": f"{hour + 1:02}:00",
            "title": "Overleg",
        }
        answer = client.post("/nl/bookings", data=form)
        assert answer.status_code == 303, answer.get_data(as_text=True)  # noqa: S101

    return deed


def _raw_book(now: datetime) -> Callable[[], None]:
    """Insert one ledger row in a transaction of its own: what the database alone asks."""
    space_id = db.session.query(Space.id).order_by(Space.id.desc()).limit(1).scalar()
    owner = db.session.execute(
        text(
            "INSERT INTO closure (space_id, starts_at, reason_nl, reason_en, created_at) "
            "VALUES (:space, :at, '', '', :at) RETURNING id"
        ),
        {"space": space_id, "at": _stored(now)},
    ).scalar_one()
    db.session.commit()
    hours = itertools.count(24 * 400)

    def deed() -> None:
        starts = now + next(hours) * HOUR
        with db.engine.begin() as connection:
            connection.execute(
                RAW_BOOK,
                {
                    "space": space_id,
                    "starts": _stored(starts),
                    "ends": _stored(starts + HOUR),
                    "owner": owner,
                    "false": False,
                },
            )

    return deed


def _day_sheet(day: date) -> Callable[[], None]:
    def deed() -> None:
        assert taken_between(clock.day_period(day))  # noqa: S101
        db.session.rollback()

    return deed


def _raw_day(day: date) -> Callable[[], None]:
    return _raw(RAW_DAY, clock.day_period(day))


def _free(day: date) -> Callable[[], None]:
    """Find the rooms for six that are free for an hour."""
    asked = _one_hour(day)

    def deed() -> None:
        rooms = [
            one for one in spaces_by_kind([SpaceKind.MEETING_ROOM]) if (one.capacity or 0) > 5
        ]
        assert free_of(rooms, periods=[asked])  # noqa: S101
        db.session.rollback()

    return deed


def _raw_free(day: date) -> Callable[[], None]:
    return _raw(RAW_FREE, _one_hour(day))


def _raw(query: object, period: Period) -> Callable[[], None]:
    values = {
        "starts": _stored(period.starts_at),
        "ends": _stored(period.end),
        "long_ago": _stored(period.starts_at - 26 * HOUR),
    }

    def deed() -> None:
        with db.engine.connect() as connection:
            assert connection.execute(query, values).all()  # type: ignore[call-overload]  # noqa: S101

    return deed


def _one_hour(day: date) -> Period:
    starts_at = clock.day_period(day).starts_at + 14 * HOUR
    return Period(starts_at, starts_at + HOUR)


def _stored(at: datetime) -> object:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if db.engine.dialect.name == "sqlite" else at
