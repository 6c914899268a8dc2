"""The strict check finds what parsers forgive."""

from __future__ import annotations

import pytest

from campus.web import ical_feed
from tests.feeds.strict import mistakes

EVENT = (
    "BEGIN:VEVENT\r\nSUMMARY:Roadmap\r\nDTSTART;TZID=Europe/Amsterdam:20261126T090000\r\n"
    "DTEND;TZID=Europe/Amsterdam:20261126T100000\r\nDTSTAMP:20261126T071000Z\r\n"
    "UID:abc@campus.example\r\nTRANSP:OPAQUE\r\nEND:VEVENT\r\n"
)
GOOD = ical_feed.body([EVENT], name="Hunze", color="seagreen", is_busy=True)


def test_a_good_feed_has_no_mistakes() -> None:
    assert mistakes(GOOD) == []


@pytest.mark.parametrize(
    "name", ["END:VCALENDAR", "a\r\nEND:VCALENDAR\r\n", "BEGIN:VEVENT", "x" * 200, "", "🧇" * 40]
)
def test_no_name_of_a_feed_breaks_it(name: str) -> None:
    body = ical_feed.body([EVENT], name=name, color="seagreen", is_busy=True)

    assert mistakes(body) == []
    assert body.count(b"\r\nBEGIN:VEVENT\r\n") == 1


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b"\r\n", b"\n"),
        (b"SUMMARY:Roadmap", b"SUMMARY:Road, map"),
        (b"SUMMARY:Roadmap", b"SUMMARY:" + b"x" * 80),
        (b"SUMMARY:Roadmap", b"SUMMARY:Road\x00map"),
        (b"SUMMARY:Roadmap", b"SUMMARY:Road\rmap"),
        (b"SUMMARY:Roadmap\r\n", b"SUMMARY:Roadmap\r\n\r\n"),
        (b"SUMMARY:Roadmap", b"SUMMARY:" + b"x" * 66 + b"\xc3\r\n \xa9"),
        (b"SUMMARY:Roadmap", b"Roadmap"),
        (b"UID:abc@campus.example\r\n", b""),
        (b"UID:abc@campus.example\r\n", b"UID:a\r\nUID:b\r\n"),
        (b"DTSTAMP:20261126T071000Z", b"DTSTAMP:20261126T071000"),
        (b";TZID=Europe/Amsterdam:20261126T09", b";TZID=Europe/Brussels:20261126T09"),
        (b";TZID=Europe/Amsterdam:20261126T090000", b":20261126T090000"),
        (b";TZID=Europe/Amsterdam:20261126T090000", b";TZID=Europe/Amsterdam:20261126T080000Z"),
        (b"REFRESH-INTERVAL;VALUE=DURATION", b"REFRESH-INTERVAL"),
        (b"END:VEVENT\r\n", b""),
        (b"CALSCALE:GREGORIAN", b"METHOD:PUBLISH"),
        (b"VERSION:2.0\r\n", b""),
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR"),
    ],
)
def test_a_damaged_feed_is_found_out(there: bytes, instead: bytes) -> None:
    assert there in GOOD

    assert mistakes(GOOD.replace(there, instead))
