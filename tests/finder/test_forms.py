"""What an address says, as far as it can be read."""

from __future__ import annotations

from datetime import date, time
from urllib.parse import parse_qsl

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.urls import uri_to_iri

from campus.finder.forms import Search, Sort, read


def said(query: str) -> Search:
    return read(MultiDict(parse_qsl(uri_to_iri(query), keep_blank_values=True)))


def test_everything_that_can_be_said_is_read() -> None:
    search = said(
        "day=2026-11-27&from=09:00&to=17:30&kind=event_space&floor=wierde&zone=stilte"
        "&has=window&has=screens&people=6&space=hunze&view=plan&all=1"
    )

    assert search == Search(
        day=date(2026, 11, 27),
        starts=time(9),
        ends=time(17, 30),
        sort=Sort.ROOM,
        floor="wierde",
        zone="stilte",
        has=("window", "screens"),
        people=6,
        space="hunze",
        is_plan=True,
        is_all=True,
    )


def test_a_parking_place_can_be_looked_for() -> None:
    assert said("kind=parking") == Search(sort=Sort.PARKING)


def test_nothing_said_is_nothing_asked() -> None:
    assert said("") == said("day=&from=&to=&kind=&has=&people=&view=list") == Search()


def test_of_a_key_given_twice_the_first_counts() -> None:
    assert said("day=2026-11-27&day=2026-11-30").day == date(2026, 11, 27)


@pytest.mark.parametrize(
    "query",
    [
        "day=tomorrow",
        "day=2026-02-30",
        "day=26-11-2026",
        "day=2026-W48-4",
        "day=%D9%A2%D9%A0%D9%A2%D9%A6-11-27",
        "from=9am",
        "to=25:00",
        "to=9:00",
        "kind=sauna",
        "kind=office_unit",
        "people=six",
        "people=-1",
        "people=99999",
        "people=%C2%B2",
    ],
)
def test_what_cannot_be_read_is_said_and_left_out(query: str) -> None:
    search = said(query)

    assert len(search.mistakes) == 1
    assert search == Search(mistakes=search.mistakes)


def test_a_day_far_away_stays_the_one_that_was_said() -> None:
    assert said("day=9999-12-31").day == date(9999, 12, 31)
    assert said("day=0001-01-01").day == date(1, 1, 1)


def test_codes_are_cleaned_and_cut() -> None:
    assert said("space=%E2%80%AEhunze%00").space == "hunze"
    assert len(said("space=" + "x" * 500).space) == 40
