"""Who reads a feed, and on which day it begins."""

from __future__ import annotations

from datetime import date

import pytest

from campus.feeds.rules import Reader, Scope, digest_of, first_day, reader_named

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("Google-Calendar-Importer", Reader.GOOGLE),
        ("iOS/18.1 (22B83) dataaccessd/1.0", Reader.APPLE),
        ("macOS/15.1 (24B83) CalendarAgent/1067", Reader.APPLE),
        ("Microsoft.Exchange/15.20 (Exchange.InternetCalendar)", Reader.OUTLOOK),
        ("Mozilla/5.0 (X11; rv:128.0) Gecko/20100101 Thunderbird/128.4.3", Reader.THUNDERBIRD),
        ("ICSx5/2.2.4 (ktor; okhttp) Android/14", Reader.ANDROID),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0", Reader.BROWSER),
        ("vdirsyncer/0.21", Reader.OTHER),
        ("", Reader.OTHER),
    ],
)
def test_programs_are_known_by_what_they_call_themselves(name: str, reader: Reader) -> None:
    assert reader_named(name) is reader


def test_a_feed_begins_ninety_days_back_unless_it_is_about_today() -> None:
    assert first_day(TODAY, Scope.MINE) == date(2026, 8, 28)
    assert first_day(TODAY, Scope.CAMPUS) == date(2026, 8, 28)
    assert first_day(TODAY, Scope.ARRIVALS) == TODAY
    assert first_day(TODAY, Scope.CHANGES) == TODAY


def test_of_a_token_its_digest_is_kept() -> None:
    assert digest_of("a") != digest_of("b")
    assert len(digest_of("a")) == 64
