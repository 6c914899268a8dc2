"""The texts of imported bookings are those that a booking by hand would have."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campus.bookings import calendar
from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.db import db
from campus.db.codes import new_code
from campus.members.models import Organisation, Person
from campus.schedule import queries
from campus.schedule.calendar import Party, Texts
from campus.spaces.models import Space, SpaceKind
from tests.factories import NOW, at, make_house, make_member, make_organisation, make_space

pytestmark = pytest.mark.usefixtures("database")
ONCE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(params=[False, True], ids=["titles hidden", "titles shown"])
def party(request: pytest.FixtureRequest) -> Party:
    """Somebody of an organisation, and spaces to book."""
    floor = make_house()
    member = make_member(make_organisation("Terpdata, B.V.", shows_titles=request.param))
    make_space("hunze", kind=SpaceKind.MEETING_ROOM, floor=floor, name="Hunze; zaal")
    make_space("1.01", kind=SpaceKind.DESK, floor=floor)
    person = db.session.get_one(Person, member.person_id)
    return Party(person, db.session.get_one(Organisation, member.organisation_id), NOW)


def by_hand(party: Party, code: str, *, made: str, period: Period, title: str) -> Booking:
    """Return a booking with the texts that `bookings` writes."""
    space = db.session.query(Space).filter_by(code=code).one()
    with db.session.no_autoflush:
        booking = Booking(
            code=made, uid=calendar.new_uid(made), space=space, person=party.person,
            organisation=party.organisation, starts_at=period.starts_at, ends_at=period.end,
            state=BookingState.CONFIRMED, title=title, buffer_before_minutes=0,
            buffer_after_minutes=0, revision=1, created_at=NOW, updated_at=NOW, source=made,
        )  # fmt: skip
        calendar.render(booking, claimed=[period])
    return booking


TITLES = st.one_of(
    st.just(""),
    st.text(max_size=120).map(lambda words: " ".join(words.split())),
    st.from_regex(r"[A-Za-z0-9 .:-]{0,80}", fullmatch=True).map(
        lambda words: " ".join(words.split())
    ),
)


@pytest.mark.parametrize("code", ["hunze", "1.01"])
def test_a_text_made_of_a_pattern_is_the_text_that_is_written_by_hand(
    party: Party, code: str
) -> None:
    place = queries.places([code])[code]
    texts = Texts(party)

    @ONCE
    @given(
        TITLES,
        st.datetimes(datetime(2026, 9, 1), datetime(2027, 12, 1)),  # noqa: DTZ001 - shifted below
        st.integers(1, 60 * 30),
    )
    def same(title: str, wall: datetime, minutes: int) -> None:
        starts_at = at(8) + (wall.replace(second=0, microsecond=0) - datetime(2026, 11, 26))  # noqa: DTZ001
        period, made = Period(starts_at, starts_at + timedelta(minutes=minutes)), new_code()

        found = texts.of(place, code=made, period=period, title=title, claimed=[period])

        booking = by_hand(party, code, made=made, period=period, title=title)
        expected = (booking.uid, booking.ical_full, booking.ical_busy, booking.ical_version)
        assert tuple(found.values()) == expected

    same()


def test_the_night_in_october_is_written_in_utc(party: Party) -> None:
    place = queries.places(["hunze"])["hunze"]
    starts_at = datetime.fromisoformat("2026-10-25T01:30:00+00:00").astimezone(NOW.tzinfo)
    period, made = Period(starts_at, starts_at + timedelta(hours=1)), new_code()

    found = Texts(party).of(place, code=made, period=period, title="Nacht", claimed=[period])

    booking = by_hand(party, "hunze", made=made, period=period, title="Nacht")
    assert "DTSTART:20261025T013000Z" in str(found["ical_full"])
    assert found["ical_full"] == booking.ical_full


def test_history_that_no_feed_reads_waits_for_its_text(party: Party) -> None:
    place = queries.places(["hunze"])["hunze"]
    starts_at = NOW - timedelta(days=92)
    period = Period(starts_at, starts_at + timedelta(hours=1))

    found = Texts(party).of(place, code=new_code(), period=period, title="", claimed=[period])

    assert (found["ical_full"], found["ical_version"]) == ("", 0)
