"""Staff set hours, exceptions, holidays and rules, and see which bookings fall outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from campus.bookings.models import Booking
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.home.queries import weekly_hours
from campus.journal.models import Entry
from campus.members.models import Duty
from campus.occupancy.models import Occupancy
from campus.spaces import queries as spaces
from campus.spaces.models import BookingRule, Building, Floor, OpeningHours, Site, SpaceKind
from tests.bookings.visits import Visit, hidden_in, page_of, statements, visit
from tests.factories import (
    DAY,
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_space,
    make_staff,
    period,
    tomorrow,
)
from tests.premises.test_admin import seen_in

CHRISTMAS = date(2026, 12, 25)
MOST = 20


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def keeper(client: FlaskClient, database: None) -> Visit:
    """A campus manager of a house that is open on weekdays from 08:00 to 20:00."""
    make_house()
    return visit(client, make_staff(Duty.CAMPUS_MANAGER))


def week(opens: str = "08:00", closes: str = "20:00", **more: str) -> dict[str, str]:
    fields = {f"opens_{n}": opens for n in range(5)} | {f"closes_{n}": closes for n in range(5)}
    return {**fields, **more}


def exception(**more: str) -> dict[str, str]:
    fields = {"kind": "all", "is_closed": "1", "first": "2026-11-27", "reason_nl": "Verhuizing"}
    return {**fields, **more}


def opened(kind: SpaceKind = SpaceKind.DESK, day: date = DAY) -> Period | None:
    return spaces.opening(kind, first=day, last=day).periods.get(day)


def set_week(keeper: Visit, fields: dict[str, str], kind: str = "all") -> Any:
    seen = seen_in(keeper.get(f"/staff/hours/week/{kind}"))
    return keeper.post(f"/staff/hours/week/{kind}", {**fields, "seen": seen})


def deeds() -> list[str]:
    verbs = db.session.scalars(select(Entry.verb).order_by(Entry.id))
    return [verb for verb in verbs if verb.startswith(("hours.", "rule."))]


def stored() -> int:
    return db.session.scalar(select(func.count(OpeningHours.id))) or 0


# --- every week -------------------------------------------------------------------------------


def test_a_week_is_set_for_all_and_for_one_kind(keeper: Visit) -> None:
    for_all = set_week(keeper, week("07:30", "18:00", opens_5="10:00", closes_5="00:00"))
    for_rooms = set_week(keeper, week("09:00", "17:00"), "meeting_room")

    page = page_of(keeper.get("/staff/hours"))
    assert (for_all.status_code, for_rooms.status_code) == (303, 303)
    assert opened() == Period(at(7, 30), at(18))
    assert opened(day=date(2026, 11, 28)) == Period(
        at(10, day=date(2026, 11, 28)), at(0, day=date(2026, 11, 29))
    )
    assert opened(SpaceKind.MEETING_ROOM) == period(9, 17)
    assert "All kinds 07:30–18:00" in page
    assert "Meeting rooms 09:00–17:00" in page
    assert deeds() == ["hours.week", "hours.week"]


def test_the_help_page_reads_a_week_with_closed_days(keeper: Visit) -> None:
    set_week(keeper, week("09:00", "17:00"))

    assert keeper.get("/help").status_code == 200
    assert len(weekly_hours()[None]) == 7


def test_a_kind_that_is_never_open_is_not_open_with_the_others(keeper: Visit) -> None:
    set_week(keeper, {}, "desk")

    assert (opened(), opened(SpaceKind.MEETING_ROOM)) == (None, period(8, 20))


def test_a_kind_follows_the_others_again(keeper: Visit) -> None:
    set_week(keeper, week("09:00", "17:00"), "desk")

    answer = set_week(keeper, {"follow": "1"}, "desk")

    assert answer.status_code == 303
    assert opened() == period(8, 20)
    assert "Follow all kinds" not in page_of(keeper.get("/staff/hours/week/desk"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closes_0": "07:00"}, "It closes at 07:00, which is not after it opens at 08:00."),
        ({"closes_0": "08:00"}, "which is not after"),
        ({"closes_0": ""}, "Fill in both times"),
        ({"opens_3": "8 uur"}, "hours:minutes"),
        ({"opens_3": "25:00"}, "hours:minutes"),
        ({"opens_3": "x" * 10_000}, "hours:minutes"),
    ],
)
def test_a_week_that_is_none_is_refused_whole(
    keeper: Visit, wrong: dict[str, str], said: str
) -> None:
    answer = set_week(keeper, {**week(), **wrong, "opens_4": "11:00"})

    assert answer.status_code == 422
    assert said in page_of(answer)
    assert 'value="11:00"' in answer.text
    assert (opened(), deeds()) == (period(8, 20), [])


def test_a_week_that_somebody_else_set_is_shown_in_both_versions(keeper: Visit) -> None:
    seen = seen_in(keeper.get("/staff/hours/week/all"))
    set_week(keeper, week("09:00", "20:00"))

    late = keeper.post("/staff/hours/week/all", {**week("10:00", "20:00"), "seen": seen})

    assert late.status_code == 409
    assert "Monday from 09:00 10:00" in page_of(late)
    assert opened() == period(9, 20)


def test_the_same_week_sent_twice_is_set_once(keeper: Visit) -> None:
    fields = {**week("09:00", "17:00"), "seen": seen_in(keeper.get("/staff/hours/week/all"))}

    answers = [keeper.post("/staff/hours/week/all", fields).status_code for _ in range(2)]

    assert (answers, deeds(), stored()) == ([303, 303], ["hours.week"], 7)


def test_bookings_that_fall_outside_a_week_are_shown_and_then_stand(keeper: Visit) -> None:
    early = make_booking(
        make_member(name="Femke"), make_space("1.32"), period(8, 12, day=tomorrow())
    )
    make_booking(make_member(name="Amira"), make_space("1.33"), period(10, 12, day=tomorrow()))

    asked = set_week(keeper, week("09:00", "20:00"))
    unsaved = opened()
    kept = keeper.post("/staff/hours/week/all", hidden_in(asked.text))

    assert asked.status_code == 409
    assert "1 booking would fall outside." in page_of(asked)
    assert "Femke, Desk 1.32" in page_of(asked)
    assert f"/en/bookings/{early.code}" in asked.text
    assert "Amira" not in page_of(asked)
    assert (unsaved, kept.status_code, opened()) == (period(8, 20), 303, period(9, 20))
    db.session.refresh(early)
    assert (early.state, early.period) == ("confirmed", period(8, 12, day=tomorrow()))


def test_who_booked_meanwhile_is_shown_before_it_is_saved(keeper: Visit) -> None:
    make_booking(make_member(), make_space("1.32"), period(8, 12, day=tomorrow()))
    asked = set_week(keeper, week("09:00", "20:00"))
    make_booking(make_member(name="Nieuwe"), make_space("1.33"), period(8, 12, day=tomorrow()))

    again = keeper.post("/staff/hours/week/all", hidden_in(asked.text))

    assert again.status_code == 409
    assert "2 bookings would fall outside." in page_of(again)
    assert "Nieuwe" in page_of(again)
    assert opened() == period(8, 20)


# --- exceptions -------------------------------------------------------------------------------


def test_a_day_is_closed_with_its_reason(keeper: Visit) -> None:
    answer = keeper.post("/staff/hours/days/new", exception(reason_en="Moving"))

    page = page_of(keeper.get("/staff/hours"))
    assert answer.status_code == 303
    assert (opened(day=tomorrow()), opened()) == (None, period(8, 20))
    assert "27 November closed, Moving · All kinds" in page
    assert deeds() == ["hours.close"]


def test_several_days_get_other_hours_for_one_kind(keeper: Visit) -> None:
    fields = exception(
        kind="meeting_room", is_closed="0", last="2026-11-29", opens="10:00", closes="12:00"
    )

    answer = keeper.post("/staff/hours/days/new", fields)

    days = [date(2026, 11, number) for number in (27, 28, 29)]
    assert answer.status_code == 303
    assert [opened(SpaceKind.MEETING_ROOM, day) for day in days] == [
        period(10, 12, day=day) for day in days
    ]
    assert opened(day=tomorrow()) == period(8, 20, day=tomorrow())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first": ""}, "Choose a day."),
        ({"first": "2026-11-25"}, "That day has passed."),
        ({"first": "1999-01-01"}, "Choose a day between 2020 and 2100."),
        ({"first": "morgen"}, "year-month-day"),
        ({"last": "2026-11-26"}, "not before the first"),
        ({"last": "2027-11-26"}, "at most 60 days"),
        ({"is_closed": "0"}, "Fill in from when to when it is open."),
        ({"is_closed": "0", "opens": "12:00", "closes": "10:00"}, "which is not after"),
        ({"kind": "boat"}, "Choose one of the list."),
        ({"reason_nl": "x" * 10_000}, "at most 300 characters"),
    ],
)
def test_an_exception_that_is_wrong_is_refused(
    keeper: Visit, wrong: dict[str, str], said: str
) -> None:
    answer = keeper.post("/staff/hours/days/new", exception(reason_en="Moving", **wrong))

    assert answer.status_code == 422
    assert said in page_of(answer)
    assert 'value="Moving"' in answer.text
    assert stored() == 5


def test_today_can_still_be_closed(keeper: Visit) -> None:
    assert keeper.post("/staff/hours/days/new", exception(first="2026-11-26")).status_code == 303
    assert opened() is None


def test_another_exception_on_the_same_day_is_refused_and_the_same_one_is_not(
    keeper: Visit,
) -> None:
    same = [keeper.post("/staff/hours/days/new", exception()).status_code for _ in range(2)]
    other = keeper.post(
        "/staff/hours/days/new", exception(is_closed="0", opens="10:00", closes="12:00")
    )

    assert (same, stored()) == ([303, 303], 6)
    assert other.status_code == 409
    assert "Something else was said of Fri 27 November already." in page_of(other)


def test_bookings_on_a_day_that_closes_are_shown_also_in_the_middle(keeper: Visit) -> None:
    monday, friday = date(2026, 11, 30), date(2026, 12, 4)
    whole = Period(at(9, day=monday), at(17, day=friday))
    booking = make_booking(make_member(name="Femke"), make_space("1.32"), whole)
    claimed = db.session.scalar(select(func.count(Occupancy.id)))
    fields = exception(first="2026-12-02")

    asked = keeper.post("/staff/hours/days/new", fields)
    kept = keeper.post("/staff/hours/days/new", hidden_in(asked.text))

    assert asked.status_code == 409
    assert "Femke, Desk 1.32" in page_of(asked)
    assert (kept.status_code, opened(day=date(2026, 12, 2))) == (303, None)
    db.session.refresh(booking)
    assert (booking.period, booking.state) == (whole, "confirmed")
    assert db.session.scalar(select(func.count(Occupancy.id))) == claimed == 5


def test_an_exception_is_changed_and_taken_back(keeper: Visit) -> None:
    keeper.post("/staff/hours/days/new", exception())
    where = "/staff/hours/days/2026-11-27/all"
    fields = exception(is_closed="0", opens="10:00", closes="12:00")

    seen = seen_in(keeper.get(where))
    changed = keeper.post(where, {**fields, "seen": seen})
    twice = keeper.post(where, {**fields, "seen": seen})
    late = keeper.post(where, {**fields, "opens": "11:00", "seen": seen})
    between = opened(day=tomorrow())
    gone = keeper.post(where, {**fields, "remove": "1"})

    assert (changed.status_code, between) == (303, period(10, 12, day=tomorrow()))
    assert (twice.status_code, late.status_code) == (303, 409)
    assert "Open from 10:00 11:00" in page_of(late)
    assert (gone.status_code, opened(day=tomorrow())) == (303, period(8, 20, day=tomorrow()))
    assert keeper.get(where).status_code == 404
    assert deeds() == ["hours.close", "hours.open", "hours.forget"]


def test_taking_back_an_exception_shows_who_relied_on_it(keeper: Visit) -> None:
    saturday = date(2026, 11, 28)
    where = "/staff/hours/days/2026-11-28/all"
    open_day = exception(first="2026-11-28", is_closed="0", opens="10:00", closes="16:00")
    keeper.post("/staff/hours/days/new", open_day)
    make_booking(make_member(name="Femke"), make_space("1.32"), period(10, 12, day=saturday))

    asked = keeper.post(where, {**open_day, "remove": "1"})
    kept = keeper.post(where, hidden_in(asked.text))

    assert asked.status_code == 409
    assert "Femke, Desk 1.32" in page_of(asked)
    assert (kept.status_code, opened(day=saturday)) == (303, None)


def test_past_exceptions_are_not_listed_and_stay_as_they_were(keeper: Visit) -> None:
    keeper.post("/staff/hours/days/new", exception())

    with time_machine.travel(at(9, day=date(2026, 11, 30)), tick=False):
        later = visit(keeper.client, keeper.actor)
        page = page_of(later.get("/staff/hours"))
        gone = later.post("/staff/hours/days/2026-11-27/all", exception(remove="1"))

    assert "Verhuizing" not in page
    assert (gone.status_code, stored()) == (422, 6)


# --- holidays and rules -----------------------------------------------------------------------


def test_a_campus_can_stay_open_on_holidays(keeper: Visit) -> None:
    closed = opened(day=CHRISTMAS)

    answer = keeper.post("/staff/hours", {"good_friday": "y"})

    site = db.session.scalars(select(Site)).one()
    assert (closed, opened(day=CHRISTMAS)) == (None, period(8, 20, day=CHRISTMAS))
    assert answer.status_code == 303
    assert (site.closes_on_holidays, site.closes_on_good_friday) == (False, True)
    assert deeds() == ["hours.holidays"]


def test_who_saw_other_holidays_is_shown_how_they_are_now(keeper: Visit) -> None:
    seen = seen_in(keeper.get("/staff/hours"))
    first = keeper.post("/staff/hours", {"seen": seen})
    twice = keeper.post("/staff/hours", {"seen": seen})
    late = keeper.post("/staff/hours", {"closes": "y", "good_friday": "y", "seen": seen})

    assert [one.status_code for one in (first, twice, late)] == [303, 303, 409]
    assert "Two versions" in page_of(late)
    assert keeper.post("/staff/hours", hidden_in(late.text) | {"closes": "y"}).status_code == 303
    assert deeds() == ["hours.holidays", "hours.holidays"]


def test_looking_at_the_hours_makes_no_ground(keeper: Visit) -> None:
    with unit_of_work():
        db.session.execute(delete(Floor))
        db.session.execute(delete(Building))
        db.session.execute(delete(Site))

    page = keeper.get("/staff/hours")
    none = spaces.site()
    answer = keeper.post("/staff/hours", {"good_friday": "y", "seen": seen_in(page)})

    made = spaces.site()
    assert (none, answer.status_code) == (None, 303)
    assert made is not None
    assert (made.closes_on_holidays, made.closes_on_good_friday) == (False, True)


def test_an_exception_that_somebody_changed_is_not_taken_back_unseen(keeper: Visit) -> None:
    keeper.post("/staff/hours/days/new", exception())
    where = "/staff/hours/days/2026-11-27/all"
    seen = seen_in(keeper.get(where))
    keeper.post(where, exception(is_closed="0", opens="10:00", closes="12:00", seen=seen))

    gone = keeper.post(where, exception(remove="1", seen=seen))

    assert (gone.status_code, opened(day=tomorrow())) == (409, period(10, 12, day=tomorrow()))
    assert "Two versions" in page_of(gone)


def test_a_holiday_is_opened_by_an_exception_from_its_line(keeper: Visit) -> None:
    page = keeper.get("/staff/hours")

    form = keeper.get("/staff/hours/days/new?day=2026-12-25")

    assert "Christmas Day" in page_of(page)
    assert "/en/staff/hours/days/new?day=2026-12-25" in page.text
    assert 'value="2026-12-25"' in form.text


def rule_fields(**more: str) -> dict[str, str]:
    fields = {
        "horizon_days": "30", "notice_minutes": "", "grid_minutes": "15", "shortest_minutes": "60",
        "longest_minutes": "", "longest_days": "3", "one_per_person": "y",
        "morning_starts": "08:00", "morning_ends": "13:00", "afternoon_starts": "13:00",
        "afternoon_ends": "18:00",
    }  # fmt: skip
    return {**fields, **more}


def test_a_rule_holds_for_what_is_booked_from_then_on(keeper: Visit) -> None:
    booking = make_booking(make_member(), make_space("1.32"), period(9, 17, day=tomorrow()))
    seen = seen_in(keeper.get("/staff/rules/desk"))

    answer = keeper.post("/staff/rules/desk", rule_fields(horizon_days="0", seen=seen))

    rule = db.session.get_one(BookingRule, SpaceKind.DESK)
    assert answer.status_code == 303
    assert (rule.horizon_days, rule.longest_days, rule.notice_minutes) == (0, 3, 0)
    assert db.session.get_one(Booking, booking.id).state == "confirmed"
    page = page_of(keeper.get("/staff/journal"))
    assert "booking rules set rules, desk horizon_days 14 → 0, longest_days 5 → 3" in page


def test_a_rule_that_nobody_set_is_shown_as_is_usual_and_holds_once_saved(keeper: Visit) -> None:
    page = keeper.get("/staff/rules/parking")

    answer = keeper.post("/staff/rules/parking", rule_fields(seen=seen_in(page)))

    assert "Nobody has set this yet." in page_of(page)
    assert 'value="14"' in page.text
    assert answer.status_code == 303
    assert db.session.get_one(BookingRule, SpaceKind.PARKING).unit == "day"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"horizon_days": "-1"}, "from 0 to 730"),
        ({"horizon_days": ""}, "Fill in a number."),
        ({"grid_minutes": "0"}, "from 5 to 240"),
        ({"shortest_minutes": "x"}, "from 5 to 1440"),
        ({"longest_minutes": "30"}, "The longest is shorter than the shortest."),
        ({"morning_ends": "07:00"}, "which is not after"),
        ({"morning_starts": ""}, "Fill in a time."),
        ({"grid_minutes": "45", "shortest_minutes": "60"}, "a whole number of steps"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(keeper: Visit, wrong: dict[str, str], said: str) -> None:
    answer = keeper.post("/staff/rules/desk", rule_fields(**wrong))

    assert answer.status_code == 422
    assert said in page_of(answer)
    assert db.session.get_one(BookingRule, SpaceKind.DESK).horizon_days == 14
    assert deeds() == []


def test_a_rule_that_somebody_else_set_is_shown_in_both_versions(keeper: Visit) -> None:
    seen = seen_in(keeper.get("/staff/rules/desk"))
    keeper.post("/staff/rules/desk", rule_fields(horizon_days="20", seen=seen))

    late = keeper.post("/staff/rules/desk", rule_fields(horizon_days="40", seen=seen))

    assert late.status_code == 409
    assert "Days ahead 20 40" in page_of(late)


def test_looking_for_bookings_outside_costs_the_same_for_one_and_for_many(keeper: Visit) -> None:
    make_booking(make_member(), make_space(), period(8, 12, day=tomorrow()))
    fields = {**week("09:00", "20:00"), "seen": seen_in(keeper.get("/staff/hours/week/all"))}
    with statements() as few:
        assert keeper.post("/staff/hours/week/all", fields).status_code == 409
    for _ in range(29):
        make_booking(make_member(), make_space(), period(8, 12, day=tomorrow()))

    with statements() as many:
        answer = keeper.post("/staff/hours/week/all", fields)

    assert "30 bookings would fall outside." in page_of(answer)
    assert len(few) == len(many) <= MOST


def test_times_of_a_week_are_those_of_the_campus_clock(keeper: Visit) -> None:
    set_week(keeper, week("09:15", "17:45"))

    rows = db.session.scalars(select(OpeningHours).where(OpeningHours.weekday == 0)).all()
    assert [(row.opens, row.closes) for row in rows] == [(time(9, 15), time(17, 45))]
