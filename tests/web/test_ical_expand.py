"""What happens in a calendar of others, as often as it happens."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from campus.web import ical_worker
from campus.web.ical_expand import Expanded, expand
from campus.web.ical_limits import UnreadableError, content_of
from campus.web.ical_worker import read_calendar
from tests.web.test_ical_limits import calendar, event

FIRST, UNTIL = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2028))
ZONE = "Europe/Amsterdam"


def expanded(data: bytes) -> Expanded:
    """Return what happens in two years."""
    return expand(content_of(data), zone=ZONE, first=FIRST, until=UNTIL)


def starts(data: bytes) -> list[str]:
    """Return when everything starts, by the campus's clocks."""
    found = (datetime.fromisoformat(one.starts) for one in expanded(data).occurrences)
    return [f"{at.astimezone(ZoneInfo(ZONE)):%m-%d %H:%M}" for at in found]


def test_a_single_event_is_known_by_its_uid_alone() -> None:
    one = expanded(event("DTSTART:20260301T100000Z", "DTEND:20260301T110000Z")).occurrences[0]

    assert (one.source, one.starts) == ("1", "2026-03-01T10:00:00+00:00")


def test_a_series_keeps_the_wall_clock_over_both_changes() -> None:
    weekly = event(
        "DTSTART;TZID=Europe/Amsterdam:20260322T100000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )
    autumn = event(
        "DTSTART;TZID=Europe/Amsterdam:20261018T100000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )

    assert starts(weekly) == ["03-22 10:00", "03-29 10:00"]
    assert starts(autumn) == ["10-18 10:00", "10-25 10:00"]


def test_a_name_for_the_whole_calendar_moves_no_hour_of_the_october_night() -> None:
    data = calendar(
        "X-WR-TIMEZONE:Europe/Amsterdam",
        *("BEGIN:VEVENT", "UID:1", "DTSTART:20261025T013000Z", "DTEND:20261025T020000Z"),
        "END:VEVENT",
    )

    one = expanded(data).occurrences[0]

    assert (one.starts, one.ends) == ("2026-10-25T01:30:00+00:00", "2026-10-25T02:00:00+00:00")


def test_a_moved_occurrence_keeps_the_id_it_had() -> None:
    data = calendar(
        "BEGIN:VEVENT", "UID:1", "DTSTART:20260302T100000Z", "DTEND:20260302T110000Z",
        "RRULE:FREQ=DAILY;COUNT=2", "END:VEVENT",
        "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID:20260303T100000Z", "DTSTART:20260305T120000Z",
        "DTEND:20260305T130000Z", "END:VEVENT",
    )  # fmt: skip

    found = {one.source: one.starts[:13] for one in expanded(data).occurrences}

    assert found == {
        "1/2026-03-02T10:00:00+00:00": "2026-03-02T10",
        "1/2026-03-03T10:00:00+00:00": "2026-03-05T12",
    }


def test_what_moves_with_all_that_follows_has_an_id_for_each() -> None:
    data = calendar(
        "BEGIN:VEVENT", "UID:1", "DTSTART:20260302T100000Z", "DTEND:20260302T110000Z",
        "RRULE:FREQ=DAILY;COUNT=4", "END:VEVENT",
        "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260303T100000Z",
        "DTSTART:20260303T120000Z", "DTEND:20260303T130000Z", "END:VEVENT",
    )  # fmt: skip

    found = [(one.source, one.starts[8:13]) for one in expanded(data).occurrences]

    assert [starts for _, starts in found] == ["02T10", "03T12", "04T12", "05T12"]
    assert len({source for source, _ in found}) == 4


def test_of_several_versions_the_last_counts() -> None:
    def version(sequence: int, hour: int) -> tuple[str, ...]:
        times = (f"DTSTART:20260302T{hour}0000Z", "DURATION:PT1H")
        return ("BEGIN:VEVENT", "UID:1", f"SEQUENCE:{sequence}", *times, "END:VEVENT")

    assert starts(calendar(*version(2, 12), *version(1, 10))) == ["03-02 13:00"]


@pytest.mark.parametrize(
    ("lines", "why_not"),
    [
        (("DTSTART;VALUE=DATE:20260302",), "whole day"),
        (("DTSTART:20260302T100000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"), "free time"),
        (
            (
                "DTSTART:20260302T100000Z",
                "DURATION:PT1H",
                "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
            ),
            "free time",
        ),
        (("DTSTART:20260302T100000Z", "DURATION:PT1H", "STATUS:CANCELLED"), "cancelled"),
        (("DTSTART:20260302T100000Z", "DURATION:PT1H"), ""),
    ],
)
def test_what_takes_no_space_says_why(lines: tuple[str, ...], why_not: str) -> None:
    assert [one.why_not for one in expanded(event(*lines)).occurrences] == [why_not]


@pytest.mark.parametrize(
    ("name", "hour", "is_known"),
    [
        ("Europe/London", "11:00", True),
        ("/freeassociation.sourceforge.net/Europe/London", "11:00", True),
        ('"W. Europe Standard Time"', "10:00", True),
        ("Nowhere/At_All", "10:00", False),
        ("", "10:00", False),
    ],
)
def test_zones_are_known_by_iana_by_windows_or_taken_for_the_campuss(
    name: str, hour: str, is_known: bool
) -> None:
    data = event(f"DTSTART;TZID={name}:20260302T100000", "DURATION:PT1H")

    assert starts(data) == [f"03-02 {hour}"]
    assert (expanded(data).warnings == []) is is_known


def test_a_zone_that_the_file_explains_itself_is_taken_at_its_word() -> None:
    data = calendar(
        "BEGIN:VTIMEZONE", "TZID:Terp", "BEGIN:STANDARD", "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0300", "TZOFFSETTO:+0300", "END:STANDARD", "END:VTIMEZONE",
        "BEGIN:VEVENT", "UID:1", "DTSTART;TZID=Terp:20260302T100000", "DURATION:PT1H",
        "END:VEVENT",
    )  # fmt: skip

    assert starts(data) == ["03-02 08:00"]


def test_what_ends_before_it_starts_is_left_out_and_the_rest_read() -> None:
    data = calendar(
        *("BEGIN:VEVENT", "UID:1", "DTSTART:20260302T100000Z", "DTEND:20260302T100000Z"),
        *("SUMMARY:Niets", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:2", "DTSTART:20260302T100000Z", "DURATION:P1X", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:3", "DTSTART:20260302T100000Z", "DURATION:PT1H", "END:VEVENT"),
    )

    found = expanded(data)

    assert [one.source for one in found.occurrences] == ["3"]
    assert "“Niets”" in found.warnings[0]
    assert "cannot be read" in found.warnings[1]


def test_an_event_without_uid_is_known_by_what_it_says() -> None:
    data = event("DTSTART:20260302T100000Z", "DURATION:PT1H", "SUMMARY:Thee").replace(
        b"UID:1\r\n", b""
    )

    assert [one.source for one in expanded(data).occurrences] == ["20260302T100000Z///Thee"]


def test_one_uid_has_at_most_5000_occurrences() -> None:
    data = event("DTSTART:20130101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    first = datetime(2013, 1, 1, tzinfo=UTC)

    found = expand(content_of(data), zone=ZONE, first=first, until=UNTIL)

    assert len(found.occurrences) == 5_000
    assert "5,000" in found.warnings[0]


# --- the worker -------------------------------------------------------------------------------


def test_another_process_reads_the_same() -> None:
    data = event("DTSTART:20260302T100000Z", "DURATION:PT1H", "SUMMARY:Één", "RRULE:FREQ=DAILY")

    assert read_calendar(data, zone=ZONE, first=FIRST, until=UNTIL) == expanded(data)


def test_a_refusal_comes_back_as_its_sentence() -> None:
    with pytest.raises(UnreadableError, match="no calendar"):
        read_calendar(b"x", zone=ZONE, first=FIRST, until=UNTIL)


@pytest.mark.drill
def test_what_takes_too_long_is_stopped_by_the_kernel() -> None:
    never = [
        line
        for number in range(400)
        for line in (
            *("BEGIN:VEVENT", f"UID:{number}", "DTSTART:19900130T100000Z", "DURATION:PT1H"),
            *("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "END:VEVENT"),
        )
    ]

    with pytest.raises(UnreadableError, match="5 seconds"):
        read_calendar(calendar(*never), zone=ZONE, first=FIRST, until=UNTIL)


def test_a_worker_that_dies_is_a_sentence() -> None:
    with pytest.raises(UnreadableError, match="No time zone found"):
        ical_worker.read_calendar(calendar(), zone="No/Zone", first=FIRST, until=UNTIL)
