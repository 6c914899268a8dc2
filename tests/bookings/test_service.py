"""The verbs, each with what it claims, tells and refuses."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from campus.bookings import queries, rules, service
from campus.bookings.models import Asked, Booking, BookingState, Verb
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.errors import Conflict, Forbidden, NotFound, RuleBroken
from campus.journal.models import Entry
from campus.members.models import Actor, Relation, Role
from campus.occupancy.models import Occupancy
from campus.outbox.models import Message
from campus.spaces.models import Audience, OpeningHours, Space, SpaceKind, SpaceState
from campus.spaces.queries import space_by_code
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
    period,
)

pytestmark = pytest.mark.usefixtures("database")

SECOND = timedelta(seconds=1)
MORNING = period(9, 12)


def book(
    actor: Actor, space: Space, when: Period, *, key: str = "first-key", **more: object
) -> str:
    """Book in a unit of work and return the code."""
    with unit_of_work():
        asked = Asked(space=space_by_code(space.code), period=when, **more)  # type: ignore[arg-type]
        return service.book(actor=actor, asked=asked, now=NOW, idem=key).code


def do(verb: str, actor: Actor, code: str, *, now: object = NOW, **more: object) -> Booking:
    """Carry out a verb on a booking in a unit of work, and return the booking."""
    with unit_of_work():
        booking = queries.booking_by_code(code, actor=actor)
        getattr(service, verb)(actor=actor, booking=booking, now=now, **more)
    return queries.booking_by_code(code, actor=actor)


def claims() -> list[tuple[str, Period]]:
    """Return what the ledger holds, by code of the space."""
    rows = db.session.execute(
        select(Space.code, Occupancy.starts_at, Occupancy.ends_at)
        .join(Occupancy)
        .order_by(Space.code, Occupancy.starts_at)
    )
    return [(code, Period(starts_at, ends_at)) for code, starts_at, ends_at in rows]


def letters() -> list[Message]:
    """Return the mails that are waiting."""
    return list(
        db.session.scalars(
            select(Message).where(Message.withdrawn_at.is_(None)).order_by(Message.id)
        )
    )


def count(table: type) -> int:
    """Count the rows of a table."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    ("shift", "is_free"),
    [(-1, False), (0, False), (2, False), (3, True)],
    ids=["overlaps start", "same", "overlaps end", "starts as it ends"],
)
def test_a_space_has_one_booking_at_a_time(shift: int, is_free: bool) -> None:
    make_house()
    room = make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    book(make_member(), room, period(10, 13))
    hours = timedelta(hours=shift)

    with nullcontext() if is_free else pytest.raises(Conflict, match="taken"):
        book(make_member(), room, Period(at(10) + hours, at(13) + hours), key="second-key")

    assert count(Occupancy) == (2 if is_free else 1)


def test_a_booking_is_claimed_written_down_and_told_later() -> None:
    make_house()
    member = make_member()
    code = book(member, make_space("1.32"), MORNING)

    assert claims() == [("1.32", MORNING)]
    assert [entry.verb for entry in db.session.scalars(select(Entry))] == ["booking.book"]
    (letter,) = letters()
    assert letter.recipient == member.email
    assert letter.run_at == NOW + rules.MAIL_AFTER
    assert code in letter.text or code in letter.about


def test_a_refused_booking_leaves_nothing_behind() -> None:
    make_house()
    room = make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    book(make_member(), room, MORNING)
    before = [count(table) for table in (Booking, Occupancy, Entry, Message)]

    with pytest.raises(Conflict):
        book(make_member(), room, MORNING, key="second-key")

    assert [count(table) for table in (Booking, Occupancy, Entry, Message)] == before


def test_the_same_key_books_once_and_another_body_under_it_is_refused() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)

    assert book(member, room, MORNING) == book(member, room, MORNING)
    with pytest.raises(RuleBroken) as refused:
        book(member, room, period(14, 15))

    assert refused.value.rule == "idempotency"
    assert count(Booking) == 1


def test_buffers_are_claimed_and_not_shown() -> None:
    make_house()
    room = make_space(
        "hunze",
        kind=SpaceKind.MEETING_ROOM,
        buffer_before_minutes=15,
        buffer_after_minutes=30,
    )
    member = make_member()
    code = book(member, room, period(10, 11))

    assert claims() == [("hunze", Period(at(9, 45), at(11, 30)))]
    assert queries.booking_by_code(code, actor=member).period == period(10, 11)


def test_a_combined_room_takes_its_parts_and_is_taken_by_them() -> None:
    make_house()
    west, east = (make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("west", "east"))
    whole = make_space("whole", kind=SpaceKind.MEETING_ROOM, parts=(west, east))
    book(make_member(), whole, MORNING)

    assert claims() == [("east", MORNING), ("west", MORNING)]
    with pytest.raises(Conflict):
        book(make_member(), east, period(11, 13), key="second-key")


def test_a_desk_for_several_days_skips_the_weekend() -> None:
    make_house()
    monday = date(2026, 11, 30)
    book(make_member(), make_space("1.32"), Period(at(9), at(13, day=monday)))

    assert claims() == [
        ("1.32", period(9, 20)),
        ("1.32", period(8, 20, day=date(2026, 11, 27))),
        ("1.32", period(8, 13, day=monday)),
    ]


def test_one_desk_at_a_time_with_the_way_to_the_one_there_is() -> None:
    make_house()
    member = make_member()
    code = book(member, make_space("1.32"), MORNING)

    with pytest.raises(RuleBroken) as refused:
        book(member, make_space("1.33"), period(11, 14), key="second-key")
    book(member, make_space("1.34"), period(12, 14), key="third-key")

    assert refused.value.rule == "one_at_a_time"
    assert [repair.booking for repair in refused.value.repairs] == [code]


@pytest.mark.parametrize(
    ("audience", "relation", "allowed"),
    [
        (Audience.MEMBERS, Relation.ASSOCIATED, True),
        (Audience.RESIDENTS, Relation.ASSOCIATED, False),
        (Audience.RESIDENTS, Relation.RESIDENT, True),
        (Audience.STAFF, Relation.RESIDENT, False),
    ],
)
def test_a_space_is_for_its_audience(
    audience: Audience, relation: Relation, allowed: bool
) -> None:
    make_house()
    member = make_member(make_organisation(relation=relation))

    with nullcontext() if allowed else pytest.raises(Forbidden):
        book(member, make_space("1.32", audience=audience), MORNING)


@pytest.mark.parametrize("kind", [SpaceKind.OFFICE_UNIT, SpaceKind.INCUBATOR_SLOT])
def test_what_is_given_by_application_is_not_booked(kind: SpaceKind) -> None:
    make_house()

    with pytest.raises(Forbidden, match="application"):
        book(make_staff(), make_space("S3", kind=kind), MORNING)


def test_a_draft_is_not_there_and_a_retired_space_is_closed() -> None:
    make_house()
    make_space("new", state=SpaceState.DRAFT)
    old = make_space("old", state=SpaceState.RETIRED)

    with pytest.raises(NotFound):
        space_by_code("new")
    with pytest.raises(RuleBroken):
        book(make_member(), old, MORNING)


def test_a_space_is_booked_within_the_days_it_is_there() -> None:
    make_house()
    desk = make_space("1.32", available_from_on=DAY, available_until_on=DAY + timedelta(days=1))
    member = make_member()

    book(member, desk, MORNING)
    with pytest.raises(RuleBroken):
        book(member, desk, period(9, 12, day=DAY + timedelta(days=1)), key="second-key")


def test_staff_set_rules_aside_when_they_say_so_and_never_the_ledger() -> None:
    make_house()
    staff, desk = make_staff(), make_space("1.32")
    sunday = period(9, 12, day=date(2026, 11, 29))

    with pytest.raises(RuleBroken):
        book(staff, desk, sunday)
    book(staff, desk, sunday, anyway=True)
    with pytest.raises(Conflict, match="taken"):
        book(make_staff(name="Wessel"), desk, sunday, key="second-key", anyway=True)


def test_a_member_cannot_set_rules_aside() -> None:
    make_house()

    with pytest.raises(RuleBroken):
        book(make_member(), make_space(), period(9, 12, day=date(2026, 11, 29)), anyway=True)


def test_staff_book_for_a_member_at_the_desk_who_is_told() -> None:
    make_house()
    staff, member = make_staff(), make_member()
    code = book(staff, make_space("1.32"), MORNING, guest=member)

    booking = queries.booking_by_code(code, actor=member)
    assert booking.person_id == member.person_id
    assert booking.booked_by_id == staff.person_id
    assert booking.organisation_id == member.organisation_id
    assert [letter.recipient for letter in letters()] == [member.email]


def test_a_member_does_not_book_for_somebody_else() -> None:
    make_house()

    with pytest.raises(Forbidden):
        book(make_member(), make_space(), MORNING, guest=make_member())


def test_any_free_one_is_the_next_when_the_first_went() -> None:
    make_house()
    rooms = [make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("a", "b", "c")]
    book(make_member(), rooms[0], MORNING)
    other = make_member()

    with unit_of_work():
        candidates = [Asked(space=space_by_code(room.code), period=MORNING) for room in rooms]
        booked = service.book_any(actor=other, candidates=candidates, now=NOW, idem="any-key-1")
        code = booked.space.code

    assert code == "b"


def test_any_free_one_is_refused_when_all_are_gone() -> None:
    make_house()
    room = make_space("a", kind=SpaceKind.MEETING_ROOM)
    book(make_member(), room, MORNING)
    other = make_member()

    with pytest.raises(Conflict, match="Nothing that fits"), unit_of_work():
        service.book_any(
            actor=other,
            candidates=[Asked(space=space_by_code("a"), period=MORNING)],
            now=NOW,
            idem="any-key-2",
        )


def test_a_change_keeps_the_old_claim_until_the_new_one_holds() -> None:
    make_house()
    member = make_member()
    hunze, dollard = (
        make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("hunze", "dollard")
    )
    code = book(member, hunze, MORNING)
    book(make_member(), dollard, MORNING, key="second-key")

    with pytest.raises(Conflict, match="taken"):
        do("change", member, code, asked=Asked(dollard, MORNING), revision=1)
    assert ("hunze", MORNING) in claims()

    moved = do("change", member, code, asked=Asked(hunze, period(13, 15), "Retro"), revision=1)
    assert (moved.period, moved.title, moved.revision) == (period(13, 15), "Retro", 2)
    assert ("hunze", period(13, 15)) in claims()
    assert ("hunze", MORNING) not in claims()


def test_a_change_from_an_older_page_is_refused() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)
    do("change", member, code, asked=Asked(room, period(13, 15)), revision=1)

    with pytest.raises(Conflict) as refused:
        do("change", member, code, asked=Asked(room, period(15, 16)), revision=1)

    assert refused.value.code == "stale"


def test_a_running_booking_keeps_its_space_and_start() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)

    with pytest.raises(RuleBroken, match="started"):
        do("change", member, code, asked=Asked(room, period(13, 15)), revision=1, now=at(10))
    shorter = do("change", member, code, asked=Asked(room, period(9, 11)), revision=1, now=at(10))

    assert shorter.period == period(9, 11)


def test_longer_is_possible_until_somebody_else_comes() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)
    book(make_member(), room, period(13, 14), key="second-key")

    longer = do("extend", member, code, minutes=60, revision=1, now=at(11, 50))
    with pytest.raises(Conflict, match="taken"):
        do("extend", member, code, minutes=15, revision=2, now=at(11, 55))

    assert longer.period == period(9, 13)


@pytest.mark.parametrize("minutes", [0, -15, 7, 100_000])
def test_longer_by_nonsense_is_refused(minutes: int) -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)

    with pytest.raises(RuleBroken):
        do("extend", member, code, minutes=minutes, revision=1)


def test_releasing_gives_the_rest_back_and_keeps_what_was_used() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)

    with pytest.raises(RuleBroken, match="not started"):
        do("release", member, code, now=at(8, 30))
    released = do("release", member, code, now=at(10, 7))

    assert released.state is BookingState.RELEASED
    assert claims() == [("hunze", Period(at(9), at(10, 7)))]
    book(make_member(), room, Period(at(10, 15), at(12)), key="second-key")


def test_cancelling_frees_the_space_and_repeating_it_changes_nothing() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)

    do("cancel", member, code, reason="")
    again = do("cancel", member, code, reason="")

    assert again.state is BookingState.CANCELLED
    assert again.revision == 2
    assert claims() == []


def test_a_colleague_sees_it_an_administrator_changes_it_and_others_find_nothing() -> None:
    make_house()
    organisation = make_organisation()
    owner, colleague = make_member(organisation), make_member(organisation, name="Jelle")
    admin = make_member(organisation, role=Role.ORG_ADMIN, name="Amira")
    code = book(owner, make_space("hunze", kind=SpaceKind.MEETING_ROOM), MORNING)

    with pytest.raises(Forbidden):
        do("cancel", colleague, code, reason="")
    with pytest.raises(NotFound):
        do("cancel", make_member(), code, reason="")
    assert do("cancel", admin, code, reason="").state is BookingState.CANCELLED


def test_whoever_moved_to_another_organisation_no_longer_changes_its_booking() -> None:
    make_house()
    person = make_person()
    owner = make_member(person=person)
    code = book(owner, make_space("hunze", kind=SpaceKind.MEETING_ROOM), MORNING)
    moved = make_member(make_organisation("Elsewhere"), person=person)

    with pytest.raises(Forbidden):
        do("cancel", moved, code, reason="")


def test_undo_of_a_booking_leaves_no_claim_and_no_mail() -> None:
    make_house()
    member = make_member()
    code = book(member, make_space("1.32"), MORNING)

    undone = do("undo", member, code, now=NOW + 10 * SECOND)

    assert undone.state is BookingState.CANCELLED
    assert claims() == []
    assert letters() == []


def test_undo_of_a_cancel_takes_the_space_back_if_it_is_still_free() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)
    do("cancel", member, code, reason="", now=NOW + 60 * SECOND)

    undone = do("undo", member, code, now=NOW + 65 * SECOND)

    assert undone.state is BookingState.CONFIRMED
    assert claims() == [("hunze", MORNING)]
    assert len(letters()) == 1  # the confirmation; the cancellation never left


def test_undo_of_a_cancel_says_so_when_somebody_was_quicker() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)
    do("cancel", member, code, reason="")
    book(make_member(), room, period(10, 11), key="second-key")

    with pytest.raises(Conflict, match="taken"):
        do("undo", member, code, now=NOW + 5 * SECOND)

    assert queries.booking_by_code(code, actor=member).state is BookingState.CANCELLED


def test_undo_of_a_change_puts_everything_back() -> None:
    make_house()
    member = make_member()
    hunze, dollard = (
        make_space(code, kind=SpaceKind.MEETING_ROOM) for code in ("hunze", "dollard")
    )
    code = book(member, hunze, MORNING, title="Sprint")
    later = NOW + 60 * SECOND
    do("change", member, code, asked=Asked(dollard, period(14, 15)), revision=1, now=later)

    undone = do("undo", member, code, now=later + 5 * SECOND)

    assert (undone.space.code, undone.period, undone.title) == ("hunze", MORNING, "Sprint")
    assert claims() == [("hunze", MORNING)]
    assert len(letters()) == 1


def test_undo_of_a_release_holds_the_rest_again() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)
    do("release", member, code, now=at(10))

    do("undo", member, code, now=at(10) + 3 * SECOND)

    assert claims() == [("hunze", MORNING)]


def test_undo_comes_too_late_after_its_seconds_and_is_nobody_elses() -> None:
    make_house()
    organisation = make_organisation()
    member, admin = make_member(organisation), make_member(organisation, role=Role.ORG_ADMIN)
    code = book(member, make_space("1.32"), MORNING)

    with pytest.raises(Conflict, match="too late"):
        do("undo", admin, code, now=NOW + SECOND)
    with pytest.raises(Conflict, match="too late"):
        do("undo", member, code, now=NOW + rules.MAIL_AFTER)
    do("undo", member, code, now=NOW + rules.MAIL_AFTER - SECOND)
    with pytest.raises(Conflict, match="too late"):
        do("undo", member, code, now=NOW + rules.MAIL_AFTER - SECOND)


def test_history_tells_every_step_in_order() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    booking = make_booking(member, room, MORNING)
    do("extend", member, booking.code, minutes=30, revision=1)
    do("cancel", member, booking.code, reason="No longer needed")

    steps = queries.changes_of(queries.booking_by_code(booking.code, actor=member))

    assert [step.verb for step in steps] == [Verb.BOOK, Verb.EXTEND, Verb.CANCEL]
    assert [step.revision for step in steps] == [1, 2, 3]


def test_what_is_over_cannot_be_changed() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)

    for verb, more in (
        ("cancel", {"reason": ""}),
        ("extend", {"minutes": 15, "revision": 1}),
        ("release", {}),
    ):
        with pytest.raises(Conflict, match="over"):
            do(verb, member, code, now=at(12), **more)


def test_staff_take_the_night_between_when_they_book_past_closing() -> None:
    make_house()
    desk, friday = make_space("1.32"), DAY + timedelta(days=1)
    book(make_staff(), desk, Period(at(9), at(22, day=friday)), anyway=True)

    evening = Period(at(20, 30, day=friday), at(21, 30, day=friday))

    with pytest.raises(Conflict, match="taken"):
        book(make_staff(name="Wessel"), desk, evening, key="second-key", anyway=True)

    assert claims() == [("1.32", Period(at(9), at(22, day=friday)))]


def test_buffers_of_two_open_days_that_meet_become_one_claim() -> None:
    make_house()
    for weekday in range(5):
        db.session.query(OpeningHours).filter_by(weekday=weekday).update(
            {"opens": time(0), "closes": time(0)}
        )
    db.session.commit()
    desk = make_space("1.32", buffer_before_minutes=15, buffer_after_minutes=15)
    tomorrow = DAY + timedelta(days=1)
    book(make_member(), desk, Period(at(22), at(6, day=tomorrow)))

    assert claims() == [("1.32", Period(at(21, 45), at(6, 15, day=tomorrow)))]


def test_undo_of_a_cancel_does_not_give_a_second_desk() -> None:
    make_house()
    member = make_member()
    code = book(member, make_space("1.32"), MORNING)
    do("cancel", member, code, reason="")
    other = book(member, make_space("1.33"), MORNING, key="second-key")

    with pytest.raises(RuleBroken) as refused:
        do("undo", member, code, now=NOW + 5 * SECOND)

    assert refused.value.rule == "one_at_a_time"
    assert [repair.booking for repair in refused.value.repairs] == [other]
    assert [code for code, _period in claims()] == ["1.33"]


def test_undo_is_too_late_when_the_mail_has_left_or_is_leaving() -> None:
    make_house()
    member = make_member()
    code = book(member, make_space("1.32"), MORNING)
    with unit_of_work():
        db.session.query(Message).update({"locked_until": NOW + 60 * SECOND})

    with pytest.raises(Conflict, match="too late"):
        do("undo", member, code, now=NOW + 5 * SECOND)

    assert claims() == [("1.32", MORNING)]
    assert len(letters()) == 1


def test_undo_of_a_change_brings_the_note_back() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING, note="Beamer graag")
    do("change", member, code, asked=Asked(room, period(14, 15), note=""), revision=1)

    assert do("undo", member, code, now=NOW + SECOND).note == "Beamer graag"


def test_a_second_click_on_longer_changes_nothing() -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)
    do("extend", member, code, minutes=15, revision=1)

    with pytest.raises(Conflict) as refused:
        do("extend", member, code, minutes=15, revision=1)

    assert refused.value.code == "stale"
    assert queries.booking_by_code(code, actor=member).ends_at == at(12, 15)


@pytest.mark.parametrize(
    ("when", "now", "rule"),
    [
        (Period(at(9), at(9, 7)), NOW, "grid"),
        (Period(at(9), at(9, 15)), at(11), "past"),
    ],
    ids=["off the grid", "over already"],
)
def test_a_shorter_time_is_still_a_time(when: Period, now: datetime, rule: str) -> None:
    make_house()
    member, room = make_member(), make_space("hunze", kind=SpaceKind.MEETING_ROOM)
    code = book(member, room, MORNING)

    with pytest.raises(RuleBroken) as refused:
        do("change", member, code, asked=Asked(room, when), revision=1, now=now)

    assert refused.value.rule == rule


def test_another_organisations_booking_stays_unknown_to_an_administrator() -> None:
    make_house()
    one, two = make_organisation("One"), make_organisation("Two")
    bo = make_person("Bo")
    admin = make_member(one, role=Role.ORG_ADMIN, name="Amira")
    code = book(make_member(one, person=bo), make_space("1.32"), MORNING)
    secret = make_space("1.40")
    book(make_member(two, person=bo), secret, period(14, 16), key="second-key")

    wanted = Asked(make_space("1.50"), period(13, 15))

    with pytest.raises(RuleBroken) as refused:
        do("change", admin, code, asked=wanted, revision=1)

    assert refused.value.repairs == []
    assert "1.40" not in str(refused.value)
    assert "Bo already has a place" in str(refused.value)


def test_what_is_released_keeps_its_clearing_time() -> None:
    make_house()
    room = make_space("hunze", kind=SpaceKind.MEETING_ROOM, buffer_after_minutes=30)
    member = make_member()
    code = book(member, room, MORNING)
    do("release", member, code, now=at(10, 7))

    assert claims() == [("hunze", Period(at(9), at(10, 37)))]


def test_a_space_that_is_not_there_yet_says_from_when() -> None:
    make_house()
    later = DAY + timedelta(days=7)
    desk = make_space("1.32", available_from_on=later)

    with pytest.raises(RuleBroken, match="can be booked from 2026-12-03") as refused:
        book(make_member(), desk, MORNING)

    assert refused.value.rule == "available"
