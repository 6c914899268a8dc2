"""Every way out that is offered works when taken."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campus import clock
from campus.bookings import policy, service
from campus.bookings.models import Asked
from campus.bookings.repairs import MENDED, Wanted, can_mend, repairs_for
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.errors import Busy, CampusError, Conflict, Forbidden, Repair, RuleBroken
from campus.members.models import Actor, Role
from campus.spaces.models import Audience, Space, SpaceKind
from campus.spaces.queries import space_by_code
from tests.conftest import empty
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
)

QUARTER = timedelta(minutes=15)
ROOM = SpaceKind.MEETING_ROOM
SOMEBODY = Actor(1, "Femke Postma", "femke@campus.example", "nl", 1, "Terpdata", Role.MEMBER)
_keys = itertools.count(1)


def offered(actor: Actor, space: Space, asked: Period, **more: Any) -> list[Repair]:
    """Return what is offered instead of `asked`."""
    who = more.pop("person_id", actor.person_id)
    wanted = Wanted(space_by_code(space.code), asked, person_id=who, **more)
    return repairs_for(actor, wanted, now=NOW)


def take(actor: Actor, repair: Repair) -> None:
    """Book what a repair says, and undo it so that the next one can be tried."""
    with unit_of_work():
        booking = service.book(
            actor=actor,
            asked=Asked(space_by_code(repair.space), Period(repair.starts_at, repair.ends_at)),
            now=NOW,
            idem=f"repair-{next(_keys):08}",
        )
        service.undo(actor=actor, booking=booking, now=NOW)


def kinds(repairs: list[Repair]) -> list[str]:
    """Return the kinds, in the order offered."""
    return [repair.kind for repair in repairs]


@pytest.mark.usefixtures("database")
class TestRepairs:
    """One refusal each."""

    def test_a_taken_room_offers_another_room_another_time_and_a_shorter_one(self) -> None:
        make_house()
        hunze, _dollard = (
            make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("hunze", "dollard")
        )
        make_booking(make_member(), hunze, period(11, 13))
        member = make_member()

        repairs = offered(member, hunze, period(10, 12))

        assert [(one.kind, one.space, one.starts_at, one.ends_at) for one in repairs] == [
            ("space", "dollard", at(10), at(12)),
            ("time", "hunze", at(9), at(11)),
            ("shorter", "hunze", at(10), at(11)),
        ]
        for repair in repairs:
            take(member, repair)

    @pytest.mark.parametrize(
        "asked",
        [
            period(19, 21),
            period(6, 9),
            period(9, 11, day=date(2026, 11, 28)),
            period(9, 11, day=date(2026, 12, 25)),
            period(9, 11, day=DAY - timedelta(days=3)),
            period(9, 11, day=date(2027, 9, 1)),
            Period(at(9, 5), at(11, 5)),
            Period(at(9), at(9, 5)),
            period(8, 20),
        ],
        ids=[
            "past closing",
            "before opening",
            "weekend",
            "holiday",
            "over",
            "too far ahead",
            "off the grid",
            "too short",
            "too long",
        ],
    )
    def test_every_rule_offers_a_way_that_works(self, asked: Period) -> None:
        make_house()
        room, member = make_space("hunze", kind=SpaceKind.MEETING_ROOM), make_member()

        with pytest.raises(RuleBroken), unit_of_work():
            service.book(
                actor=member,
                asked=Asked(space_by_code("hunze"), asked),
                now=NOW,
                idem="refused-1",
            )
        repairs = offered(member, room, asked)

        assert repairs
        for repair in repairs:
            take(member, repair)

    def test_a_space_for_others_offers_one_for_this_member(self) -> None:
        make_house()
        closed = make_space("1.01", audience=Audience.STAFF)
        make_space("1.02")
        member = make_member()

        repairs = offered(member, closed, period(9, 17))

        assert [(one.kind, one.space) for one in repairs] == [("space", "1.02")]
        take(member, repairs[0])

    def test_what_is_given_by_application_offers_nothing_to_book(self) -> None:
        make_house()
        studio = make_space("S3", kind=SpaceKind.INCUBATOR_SLOT)

        assert offered(make_member(), studio, period(9, 17)) == []

    def test_nothing_is_offered_where_everything_is_taken_for_good(self) -> None:
        make_house()
        room = make_space("hunze", kind=SpaceKind.MEETING_ROOM)
        make_space("away", kind=SpaceKind.MEETING_ROOM, available_from_on=date(2027, 6, 1))
        member = make_member()
        for day in [DAY + timedelta(days=n) for n in range(61)]:
            if day.weekday() < 5 and day != date(2026, 12, 25) and day != date(2027, 1, 1):
                make_booking(make_member(), room, period(8, 14, day=day), now=at(8, 0))
                make_booking(make_member(), room, period(14, 20, day=day), now=at(8, 0))

        assert offered(member, room, period(10, 12)) == []

    def test_another_room_holds_as_many_people(self) -> None:
        make_house()
        hunze = make_space("hunze", kind=ROOM, capacity=6)
        make_space("cel", kind=ROOM, capacity=2)
        make_space("zeedijk", kind=ROOM, capacity=12)
        make_booking(make_member(), hunze, period(11, 13))

        repairs = offered(make_member(), hunze, period(11, 13))

        assert [one.space for one in repairs if one.kind == "space"] == ["zeedijk"]

    @pytest.mark.parametrize(("people", "found"), [(2, ["cel"]), (8, []), (0, ["cel"])])
    def test_another_room_holds_the_people_that_were_said(
        self, people: int, found: list[str]
    ) -> None:
        make_house()
        hunze = make_space("hunze", kind=ROOM, capacity=6)
        make_space("cel", kind=ROOM, capacity=2)
        make_booking(make_member(), hunze, period(11, 13))

        repairs = offered(make_member(), hunze, period(11, 13), people=people)

        assert [one.space for one in repairs if one.kind == "space"] == found

    def test_another_space_is_one_of_those_that_have_what_was_wished(self) -> None:
        make_house()
        hunze, _dollard, vlie = (make_space(code, kind=ROOM) for code in ("a", "b", "c"))
        make_booking(make_member(), hunze, period(11, 13))

        repairs = offered(make_member(), hunze, period(11, 13), among=[hunze, vlie])

        assert [one.space for one in repairs if one.kind == "space"] == ["c"]

    def test_no_time_is_offered_at_which_the_person_has_one_already(self) -> None:
        make_house()
        taken, other = make_space("1.01"), make_space("1.02")
        member = make_member()
        make_booking(make_member(), taken, period(8, 12))
        make_booking(member, other, period(12, 15))

        repairs = offered(member, taken, period(11, 14))

        assert kinds(repairs) == ["time"]
        assert repairs[0].starts_at == at(15)
        take(member, repairs[0])

    def test_of_a_kind_without_that_rule_one_may_have_two(self) -> None:
        make_house()
        taken, other = (make_space(code, kind=ROOM) for code in ("hunze", "dollard"))
        member = make_member()
        make_booking(make_member(), taken, period(8, 10))
        make_booking(member, other, period(10, 11))

        repairs = offered(member, taken, period(9, 10))

        assert ("time", at(10)) in [(one.kind, one.starts_at) for one in repairs]

    def test_staff_get_the_times_of_the_person_who_comes(self) -> None:
        make_house()
        taken, other = make_space("1.01"), make_space("1.02")
        make_space("1.03")
        guest, staff = make_member(), make_staff()
        make_booking(guest, other, period(8, 20))
        make_booking(make_member(), taken, period(8, 20))

        repairs = offered(staff, taken, period(9, 17), person_id=guest.person_id)

        assert clock.today(repairs[0].starts_at) != DAY
        assert kinds(repairs) == ["time"]

    def test_a_booking_is_not_in_the_way_of_its_own_change(self) -> None:
        make_house()
        member, mine, other = make_member(), make_space("1.01"), make_space("1.02")
        booking = make_booking(member, mine, period(9, 12))
        make_booking(make_member(), other, period(8, 20))

        found = offered(member, other, period(10, 13), but=booking)

        first = found[0]
        assert (first.kind, first.space, first.starts_at) == ("space", "1.01", at(10))
        with unit_of_work():
            service.change(
                actor=member,
                booking=db.session.merge(booking),
                asked=Asked(space_by_code("1.01"), period(10, 13)),
                revision=1,
                now=NOW,
            )

    def test_a_booking_is_no_way_out_of_its_own_change(self) -> None:
        make_house()
        member, mine, other = make_member(), make_space("1.01"), make_space("1.02")
        booking = make_booking(member, mine, period(9, 12))
        make_booking(make_member(), other, period(8, 20))

        found = offered(member, other, period(9, 12), but=booking)

        assert [(one.space, one.starts_at) for one in found if one.space == "1.01"] == []

    def test_a_booking_may_be_moved_over_part_of_itself(self) -> None:
        make_house()
        member, room = make_member(), make_space("hunze", kind=ROOM)
        booking = make_booking(member, room, period(9, 11))
        make_booking(make_member(), room, period(12, 20))

        found = offered(member, room, period(11, 13), but=booking)

        assert (found[0].kind, found[0].starts_at) == ("time", at(10))

    def test_what_has_begun_is_offered_nothing_else(self) -> None:
        make_house()
        member, room = make_member(), make_space("hunze", kind=ROOM)
        booking = make_booking(member, room, period(8, 10))

        assert offered(member, room, period(8, 19), but=booking) == []

    def test_for_a_space_that_is_not_there_yet_another_one_is_offered_at_that_time(self) -> None:
        make_house()
        later = make_space("1.01", available_from_on=date(2026, 12, 1))
        make_space("1.02")
        member = make_member()

        repairs = offered(member, later, period(9, 17))

        assert (repairs[0].kind, repairs[0].space, repairs[0].starts_at) == (
            "space",
            "1.02",
            at(9),
        )
        for repair in repairs:
            take(member, repair)


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        *((RuleBroken("No.", rule=rule), True) for rule in sorted(MENDED)),
        *(
            (RuleBroken("No.", rule=rule), False)
            for rule in ("input", "running", "guest", "idempotency", "one_at_a_time", "extend")
        ),
        (Conflict("No.", code="taken"), True),
        (Conflict("No.", code="stale"), False),
        (Forbidden("Only the front desk books for somebody else."), False),
        (Busy("No."), False),
    ],
    ids=str,
)
def test_ways_out_are_looked_for_where_they_help(refusal: CampusError, expected: bool) -> None:
    assert can_mend(refusal, actor=SOMEBODY, space=Space(kind=ROOM, name="Hunze")) is expected


def test_who_may_not_have_a_space_is_shown_another() -> None:
    closed = Space(kind=ROOM, name="Hunze", audience=Audience.STAFF)
    why = policy.why_not_book(SOMEBODY, closed)
    assert why is not None

    assert can_mend(Forbidden(why), actor=SOMEBODY, space=closed)


@pytest.mark.usefixtures("database")
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    taken=st.lists(
        st.tuples(st.integers(0, 1), st.integers(32, 76), st.integers(1, 16)), max_size=8
    ),
    start=st.integers(20, 90),
    length=st.integers(1, 40),
    buffers=st.sampled_from([(0, 0), (15, 0), (0, 30), (15, 15)]),
)
def test_whatever_is_taken_what_is_offered_can_be_booked(
    taken: list[tuple[int, int, int]], start: int, length: int, buffers: tuple[int, int]
) -> None:
    empty()
    make_house()
    rooms = [
        make_space(
            code,
            kind=SpaceKind.MEETING_ROOM,
            buffer_before_minutes=buffers[0],
            buffer_after_minutes=buffers[1],
        )
        for code in ("hunze", "dollard")
    ]
    other, member = make_member(), make_member()
    for number, first, quarters in taken:
        try:
            make_booking(other, rooms[number], _quarters(first, quarters))
        except (Conflict, RuleBroken, Forbidden):
            continue

    for repair in offered(member, rooms[0], _quarters(start, length)):
        take(member, repair)


def _quarters(first: int, quarters: int) -> Period:
    starts_at = at(0) + first * QUARTER
    return Period(starts_at, starts_at + quarters * QUARTER)
