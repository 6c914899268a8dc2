"""Calendars of others: what is no calendar, or a bomb, is refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campus.web.ical_limits import Event, Property, UnreadableError, content_of, why_too_much

HEAD, TAIL = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "END:VCALENDAR\r\n"


def calendar(*lines: str) -> bytes:
    """Return a calendar with these lines in it."""
    return (HEAD + "".join(f"{line}\r\n" for line in lines) + TAIL).encode()


def event(*lines: str) -> bytes:
    """Return a calendar of one event."""
    return calendar("BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT")


def why(**properties: str) -> str:
    """Return why an event with these properties is refused."""
    said = {"DTSTART": "20260301T100000Z", **properties}
    return why_too_much([Event(1, [Property(name, "", said[name]) for name in said])])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"x" * 1_000_001, "1 MB"),
        (calendar("X:\0"), "NUL"),
        (b"id,start,end\r\n", "no calendar"),
        (HEAD.encode(), "no END:VCALENDAR"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "no END:VCALENDAR"),
        (calendar(*["X-A:1"] * 40_001), "40,000 lines"),
        (calendar(f"X-A:{'b' * 65_537}"), "64 kB"),
        (calendar("X-A:b", *[f" {'b' * 70}"] * 940), "64 kB"),
        (calendar(*["BEGIN:A"] * 5_000), "4 deep"),
        (calendar(*["BEGIN:A", "END:A"] * 2_001), "2,000 parts"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        content_of(data)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=SECONDLY", "secondly"),
        ("FREQ=MINUTELY;COUNT=3", "minutely"),
        ("FREQ=HOURLY", "hourly"),
        ("COUNT=3", "repeats nothing"),
        ("FREQ=DAILY;COUNT=100000", "100000 times"),
        ("FREQ=DAILY;COUNT=x", "X times"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=1000", "INTERVAL"),
        ("FREQ=DAILY;BYHOUR=1,2", "several times a day"),
        ("FREQ=DAILY;BYMINUTE=1,2", "several times a day"),
        (
            "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;"
            f"BYMONTHDAY={','.join(map(str, range(1, 32)))};BYDAY=MO,TU",
            "744 values",
        ),
    ],
)
def test_a_rule_that_could_explode_is_refused(rule: str, words: str) -> None:
    assert words in why(RRULE=rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY;WKST=SU;COUNT=6;BYDAY=MO,TU,WE",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR",
        "freq=daily;until=20270101T000000Z",
    ],
)
def test_a_rule_as_people_make_them_is_read(rule: str) -> None:
    assert why(RRULE=rule) == ""


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"DTSTART": "16010101T000000"}, "year 1601"),
        ({"DTSTART": "21010101T000000"}, "year 2101"),
        ({"DTSTART": "soon"}, "no start"),
        ({"EXRULE": "FREQ=DAILY"}, "EXRULE"),
        ({"EXDATE": ",".join(["20260301T100000Z"] * 2_001)}, "2,001 dates"),
        ({"RDATE": ",".join(["20260301T100000Z"] * 2_001)}, "2,001 dates"),
    ],
)
def test_an_event_past_a_limit_is_left_out(properties: dict[str, str], words: str) -> None:
    assert words in why(**properties)


def test_people_alarms_and_pictures_are_not_looked_at() -> None:
    found = content_of(
        event(
            "DTSTART:20260301T100000Z",
            "SUMMARY:Overleg",
            "ATTENDEE:mailto:femke@example.org",
            "ATTACH;VALUE=BINARY:AAAA",
            "BEGIN:VALARM",
            "SUMMARY:Wek mij",
            "END:VALARM",
        )
    )

    names = [one.name for one in found.events[0].properties]
    assert names == ["UID", "DTSTART", "SUMMARY"]
    assert found.events[0].called == "“Overleg”"


def test_folded_lines_any_line_end_and_a_bom_are_read() -> None:
    text = "\ufeff" + event("DTSTART:20260301T100000Z", "SUMMARY:Over", " leg").decode()

    for ends in ("\r\n", "\n", "\r"):
        found = content_of(text.replace("\r\n", ends).encode())
        assert found.events[0].first("SUMMARY") == "Overleg"


def test_a_line_that_is_none_is_named_by_its_place_in_the_file() -> None:
    found = content_of(event("SUMMARY:Over", " leg", "this is no line"))

    assert found.warnings == ["Line 7 is no line of a calendar and was left out."]


def test_a_zone_with_rules_that_no_zone_has_is_left_out() -> None:
    zone = (
        "BEGIN:VTIMEZONE",
        "TZID:Bomb",
        "BEGIN:STANDARD",
        "RRULE:FREQ=DAILY",
        "END:STANDARD",
        "END:VTIMEZONE",
    )

    found = content_of(calendar(*zone))

    assert found.zones == {}
    assert "Bomb" in found.warnings[0]


@given(st.binary(max_size=400))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    try:
        content_of(b"BEGIN:VCALENDAR\n" + data + b"\nEND:VCALENDAR\n")
    except UnreadableError as refusal:
        assert str(refusal)  # noqa: PT017 - either way is right


LINES = st.sampled_from(
    ["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:VALARM",
     "END:VALARM", "END:VCALENDAR", "BEGIN:VCALENDAR", "SUMMARY:a", "TZID:b", "RRULE:FREQ=DAILY",
     " folded", ":", ";", '"', "DTSTART;TZID=\"a:b\":20260301T100000"]
)  # fmt: skip


@given(st.lists(LINES, max_size=30))
def test_parts_in_any_disorder_are_read_or_refused(lines: list[str]) -> None:
    try:
        content_of("\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"]).encode())
    except UnreadableError as refusal:
        assert str(refusal)  # noqa: PT017 - either way is right
