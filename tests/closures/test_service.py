"""Closing spaces, what becomes of bookings, and opening again; on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from campus.bookings import service as bookings
from campus.bookings.models import Booking, BookingState
from campus.clock import Period
from campus.closures import queries, service
from campus.closures.models import Choice, ClosureMet
from campus.closures.verdict import Answer
from campus.db import counters, db, unit_of_work
from campus.errors import Conflict, Forbidden, RuleBroken
from campus.feeds import queries as feeds
from campus.feeds.models import Feed, Scope
from campus.journal.models import Entry
from campus.members.models import Actor, Duty
from campus.spaces import queries as spaces
from campus.spaces.models import Closure, Floor, Space, SpaceKind, SpaceState
from tests.closures.scenes import claims_of, close, closing_of, letters, look, wrongs
from tests.factories import (
    DAY,
    NOW,
    at,
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_person,
    make_space,
    make_staff,
    make_zone,
    period,
    tomorrow,
)

pytestmark = pytest.mark.usefixtures("database")
NEXT = tomorrow()
WHOLE_DAY = Period(at(8, day=NEXT), at(20, day=NEXT))


@pytest.fixture
def house(database: None) -> Floor:
    return make_house()


@pytest.fixture
def staff(house: Floor) -> Actor:
    return make_staff()


@pytest.fixture
def keeper(house: Floor) -> Actor:
    return make_staff(Duty.CAMPUS_MANAGER, name="Jelle Wiersma")


def room(code: str, **more: object) -> Space:
    return make_space(code, kind=SpaceKind.MEETING_ROOM, **{"capacity": 6, **more})  # type: ignore[arg-type]


def again(booking: Booking) -> Booking:
    db.session.rollback()
    return db.session.scalars(select(Booking).where(Booking.code == booking.code)).one()


def revision_of(code: str) -> int:
    return queries.closure_by_code(code)[0].revision


def reopen(staff: Actor, code: str, *, now: datetime) -> None:
    revision = revision_of(code)
    with unit_of_work():
        service.reopen(actor=staff, code=code, revision=revision, now=now)


def settle(now: datetime) -> int:
    with unit_of_work():
        return service.settle(now=now)


# --- closing ----------------------------------------------------------------------------------


def test_an_empty_room_is_closed_for_the_time(staff: Actor) -> None:
    hunze = room("hunze")

    code = close(staff, closing_of([hunze], WHOLE_DAY))

    assert claims_of(code) == [(hunze.id, WHOLE_DAY)]
    assert wrongs() == []


def test_a_corridor_is_closed_with_one_code(staff: Actor) -> None:
    places = [room("hunze"), room("dollard"), make_space("1.01")]

    code = close(staff, closing_of(places, WHOLE_DAY))

    assert [space for space, _ in claims_of(code)] == [place.id for place in places]
    assert {one.created_by_id for one in queries.closure_by_code(code)} == {staff.person_id}


def test_a_booking_moves_to_what_is_nearest_and_hears_of_it(staff: Actor, house: Floor) -> None:
    south = make_zone(house)
    hunze = room("hunze", zone_id=south.id)
    room("far")
    near = room("near", zone_id=south.id)
    room("small", zone_id=south.id, capacity=2)
    booking = make_booking(make_member(), hunze, period(10, 12, day=NEXT), title="Board")
    uid = booking.uid

    code = close(staff, closing_of([hunze], WHOLE_DAY))

    moved = again(booking)
    assert (moved.space_id, moved.period) == (near.id, period(10, 12, day=NEXT))
    assert claims_of(code) == [(hunze.id, WHOLE_DAY)]
    letter = letters()[-1]
    assert "lekkage" in letter.text
    assert "near" in letter.text
    assert "hunze" in letter.text
    assert f"UID:{uid}" in (letter.calendar or "")
    assert "SEQUENCE:1" in (letter.calendar or "")
    assert wrongs() == []


def test_a_cancelled_booking_gets_one_mail_with_reason_and_apology(staff: Actor) -> None:
    hunze = room("hunze")
    booking = make_booking(make_member(), hunze, period(10, 12, day=NEXT))
    before = len(letters())

    close(staff, closing_of([hunze], WHOLE_DAY), Choice.CANCEL)

    assert again(booking).state is BookingState.CANCELLED
    [letter] = letters()[before:]
    assert "lekkage" in letter.text
    assert "lekkage" in letter.html
    assert "METHOD:CANCEL" in (letter.calendar or "")
    assert wrongs() == []


def test_a_kept_booking_parts_the_closure_with_its_buffers(staff: Actor) -> None:
    hunze = room("hunze", buffer_before_minutes=15, buffer_after_minutes=30)
    booking = make_booking(make_member(), hunze, period(10, 12, day=NEXT))

    code = close(staff, closing_of([hunze], WHOLE_DAY), Choice.KEEP)

    assert [held for _, held in claims_of(code)] == [
        Period(at(8, day=NEXT), at(9, 45, day=NEXT)),
        Period(at(12, 30, day=NEXT), at(20, day=NEXT)),
    ]
    assert again(booking).revision == 1
    assert wrongs() == []


def test_each_row_has_its_own_choice(staff: Actor) -> None:
    hunze, _ = room("hunze"), room("near")
    member = make_member()
    kept, moved, gone = (
        make_booking(member, hunze, period(hour, hour + 1, day=NEXT)) for hour in (9, 11, 13)
    )

    code = close(
        staff,
        closing_of([hunze], WHOLE_DAY),
        choices={kept.code: Choice.KEEP, moved.code: Choice.MOVE, gone.code: Choice.CANCEL},
    )

    assert [again(one).space.code for one in (kept, moved)] == ["hunze", "near"]
    assert again(gone).state is BookingState.CANCELLED
    assert queries.count_met(code) == {"keep": 1, "move": 1, "cancel": 1}
    entry = db.session.scalars(select(Entry).where(Entry.verb == "closure.close")).one()
    assert '"moved": 1' in entry.details
    assert wrongs() == []


def test_no_two_bookings_get_one_place_at_one_time(staff: Actor) -> None:
    closed = [room("one"), room("two"), room("three")]
    room("spare")
    member = make_member()
    for place in closed:
        make_booking(member, place, period(10, 12, day=NEXT))

    found = look(closing_of(closed, WHOLE_DAY))

    assert sum(one.target is not None for one in found.met) == 1


def test_a_suggestion_keeps_clear_of_what_is_taken_and_of_its_buffers(staff: Actor) -> None:
    hunze, near = room("hunze"), room("near", buffer_before_minutes=30)
    member = make_member()
    make_booking(member, hunze, period(10, 12, day=NEXT))
    make_booking(member, near, period(8, 10, day=NEXT))

    [met] = look(closing_of([hunze], WHOLE_DAY)).met

    assert met.target is None


def test_a_suggestion_has_what_the_place_has(staff: Actor) -> None:
    hunze = room("hunze", audience="residents")
    room("staff-only", audience="staff")
    fitting = room("open")
    make_booking(make_member(), hunze, period(10, 12, day=NEXT))

    [met] = look(closing_of([hunze], WHOLE_DAY)).met

    assert met.target is not None
    assert met.target.id == fitting.id


def test_a_desk_for_several_days_moves_with_all_of_them(staff: Actor) -> None:
    desk, other = make_space("1.01"), make_space("1.02")
    days = Period(at(9, day=NEXT), at(17, day=DAY + timedelta(days=4)))
    booking = make_booking(make_member(), desk, days)

    close(staff, closing_of([desk], Period(at(8, day=NEXT), at(18, day=NEXT))))

    assert again(booking).space_id == other.id
    assert wrongs() == []


def test_a_running_booking_ends_where_the_closure_starts(staff: Actor) -> None:
    hunze = room("hunze", buffer_after_minutes=15)
    booking = make_booking(make_member(), hunze, period(8, 12), now=at(7, 50))

    code = close(staff, closing_of([hunze], Period(at(10), at(18))), Choice.CANCEL, now=at(9))

    assert again(booking).period == Period(at(8), at(9, 45))
    assert claims_of(code)[0][1].starts_at == at(10)
    assert "lekkage" in letters()[-1].text
    assert wrongs() == []


def test_a_running_booking_is_cut_now_when_the_place_closes_now(staff: Actor) -> None:
    hunze = room("hunze", buffer_after_minutes=15)
    booking = make_booking(make_member(), hunze, period(8, 12), now=at(7, 50))

    code = close(staff, closing_of([hunze], Period(at(9), at(18))), Choice.CANCEL, now=at(9))

    assert again(booking).state is BookingState.RELEASED
    assert again(booking).ends_at == at(9)
    assert [held.starts_at for _, held in claims_of(code)] == [at(9, 15)]
    assert wrongs() == []


def test_a_closure_without_an_end_meets_all_that_comes(staff: Actor) -> None:
    hunze = room("hunze")
    late = make_booking(make_member(), hunze, period(10, 12, day=DAY + timedelta(days=18)))

    code = close(staff, closing_of([hunze], Period(at(8, day=NEXT), None)), Choice.KEEP)

    assert [held.ends_at for _, held in claims_of(code)] == [late.starts_at, None]
    assert wrongs() == []


def test_a_combined_room_closes_with_its_parts_and_a_part_with_it(staff: Actor) -> None:
    east, west = room("east"), room("west")
    whole = make_space("whole", kind=SpaceKind.EVENT_SPACE, parts=(east, west))
    booking = make_booking(make_member(), whole, period(10, 12, day=NEXT))

    code = close(staff, closing_of([whole, east], WHOLE_DAY), Choice.CANCEL)

    assert [space for space, _ in claims_of(code)] == [east.id, west.id]
    assert again(booking).state is BookingState.CANCELLED
    assert wrongs() == []


def test_what_is_closed_already_stays_and_the_rest_closes(staff: Actor) -> None:
    hunze = room("hunze")
    first = close(staff, closing_of([hunze], period(10, 12, day=NEXT)))

    second = close(staff, closing_of([hunze], WHOLE_DAY), idem="second-key")

    assert [held for _, held in claims_of(first)] == [period(10, 12, day=NEXT)]
    assert [held for _, held in claims_of(second)] == [
        period(8, 10, day=NEXT),
        period(12, 20, day=NEXT),
    ]
    assert wrongs() == []


def test_where_all_is_kept_nothing_is_closed(staff: Actor) -> None:
    hunze = room("hunze")
    make_booking(make_member(), hunze, period(10, 12, day=NEXT))

    with pytest.raises(RuleBroken, match="Nothing is left to close"):
        close(staff, closing_of([hunze], period(10, 12, day=NEXT)), Choice.KEEP)


def test_nights_between_the_days_of_a_desk_meet_nothing(staff: Actor) -> None:
    desk = make_space("1.01")
    make_booking(make_member(), desk, Period(at(9, day=DAY), at(17, day=NEXT)))

    found = look(closing_of([desk], Period(at(21), at(6, day=NEXT))))

    assert found.met == []


def test_members_close_nothing(staff: Actor) -> None:
    closing = closing_of([room("hunze")], WHOLE_DAY)

    with pytest.raises(Forbidden):
        close(make_member(), closing)


def test_a_time_that_is_over_or_no_place_is_refused(staff: Actor) -> None:
    hunze = room("hunze")

    with pytest.raises(RuleBroken, match="passed"):
        look(closing_of([hunze], period(6, 7)))
    with pytest.raises(RuleBroken, match="at least one place"):
        look(closing_of([], WHOLE_DAY))


def test_the_same_form_twice_closes_once(staff: Actor) -> None:
    closing = closing_of([room("hunze")], WHOLE_DAY)
    answer = Answer(seen=look(closing).digest, idem="the-same-key")

    codes = set()
    for _ in range(2):
        with unit_of_work():
            codes.add(service.close_spaces(actor=staff, closing=closing, answer=answer, now=NOW))

    assert len(codes) == 1
    assert len(queries.current(NOW)) == 1


def test_what_was_booked_meanwhile_is_seen_before_anything_is_done(staff: Actor) -> None:
    hunze = room("hunze")
    closing = closing_of([hunze], WHOLE_DAY)
    seen = look(closing).digest
    booking = make_booking(make_member(), hunze, period(10, 12, day=NEXT))
    answer = Answer(seen=seen, idem="first-key")

    with pytest.raises(Conflict, match="Nothing was done") as refused, unit_of_work():
        service.close_spaces(actor=staff, closing=closing, answer=answer, now=NOW)

    assert refused.value.code == "stale"
    assert again(booking).revision == 1
    assert queries.current(NOW) == []


def test_a_suggestion_that_went_is_seen_as_well(staff: Actor) -> None:
    hunze, near = room("hunze"), room("near")
    member = make_member()
    make_booking(member, hunze, period(10, 12, day=NEXT))
    closing = closing_of([hunze], WHOLE_DAY)
    seen = look(closing).digest
    make_booking(member, near, period(11, 13, day=NEXT))

    answer = Answer(seen=seen, idem="first-key")

    with pytest.raises(Conflict), unit_of_work():
        service.close_spaces(actor=staff, closing=closing, answer=answer, now=NOW)


def test_too_many_at_once_is_refused_before_anything_is_done(
    staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campus.closures.verdict.MOST_TOUCHED", 1)
    hunze, member = room("hunze"), make_member()
    for hour in (9, 11):
        make_booking(member, hunze, period(hour, hour + 1, day=NEXT))

    with pytest.raises(RuleBroken, match="2 bookings; 1 at once"):
        close(staff, closing_of([hunze], WHOLE_DAY), Choice.CANCEL)

    assert len(claims_of(close(staff, closing_of([hunze], WHOLE_DAY), Choice.KEEP))) == 3


def test_a_closure_that_meets_more_than_anybody_can_choose_for_is_not_shown(
    staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campus.closures.verdict.MOST_MET", 1)
    hunze, member = room("hunze"), make_member()
    make_booking(member, hunze, period(9, 10, day=NEXT))
    look(closing_of([hunze], WHOLE_DAY))
    make_booking(member, hunze, period(11, 12, day=NEXT))

    with pytest.raises(RuleBroken, match="more than 1 bookings"):
        look(closing_of([hunze], WHOLE_DAY))


# --- opening again ----------------------------------------------------------------------------


def test_a_coming_closure_is_called_off_as_if_it_never_was(staff: Actor) -> None:
    hunze = room("hunze")
    code = close(staff, closing_of([hunze], WHOLE_DAY))

    reopen(staff, code, now=NOW)

    assert claims_of(code) == []
    assert spaces.closures_during(WHOLE_DAY) == []
    assert queries.current(NOW) == []
    assert [one.code for one in queries.past(NOW)] == [code]
    make_booking(make_member(), hunze, period(10, 12, day=NEXT))
    assert wrongs() == []


def test_a_running_closure_opens_now(staff: Actor) -> None:
    hunze = room("hunze")
    code = close(staff, closing_of([hunze], Period(at(9), at(18))), now=at(8))

    reopen(staff, code, now=at(11))

    assert [held for _, held in claims_of(code)] == [period(9, 11)]
    assert queries.closure_by_code(code)[0].ends_at == at(11)
    assert wrongs() == []


def test_a_closure_ends_sooner_and_the_rest_is_free(staff: Actor) -> None:
    hunze = room("hunze")
    code = close(staff, closing_of([hunze], Period(at(8, day=NEXT), None)))
    with unit_of_work():
        service.end_sooner(actor=staff, code=code, ends_at=at(12, day=NEXT), revision=1, now=NOW)

    assert [held for _, held in claims_of(code)] == [period(8, 12, day=NEXT)]
    assert revision_of(code) == 2
    assert wrongs() == []


@pytest.mark.parametrize(
    ("hour", "words"), [(7, "still to come"), (8, "still to come"), (21, "last longer")]
)
def test_an_end_that_is_none_is_refused(staff: Actor, hour: int, words: str) -> None:
    code = close(staff, closing_of([room("hunze")], WHOLE_DAY))

    with pytest.raises(RuleBroken, match=words), unit_of_work():
        service.end_sooner(actor=staff, code=code, ends_at=at(hour, day=NEXT), revision=1, now=NOW)


def test_a_closure_lasts_longer_after_the_same_look(staff: Actor) -> None:
    hunze = room("hunze")
    booking = make_booking(make_member(), hunze, period(13, 14, day=NEXT))
    code = close(staff, closing_of([hunze], period(8, 12, day=NEXT)))
    more = closing_of([hunze], period(12, 18, day=NEXT), extends=code)

    assert close(staff, more, Choice.CANCEL, idem="second-key") == code
    assert close(staff, more, Choice.CANCEL, idem="second-key") == code

    assert again(booking).state is BookingState.CANCELLED
    assert queries.closure_by_code(code)[0].ends_at == at(18, day=NEXT)
    assert len(queries.current(NOW)) == 1
    assert wrongs() == []


def test_who_looked_at_an_older_version_changes_nothing(staff: Actor) -> None:
    code = close(staff, closing_of([room("hunze")], WHOLE_DAY))
    with unit_of_work():
        service.end_sooner(actor=staff, code=code, ends_at=at(12, day=NEXT), revision=1, now=NOW)

    with pytest.raises(Conflict, match="changed meanwhile"), unit_of_work():
        service.reopen(actor=staff, code=code, revision=1, now=NOW)


def test_what_is_over_cannot_be_opened(staff: Actor) -> None:
    code = close(staff, closing_of([room("hunze")], WHOLE_DAY))

    with pytest.raises(Conflict, match="over"):
        reopen(staff, code, now=at(21, day=NEXT))


def test_the_place_of_a_kept_booking_that_goes_after_all_is_closed_too(staff: Actor) -> None:
    hunze, member = room("hunze"), make_member()
    booking = make_booking(member, hunze, period(10, 12, day=NEXT))
    code = close(staff, closing_of([hunze], WHOLE_DAY), Choice.KEEP)
    with unit_of_work():
        bookings.cancel(actor=member, booking=again(booking), reason="", now=NOW)

    assert settle(NOW) == 1
    assert settle(NOW) == 0

    held = [one for _, one in claims_of(code)]
    assert [(one.starts_at, one.ends_at) for one in sorted(held, key=lambda p: p.starts_at)] == [
        (at(8, day=NEXT), at(10, day=NEXT)),
        (at(10, day=NEXT), at(12, day=NEXT)),
        (at(12, day=NEXT), at(20, day=NEXT)),
    ]
    assert wrongs() == []


# --- for good ---------------------------------------------------------------------------------


def test_a_space_is_retired_from_a_day_on(keeper: Actor) -> None:
    desk, member = make_space("1.01"), make_member()
    make_space("1.02")
    before = make_booking(member, desk, period(9, 17))
    after = make_booking(member, desk, period(9, 17, day=DAY + timedelta(days=4)))
    starts = Period(at(0, day=NEXT), None)

    code = close(keeper, closing_of([desk], starts, is_final=True), Choice.KEEP)

    space = spaces.space_by_code("1.01")
    assert (space.state, space.available_until_on) == (SpaceState.ACTIVE, NEXT)
    assert [again(one).space.code for one in (before, after)] == ["1.01", "1.02"]
    assert claims_of(code) == [(desk.id, starts)]
    assert spaces.closures_during(WHOLE_DAY) == []
    assert settle(at(0, 5, day=NEXT)) == 0
    db.session.rollback()
    assert spaces.space_by_code("1.01").state is SpaceState.RETIRED
    assert wrongs() == []


def test_a_space_is_retired_at_once_and_taken_back(keeper: Actor) -> None:
    desk = make_space("1.01")
    booking = make_booking(make_member(), desk, period(9, 17, day=NEXT))

    code = close(keeper, closing_of([desk], Period(at(0), None), is_final=True))

    assert spaces.space_by_code("1.01").state is SpaceState.RETIRED
    assert again(booking).state is BookingState.CANCELLED
    assert wrongs() == []

    reopen(keeper, code, now=at(9))

    space = spaces.space_by_code("1.01")
    assert (space.state, space.available_until_on) == (SpaceState.ACTIVE, None)
    make_booking(make_member(), desk, period(10, 17, day=NEXT))
    assert wrongs() == []


def test_a_part_is_not_retired_without_the_room_it_belongs_to(keeper: Actor) -> None:
    east, west = room("east"), room("west")
    whole = make_space("whole", kind=SpaceKind.EVENT_SPACE, parts=(east, west))
    starts = Period(at(0, day=NEXT), None)

    with pytest.raises(RuleBroken, match="east is part of whole"):
        look(closing_of([east], starts, is_final=True))

    code = close(keeper, closing_of([whole, east], starts, is_final=True))
    assert [space for space, _ in claims_of(code)] == [east.id]
    assert spaces.space_by_code("whole").available_until_on == NEXT
    assert spaces.space_by_code("west").available_until_on is None
    assert wrongs() == []


def test_a_space_that_only_comes_later_is_not_retired_before(keeper: Actor) -> None:
    desk = make_space("1.01", available_from_on=DAY + timedelta(days=5))

    with pytest.raises(RuleBroken, match="retire it after"):
        look(closing_of([desk], Period(at(0, day=NEXT), None), is_final=True))


@pytest.mark.parametrize(
    ("before", "retired", "after"),
    [(0, 0, None), (3, 3, 3), (9, 5, 9)],
)
def test_a_last_day_is_what_it_was_when_a_space_is_retired_and_taken_back(
    keeper: Actor, before: int, retired: int, after: int | None
) -> None:
    desk = make_space("1.01", available_until_on=DAY + timedelta(days=before) if before else None)
    starts = Period(at(0, day=DAY + timedelta(days=5)), None)

    code = close(keeper, closing_of([desk], starts, is_final=True))

    gone = spaces.space_by_code("1.01").available_until_on
    assert gone == DAY + timedelta(days=retired or 5)
    reopen(keeper, code, now=NOW)
    gone = spaces.space_by_code("1.01").available_until_on
    assert gone == (DAY + timedelta(days=after) if after else None)


@pytest.mark.parametrize("retired", [0, 5])
def test_a_last_day_that_has_passed_meanwhile_is_not_put_back(keeper: Actor, retired: int) -> None:
    desk = make_space("1.01", available_until_on=DAY + timedelta(days=3))
    starts = at(0, day=DAY + timedelta(days=retired))
    code = close(keeper, closing_of([desk], Period(starts, None), is_final=True))

    reopen(keeper, code, now=NOW + timedelta(days=retired + 4))

    assert spaces.space_by_code("1.01").available_until_on is None


def test_who_stays_inside_a_closure_hears_of_it(staff: Actor) -> None:
    hunze = room("hunze")
    english = make_person("Ada King", language="en")
    make_booking(make_member(), hunze, period(10, 12, day=NEXT))
    make_booking(make_member(person=english), hunze, period(14, 15, day=NEXT))
    before = len(letters())

    close(staff, closing_of([hunze], WHOLE_DAY), Choice.KEEP)

    dutch, other = letters()[before:]
    assert "lekkage" in dutch.text
    assert other.subject == "Stays booked: hunze, Friday 27 November"
    assert "hunze is closed from Fri 27 November 08:00 to Fri 27 November 20:00." in other.text
    assert "The reason: a leak" in other.text
    assert dutch.calendar == other.calendar == ""


def test_who_stays_hears_also_of_a_closure_without_an_end(staff: Actor) -> None:
    hunze = room("hunze")
    english = make_person("Ada King", language="en")
    make_booking(make_member(person=english), hunze, period(10, 12, day=NEXT))

    close(staff, closing_of([hunze], Period(at(8, day=NEXT), None)), Choice.KEEP)

    assert "closed from Fri 27 November 08:00 until further notice." in letters()[-1].text


def test_a_booking_moves_to_what_stands_beside_it_on_the_plan(staff: Actor, house: Floor) -> None:
    shape: dict[str, Any] = {"plan_y": 0, "plan_width": 10, "plan_height": 10}
    here, _far, beside = (
        make_space(code, plan_x=x, position=n, **shape)
        for n, (code, x) in enumerate([("1.01", 100), ("1.02", 500), ("1.03", 120)])
    )
    make_booking(make_member(), here, period(9, 17, day=NEXT))

    [met] = look(closing_of([here], WHOLE_DAY)).met

    assert met.target is not None
    assert met.target.code == beside.code


def test_the_front_desk_neither_retires_a_place_nor_takes_it_back(
    staff: Actor, keeper: Actor
) -> None:
    desk = make_space("1.01")
    closing = closing_of([desk], Period(at(0), None), is_final=True)

    with pytest.raises(Forbidden, match="campus manager"):
        close(staff, closing)
    code = close(keeper, closing)
    with pytest.raises(Forbidden, match="campus manager"):
        reopen(staff, code, now=at(9))

    assert spaces.space_by_code("1.01").state is SpaceState.RETIRED


def test_what_was_closed_before_it_was_retired_is_filled_when_it_opens(keeper: Actor) -> None:
    hunze = room("hunze")
    repair = close(keeper, closing_of([hunze], WHOLE_DAY))
    code = close(
        keeper, closing_of([hunze], Period(at(0), None), is_final=True), idem="second-key"
    )
    reopen(keeper, repair, now=NOW)

    assert settle(NOW) == 1

    assert (hunze.id, WHOLE_DAY) in claims_of(code)
    assert queries.unfinished(NOW) != []  # in three pieces, none of them all of it
    assert settle(NOW) == 0
    assert wrongs() == []


def test_what_one_claim_keeps_closed_is_not_looked_at_again(keeper: Actor) -> None:
    close(keeper, closing_of([room("hunze")], Period(at(0), None), is_final=True))
    close(keeper, closing_of([room("near")], WHOLE_DAY), idem="second-key")

    assert queries.unfinished(NOW) == []
    assert queries.unfinished(at(12, day=NEXT)) == []


def test_only_the_last_that_were_retired_are_listed(
    keeper: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campus.closures.queries.MOST_RETIRED", 2)
    codes = [
        close(
            keeper,
            closing_of([make_space(f"1.0{n}")], Period(at(0), None), is_final=True),
            now=NOW + timedelta(minutes=n),
            idem=f"a-key-{n}",
        )
        for n in range(3)
    ]

    found, earlier = queries.retired(at(12))

    assert [one.code for one in found] == [codes[2], codes[1]]
    assert earlier == 1
    assert queries.current(at(12)) == []


# --- what others see --------------------------------------------------------------------------


def test_feeds_of_the_place_are_told(staff: Actor) -> None:
    hunze = room("hunze")
    feed = Feed(
        person_id=staff.person_id, organisation_id=staff.organisation_id, scope=Scope.SPACE,
        key="hunze", key_id=hunze.id, name="Hunze", language="nl", token_digest="x", idem="x",
        created_at=NOW,
    )  # fmt: skip
    with unit_of_work():
        db.session.add(feed)
    before = counters.state_of(counters.Counter.key == counters.key("space", hunze.id))

    code = close(staff, closing_of([hunze], WHOLE_DAY))

    after = counters.state_of(counters.Counter.key == counters.key("space", hunze.id))
    assert after[0] > before[0]
    assert [one.code for one in feeds.closures(feed, first=NOW)] == [code]
    reopen(staff, code, now=NOW)
    assert feeds.closures(feed, first=NOW) == []


def test_another_organisation_moves_in_its_own_language(staff: Actor) -> None:
    hunze = room("hunze")
    member = make_member(make_organisation("Northwind"), person=make_person(language="en"))
    make_booking(member, hunze, period(10, 12, day=NEXT))

    close(staff, closing_of([hunze], WHOLE_DAY), Choice.CANCEL)

    text = letters()[-1].text
    assert "closed then: a leak" in text
    assert "We are sorry" in text


def test_history_says_where_a_booking_was(staff: Actor) -> None:
    hunze, _ = room("hunze"), room("near")
    make_booking(make_member(), hunze, period(10, 12, day=NEXT))

    code = close(staff, closing_of([hunze], WHOLE_DAY))

    [met] = queries.met_by(code, limit=5)
    assert (met.space.code, met.booking.space.code) == ("hunze", "near")
    assert db.session.query(ClosureMet).count() == 1
    assert db.session.query(Closure).count() == 1
