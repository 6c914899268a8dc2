"""What is a code; when a kind is open: weekdays, days of their own, holidays, midnight."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
from flask import Flask

from campus import clock
from campus.clock import Period
from campus.errors import RuleBroken, Spoken
from campus.spaces.rules import (
    Hours,
    check_code,
    is_code,
    open_period,
    opening_of,
    public_holidays,
)
from tests.factories import at, period

THURSDAY = date(2026, 11, 26)
NO_WORDS = Spoken("", "")


def weekly(weekday: int, opens: int, closes: int, *, kind: str | None = None) -> Hours:
    """Return a row for a weekday."""
    return Hours(kind, weekday, None, time(opens), time(closes), NO_WORDS)


def special(
    day: date, hours: tuple[int, int] | None, *, kind: str | None = None, why: str = ""
) -> Hours:
    """Return a row for one day; without hours it is closed."""
    opens, closes = hours or (None, None)
    return Hours(
        kind,
        None,
        day,
        None if opens is None else time(opens),
        None if closes is None else time(closes),
        Spoken(why, why),
    )


@pytest.mark.parametrize(
    "code", ["1.32", "hunze", "S6", "a", "a" * 40, "veld-zuid_2", "newest", "-1.02", "_a", ".a"]
)
def test_a_code_has_letters_digits_dots_and_dashes(code: str) -> None:
    check_code(code)


@pytest.mark.parametrize(
    "code",
    ["", " ", "a b", "a/b", ".", "..", "é", "a" * 41, "a\n", "new", "NEW",
     "import", "Import", "%"],
)  # fmt: skip
def test_anything_else_is_no_code_and_a_sentence_says_what_is(code: str) -> None:
    with pytest.raises(RuleBroken, match="is no code: use letters"):
        check_code(code)


def test_no_code_is_the_address_of_another_page(sqlite_app: Flask) -> None:
    addresses = [one.rule.split("/") for one in sqlite_app.url_map.iter_rules()]
    places = [
        parts[: parts.index("<code>")]
        for parts in addresses
        if "<code>" in parts
        and re.search("spaces|rooms|floors|buildings", parts[parts.index("<code>") - 1])
    ]
    beside = {
        parts[len(before)]
        for before in places
        for parts in addresses
        if parts[: len(before)] == before and len(parts) > len(before)
    }

    assert len(places) >= 5
    assert [one for one in beside - {"<code>"} if is_code(one)] == []


def test_a_weekday_without_a_row_is_closed() -> None:
    opening = opening_of([THURSDAY], rows=[weekly(0, 8, 20)], kind="desk", off={})

    assert opening.periods == {}
    assert opening.reasons == {}


def test_rows_of_a_kind_go_before_rows_for_all() -> None:
    rows = [weekly(3, 8, 20), weekly(3, 9, 12, kind="desk")]

    assert opening_of([THURSDAY], rows=rows, kind="desk", off={}).periods == {
        THURSDAY: period(9, 12)
    }
    assert opening_of([THURSDAY], rows=rows, kind="parking", off={}).periods == {
        THURSDAY: period(8, 20)
    }


def test_a_kind_with_hours_of_its_own_is_closed_on_its_other_days() -> None:
    rows = [weekly(3, 8, 20), weekly(0, 9, 12, kind="desk")]

    assert opening_of([THURSDAY], rows=rows, kind="desk", off={}).periods == {}


def test_a_day_of_its_own_goes_before_weekday_and_holiday() -> None:
    off = {THURSDAY: Spoken("Feest", "Feast")}
    rows = [weekly(3, 8, 20), special(THURSDAY, (10, 14))]

    assert opening_of([THURSDAY], rows=rows, kind="desk", off=off).periods == {
        THURSDAY: period(10, 14)
    }


def test_a_closed_day_says_why() -> None:
    rows = [weekly(3, 8, 20), special(THURSDAY, None, why="Verhuizing")]

    opening = opening_of([THURSDAY], rows=rows, kind="desk", off={})

    assert opening.periods == {}
    assert opening.reasons == {THURSDAY: Spoken("Verhuizing", "Verhuizing")}


def test_closing_at_midnight_ends_with_the_day() -> None:
    assert open_period(THURSDAY, opens=time(18), closes=time(0)) == Period(
        at(18), clock.midnight(THURSDAY + timedelta(days=1))
    )


def test_hours_on_the_night_the_clocks_change_are_real_hours() -> None:
    night = open_period(date(2027, 10, 31), opens=time(0), closes=time(9))

    assert night.length == timedelta(hours=10)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 12, 25),
        date(2026, 12, 26),
        date(2027, 4, 27),
        date(2027, 5, 6),
        date(2027, 1, 1),
    ],
    ids=["Christmas", "Boxing day", "King's day", "Ascension", "New year"],
)
def test_public_holidays_are_known_in_both_languages(day: date) -> None:
    found = public_holidays(day.year, with_good_friday=False)[day]

    assert found.nl
    assert found.en
    assert found.nl != found.en


def test_good_friday_is_open_unless_set() -> None:
    good_friday = date(2027, 3, 26)

    assert good_friday not in public_holidays(2027, with_good_friday=False)
    assert public_holidays(2027, with_good_friday=True)[good_friday].nl == "Goede Vrijdag"
