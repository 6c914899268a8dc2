"""What a feed says is what the rows say: read back by parsers that know nothing of campus."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import recurring_ical_events
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from campus import clock
from campus.bookings import service
from campus.bookings.models import Asked, Booking, BookingState
from campus.clock import Period
from campus.db import carry_out, db, unit_of_work
from campus.errors import CampusError
from campus.feeds.models import Scope
from campus.members.models import Actor
from campus.spaces.models import BookingRule, OpeningHours, Space, SpaceKind
from campus.spaces.queries import space_by_code
from campus.web.characters import one_line
from tests.conftest import empty
from tests.factories import NOW, make_house, make_member, make_space, make_staff
from tests.feeds.conftest import fetch, subscribe
from tests.feeds.strict import mistakes

HERE = Path(__file__).parent
QUARTER = timedelta(minutes=15)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)  # the nights on which clocks change
_keys = itertools.count(1)

HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "a,b;c\\d\nBEGIN:VEVENT",
            "\r\nEND:VCALENDAR\r\n",
            "NUL\x00BEL\x07VT\x0b",
            "x" * 200,
            "🧇" * 40,
            "‮omgekeerd‬",
            "quote\"^'",
            "TRANSP:OPAQUE",
            "END:VCALENDAR",
            "END:VEVENT",
            "\x85\u2028next",
        ]
    ),
)


class Deed(NamedTuple):
    """Something to do: where, from when, how long, under what title, and then what."""

    room: int
    quarter: int
    length: int
    title: str
    then: str


days = st.sampled_from([date(2027, 1, 14), SPRING, AUTUMN])
deeds = st.builds(
    Deed,
    st.integers(0, 2),
    st.integers(0, 95),
    st.integers(1, 24),
    HOSTILE,
    st.sampled_from(["", "", "cancel", "change"]),
)


class Shown(NamedTuple):
    """What a calendar shows, and what a row says."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    sequence: int


def rows() -> set[Shown]:
    """Return what every live booking says."""
    db.session.rollback()
    live = db.session.query(Booking).filter(Booking.state != BookingState.CANCELLED)
    return {
        Shown(
            one.uid,
            one.starts_at,
            one.ends_at,
            one_line(one.title or one.space.name),
            one.revision - 1,
        )
        for one in live
    }


def days_in(body: bytes) -> set[str]:
    """Return the UIDs of what is shown as whole days."""
    events: list[Any] = Calendar.from_ical(body).walk("VEVENT")
    return {str(one["UID"]) for one in events if not isinstance(one["DTSTART"].dt, datetime)}


def instant(value: datetime | date) -> datetime:
    """Return a time in UTC, where one that comes twice in a night is told apart."""
    return value.astimezone(UTC) if isinstance(value, datetime) else clock.midnight(value)


def shown_in(body: bytes) -> set[Shown]:
    """Return what a feed shows, expanded between two years.

    The expander moves instants into the zone that X-WR-TIMEZONE names and adds lengths by the
    wall clock there, an hour short in the night in October: it is not told of that zone.
    """
    plain = body.replace(b"X-WR-TIMEZONE:Europe/Amsterdam\r\n", b"")
    found = recurring_ical_events.of(Calendar.from_ical(plain)).between((2026, 1, 1), (2029, 1, 1))
    return {
        Shown(
            str(one["UID"]),
            instant(one["DTSTART"].dt),
            instant(one["DTEND"].dt),
            str(one["SUMMARY"]),
            int(one["SEQUENCE"]),
        )
        for one in found
    }


def world(names: list[str]) -> tuple[Actor, list[Space]]:
    """Make a house that never closes, with rooms of hostile names, and staff.

    PostgreSQL holds no NUL; SQLite does, and titles go through the form's cleaning anyway.
    """
    make_house()
    with unit_of_work():
        for hours in db.session.query(OpeningHours):
            db.session.delete(hours)
        for rule in db.session.query(BookingRule):
            rule.horizon_days, rule.longest_minutes = 400, 24 * 60
        for weekday in range(7):
            midnight = datetime(2026, 1, 1).time()  # noqa: DTZ001 - a time of day
            db.session.add(OpeningHours(weekday=weekday, opens=midnight, closes=midnight))
    rooms = [
        make_space(f"room-{n}", kind=SpaceKind.MEETING_ROOM, name=name.replace("\0", "") or "-")
        for n, name in enumerate(names)
    ]
    return make_staff(), rooms


def do(deed: Deed, *, day: date, actor: Actor) -> None:
    """Book, and perhaps change or cancel; what is taken or skipped by the clocks is not done."""
    start = clock.midnight(day) + deed.quarter * QUARTER
    when = Period(start, start + deed.length * QUARTER)

    def work() -> str:
        asked = Asked(space_by_code(f"room-{deed.room}"), when, one_line(deed.title), anyway=True)
        return service.book(actor=actor, asked=asked, now=NOW, idem=f"trip-{next(_keys)}").code

    def rework() -> None:
        booking = db.session.query(Booking).filter_by(code=code).one()
        if deed.then == "cancel":
            service.cancel(actor=actor, booking=booking, reason="", now=NOW)
        elif deed.then == "change":
            later = Period(when.starts_at + QUARTER, when.end + QUARTER)
            asked = Asked(booking.space, later, one_line(f"anders {deed.title}"), anyway=True)
            service.change(actor=actor, booking=booking, asked=asked, revision=1, now=NOW)

    try:
        code = carry_out(work)
        carry_out(rework)
    except CampusError:
        db.session.rollback()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    names=st.lists(HOSTILE, min_size=3, max_size=3),
    day=days,
    deeds=st.lists(deeds, min_size=1, max_size=8),
)
def test_a_feed_read_back_equals_the_rows(
    app: Flask, names: list[str], day: date, deeds: list[Deed]
) -> None:
    empty()
    actor, _rooms = world(names)
    for deed in deeds:
        do(deed, day=day, actor=actor)

    body = fetch(app, subscribe(actor, Scope.CAMPUS, name=names[0].replace("\0", "") or "-")).data

    assert mistakes(body) == []
    assert shown_in(body) == rows()


@pytest.fixture
def busy_feed(app: Flask) -> bytes:
    """A feed with both nights on which clocks change, a title to stumble over, days of a desk."""
    actor, _rooms = world(["Hunze; \\ , 🧇", "Dollard", "Reitdiep"])
    for day in (SPRING, AUTUMN):
        for quarter, title in ((0, "nacht, met; alles\\"), (12, ""), (30, "x" * 200)):
            do(Deed(quarter % 3, quarter, 8, title, ""), day=day, actor=actor)
    desk, member = make_space("1.32"), make_member()
    first, last = date(2026, 12, 3), date(2026, 12, 8)
    with unit_of_work():
        when = Period(clock.instant(first, NOON), clock.instant(last, NOON))
        asked = Asked(db.session.merge(desk), when, guest=member, anyway=True)
        service.book(actor=actor, asked=asked, now=NOW, idem="desk-days-1")
    body: bytes = fetch(app, subscribe(actor, Scope.CAMPUS)).data
    return body


NOON = datetime(2026, 1, 1, 12).time()  # noqa: DTZ001 - a time of day


def test_thunderbird_s_parser_reads_the_same_instants(busy_feed: bytes, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node here to run ical.js")
    file = tmp_path / "feed.ics"
    file.write_bytes(busy_feed)

    said = subprocess.run(  # noqa: S603 - our own script
        [node, str(HERE / "read_with_icaljs.mjs"), str(file)],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )

    read = {(uid, datetime.fromisoformat(start)) for uid, start in json.loads(said.stdout)}
    days = days_in(busy_feed)
    timed = {(one.uid, one.starts_at) for one in shown_in(busy_feed) if one.uid not in days}
    assert len(timed) >= 6
    assert read == timed
