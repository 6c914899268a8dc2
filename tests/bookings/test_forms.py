"""What the forms of bookings take for a period, and what they say of anything else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from campus.bookings.forms import BookingForm, ChangeForm, ExtendForm
from campus.bookings.ways import fields_of, is_sayable
from campus.clock import Period
from campus.errors import RuleBroken
from campus.spaces.models import SpaceKind
from tests.factories import at

GOOD = {"space": "1.32", "day": "2026-11-26", "from": "09:00", "to": "17:30", "idem": "a-key-000"}
FRIDAY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def page(sqlite_app: Flask) -> Iterator[None]:
    """A request for an English page: forms need one to speak."""
    with sqlite_app.test_request_context("/en/bookings/new"):
        sqlite_app.preprocess_request()
        yield


def form_with(**fields: str) -> BookingForm:
    """Return a good form with some fields said otherwise."""
    return BookingForm(MultiDict({**GOOD, **fields}), meta={"csrf": False})


def errors_of(form: BookingForm) -> dict[str, list[str]]:
    """Return what is wrong with a form, in words."""
    assert not form.validate()
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Period(at(9), at(17, 30))),
        ({"to": "00:00"}, Period(at(9), at(0, day=FRIDAY))),
        ({"from": "00:00", "to": "00:00"}, Period(at(0), at(0, day=FRIDAY))),
        ({"until": "2026-11-26"}, Period(at(9), at(17, 30))),
        ({"until": "2026-11-27"}, Period(at(9), at(17, 30, day=FRIDAY))),
        ({"to": "07:00", "until": "2026-11-27"}, Period(at(9), at(7, day=FRIDAY))),
        ({"to": "00:00", "until": "2026-11-27"}, Period(at(9), at(0, day=FRIDAY))),
    ],
    ids=["a day", "midnight", "a whole day", "same last day", "two days", "a night", "till then"],
)
def test_a_form_says_a_period(fields: dict[str, str], expected: Period) -> None:
    form = form_with(**fields)

    assert form.validate(), form.errors
    assert form.period() == expected


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("to", "08:00", "The end must be after the start. For a night, fill in the last day."),
        ("to", "09:00", "The end must be after the start. For a night, fill in the last day."),
        ("to", "", "Choose when it ends."),
        ("to", "25:00", "Write the time as hours:minutes, such as 09:30."),
        ("from", "9 uur", "Write the time as hours:minutes, such as 09:30."),
        ("day", "tomorrow", "Write the day as year-month-day, such as 2026-11-26."),
        ("day", "2026-02-30", "Write the day as year-month-day, such as 2026-11-26."),
        ("day", "9999-12-31", "Choose a day between 2020 and 2100."),
        ("until", "9999-12-31", "Choose a day between 2020 and 2100."),
        ("day", "", "Choose a day."),
        ("space", "", "Choose a place, such as a desk or a room."),
        ("title", "x" * 201, "Use at most 200 characters."),
        ("note", "x" * 1001, "Use at most 1000 characters."),
        ("idem", "", "This form has lost its key. Load the page again and send it once."),
        ("idem", "short", "This form has lost its key. Load the page again and send it once."),
    ],
)
def test_a_form_says_what_is_wrong_and_what_to_do(field: str, value: str, said: str) -> None:
    found = errors_of(form_with(**{field: value}))

    assert found == {{"from": "from_"}.get(field, field): [said]}


@pytest.mark.parametrize("typed", ["08:30", "8:30", "08.30", "8.30", "0830", " 8:30 "])
def test_a_time_is_read_as_people_write_it(typed: str) -> None:
    assert form_with(**{"from": typed}).from_.data == time(8, 30)


def test_an_hour_alone_is_a_time() -> None:
    assert form_with(**{"from": "8"}).from_.data == time(8)


@pytest.mark.parametrize("typed", ["24", "8:3", "830", "8:60", "2460", "8:", ":30", "8:30:0"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    assert "from_" in errors_of(form_with(**{"from": typed}))


def test_a_last_day_before_the_first_is_refused() -> None:
    found = errors_of(form_with(until="2026-11-25"))

    assert found == {"to": ["The last day comes before the first."]}


def test_a_title_of_two_hundred_characters_fits() -> None:
    assert form_with(title="x" * 200).validate()


def test_nobody_sees_what_cannot_be_seen_in_a_title() -> None:
    form = form_with(title="\u202esprint\u200b\u2066\u0007 ")

    assert form.validate()
    assert form.title.data == "sprint"


def test_of_a_field_sent_twice_the_first_counts() -> None:
    form = BookingForm(
        MultiDict([*GOOD.items(), ("day", "2026-11-30"), ("space", "1.33"), ("to", "10:00")]),
        meta={"csrf": False},
    )

    assert form.validate()
    assert form.space.data == "1.32"
    assert form.period() == Period(at(9), at(17, 30))


def test_any_of_a_kind_needs_no_space() -> None:
    form = form_with(space="", any="desk")

    assert form.validate()
    assert form.wanted_kind is SpaceKind.DESK


@pytest.mark.parametrize("kind", ["", "castle", "DESK"])
def test_any_of_no_kind_is_no_choice(kind: str) -> None:
    assert "space" in errors_of(form_with(space="", any=kind))


def test_a_space_goes_before_any_of_a_kind() -> None:
    assert form_with(any="desk").wanted_kind is None


def test_a_time_that_the_clocks_skip_has_no_period() -> None:
    form = form_with(day="2027-03-28", **{"from": "02:30", "to": "05:00"})

    assert form.validate()
    with pytest.raises(RuleBroken, match="There is no 02:30"):
        form.period()


def test_a_night_in_october_lasts_its_real_hours() -> None:
    form = form_with(day="2027-10-31", **{"from": "00:00", "to": "09:00"})

    assert form.validate()
    assert form.period().length == timedelta(hours=10)


@pytest.mark.parametrize("minutes", ["", "-15", "a lot", "1.5", "99999", "²"])
def test_longer_is_a_whole_number(minutes: str) -> None:
    assert not ExtendForm(MultiDict({"minutes": minutes}), meta={"csrf": False}).validate()


def test_a_change_needs_the_revision_it_is_of() -> None:
    form = ChangeForm(MultiDict(GOOD), meta={"csrf": False})

    assert not form.validate()
    assert list(form.errors) == ["revision"]


@pytest.mark.parametrize(
    "period",
    [
        Period(at(9), at(17, 30)),
        Period(at(9), at(0, day=FRIDAY)),
        Period(at(22), at(7, day=FRIDAY)),
        Period(at(9), at(17, day=date(2026, 12, 1))),
    ],
    ids=["a day", "until midnight", "a night", "some days"],
)
def test_what_a_button_carries_is_the_period_it_names(period: Period) -> None:
    form = form_with(**{"until": "", **fields_of(period)})

    assert form.validate()
    assert form.period() == period
    assert is_sayable(period)


def test_the_second_coming_of_an_hour_cannot_be_said() -> None:
    first = at(2, 30, day=date(2027, 10, 31))
    hour = timedelta(hours=1)

    assert is_sayable(Period(first, first + 3 * hour))
    assert not is_sayable(Period(first + hour, first + 3 * hour))
