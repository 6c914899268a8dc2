"""Events and calendars: what people write stays text, and hours stay the hours meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Timezone

from campus import clock
from campus.clock import Period
from campus.web import ical
from campus.web.characters import one_line, visible
from campus.web.ical import Method, Occasion, Party

STAMP = datetime(2026, 11, 20, 9, tzinfo=UTC)
MORNING = Period(datetime(2026, 11, 26, 8, tzinfo=UTC), datetime(2026, 11, 26, 11, tzinfo=UTC))
PLAIN = Occasion(
    uid="abc@campus.example",
    sequence=0,
    stamp=STAMP,
    changed_at=STAMP,
    period=MORNING,
    summary="Hunze",
    location="Hunze, Kwartierlaan 1, Groningen",
)
HOSTILE = (
    "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil@example\r\nSUMMARY:b; c, d\\n\x00\u202e\u2028e"
)


@pytest.fixture
def zone() -> Iterator[None]:
    """Put the campus's zone back after a test that moves the campus."""
    yield
    clock.set_campus_zone("Europe/Amsterdam")


def calendar_of(*occasions: Occasion) -> Any:
    return Calendar.from_ical(ical.calendar([ical.event(occasion) for occasion in occasions]))


def events_of(calendar: Any) -> list[Any]:
    return list(calendar.walk("VEVENT"))


def instants_of(event: Any) -> tuple[datetime, datetime]:
    return event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC)


@given(
    st.lists(st.text() | st.just(HOSTILE), min_size=1, max_size=4),
    st.text() | st.just(HOSTILE),
)
def test_as_many_events_come_out_as_went_in_whatever_people_write(
    titles: list[str], elsewhere: str
) -> None:
    occasions = [
        replace(
            PLAIN,
            uid=f"{number}@campus.example",
            summary=title,
            location=elsewhere,
            description=elsewhere,
            url=f"https://campus.example/{number}",
        )
        for number, title in enumerate(titles)
    ]
    people = {
        "organizer": Party(elsewhere, "campus@x.example"),
        "guest": Party("G", "g@x.example"),
    }
    text = ical.calendar([ical.event(occasion, **people) for occasion in occasions])

    events = events_of(Calendar.from_ical(text))

    assert [str(event["UID"]) for event in events] == [occasion.uid for occasion in occasions]
    assert [str(event["SUMMARY"]) for event in events] == [one_line(title) for title in titles]
    assert text.count("\r\nBEGIN:VEVENT\r\n") == text.count("\r\nEND:VEVENT\r\n") == len(titles)


@given(st.text(max_size=400) | st.just(HOSTILE))
def test_every_line_is_short_ends_in_crlf_and_holds_no_control_character(text: str) -> None:
    whole = ical.calendar([ical.event(replace(PLAIN, summary=text, description=text))])

    lines = whole.encode().split(b"\r\n")

    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", whole.replace("\r\n", ""))


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert one_line(one_line(text)) == one_line(text)
    assert len(one_line(text).splitlines()) <= 1


def test_times_are_local_with_the_zone_they_are_in() -> None:
    text = ical.event(PLAIN)

    assert "DTSTART;TZID=Europe/Amsterdam:20261126T090000\r\n" in text
    assert "DTEND;TZID=Europe/Amsterdam:20261126T120000\r\n" in text


def onsets_of(zone: Any) -> list[tuple[datetime, timedelta]]:
    """Return when a VTIMEZONE changes its offset, and to what, as RFC 5545 reads it."""
    onsets = []
    first, last = datetime(2019, 1, 1), datetime(2038, 1, 1)  # noqa: DTZ001 - wall clocks
    for part in zone.subcomponents:
        before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=part["DTSTART"].dt)
        walls = rule.between(first, last)
        onsets += [((wall - before).replace(tzinfo=UTC), after) for wall in walls]
    return sorted(onsets)


def test_the_zone_agrees_with_the_time_zone_database_for_years() -> None:
    onsets = onsets_of(Timezone.from_ical(ical.timezone_text()))
    first = datetime(2020, 1, 1, tzinfo=UTC)

    for minutes in range(0, 18 * 365 * 24 * 60, 30 * 37):
        at = first + timedelta(minutes=minutes)
        assert offset_at(at, onsets) == at.astimezone(ZoneInfo("Europe/Amsterdam")).utcoffset()
    for change, _ in onsets[2:]:
        for minutes in (-30, -1, 0, 1, 30):
            at = change + timedelta(minutes=minutes)
            assert offset_at(at, onsets) == at.astimezone(ZoneInfo("Europe/Amsterdam")).utcoffset()


def offset_at(at: datetime, onsets: list[tuple[datetime, timedelta]]) -> timedelta:
    return max(onset for onset in onsets if onset[0] <= at)[1]


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2027, 3, 28), 8), (date(2027, 10, 31), 10), (date(2027, 11, 1), 9)],
    ids=["the clocks go forward", "the clocks go back", "an ordinary night"],
)
def test_a_night_keeps_its_real_hours(day: date, hours: int) -> None:
    night = Period(clock.instant(day, time(0)), clock.instant(day, time(9)))

    (event,) = events_of(calendar_of(replace(PLAIN, period=night)))
    starts_at, ends_at = instants_of(event)

    assert (starts_at, ends_at) == (night.starts_at, night.ends_at)
    assert ends_at - starts_at == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("first", "last"), [(0, 60), (-60, 30), (30, 90)], ids=["inside", "ends in it", "starts in it"]
)
def test_what_meets_the_hour_that_comes_twice_is_written_in_utc(first: int, last: int) -> None:
    second_pass = datetime(2027, 10, 31, 1, tzinfo=UTC)  # 02:00 in Amsterdam for the second time
    period = Period(second_pass + timedelta(minutes=first), second_pass + timedelta(minutes=last))

    (event,) = events_of(calendar_of(replace(PLAIN, period=period)))

    assert instants_of(event) == (period.starts_at, period.ends_at)


def test_days_are_shown_as_one_event_on_just_those_days() -> None:
    days = (date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 30))
    calendar = calendar_of(replace(PLAIN, days=days))

    shown = recurring_ical_events.of(calendar).between(date(2026, 11, 1), date(2026, 12, 31))

    assert len(events_of(calendar)) == 1
    assert sorted(event["DTSTART"].dt for event in shown) == list(days)
    assert {event["DTEND"].dt - event["DTSTART"].dt for event in shown} == {timedelta(days=1)}


def test_one_day_does_not_repeat() -> None:
    text = ical.event(replace(PLAIN, days=(date(2026, 11, 26),)))

    assert "DTSTART;VALUE=DATE:20261126\r\nDTEND;VALUE=DATE:20261127\r\n" in text
    assert "RRULE" not in text


@pytest.mark.usefixtures("zone")
def test_a_zone_with_other_changes_is_written_in_utc() -> None:
    clock.set_campus_zone("America/New_York")

    whole = ical.calendar([ical.event(PLAIN)])

    assert "DTSTART:20261126T080000Z\r\n" in whole
    assert "VTIMEZONE" not in whole


@pytest.mark.usefixtures("zone")
def test_a_zone_that_changes_as_amsterdam_does_keeps_its_own_name() -> None:
    clock.set_campus_zone("Europe/Brussels")

    whole = ical.calendar([ical.event(PLAIN)])

    assert "TZID:Europe/Brussels\r\n" in whole
    assert "DTSTART;TZID=Europe/Brussels:20261126T090000\r\n" in whole


def test_only_mail_says_what_it_asks_of_a_calendar() -> None:
    event = ical.event(PLAIN)

    assert "METHOD" not in ical.calendar([event])
    assert "METHOD:CANCEL\r\n" in ical.calendar([event], method=Method.CANCEL)


def test_an_invitation_names_who_asks_and_who_is_asked() -> None:
    text = ical.event(
        PLAIN,
        organizer=Party("Noorderkwartier", "campus@campus.example"),
        guest=Party('Femke "FP" Postma', "femke@terpdata.example"),
    )

    (event,) = events_of(Calendar.from_ical(ical.calendar([text], method=Method.REQUEST)))

    assert event["ORGANIZER"] == "mailto:campus@campus.example"
    assert event["ATTENDEE"] == "mailto:femke@terpdata.example"
    assert event["ATTENDEE"].params["CN"] == 'Femke "FP" Postma'
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
