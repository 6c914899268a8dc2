"""A feed as programs fetch it: what is in it, who reads what, and what an unchanged one costs."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import event, update

from campus.bookings import service as bookings
from campus.bookings.calendar import RENDER_VERSION
from campus.bookings.models import Asked, Booking, BookingState
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.feeds import queries, service
from campus.feeds.models import Feed, Reader, Scope
from campus.members.models import Actor, Membership, Organisation, Person
from campus.occupancy import service as occupancy
from campus.occupancy.rules import Owner, OwnerKind, Shown
from campus.spaces.models import Closure, Space, SpaceKind
from campus.spaces.queries import space_by_code
from tests.factories import (
    DAY,
    NOW,
    at,
    make_booking,
    make_member,
    make_organisation,
    make_space,
    make_staff,
    period,
    tomorrow,
)
from tests.feeds.conftest import feed_row, fetch, subscribe
from tests.feeds.strict import mistakes


def events_in(body: bytes) -> list[Any]:
    """Return the events, in the order of the feed."""
    return list(Calendar.from_ical(body).walk("VEVENT"))


def summaries(body: bytes) -> list[str]:
    """Return what the events are called, in the order of the feed."""
    return [str(one["SUMMARY"]) for one in events_in(body)]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what the database is asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


# --- what is in it ----------------------------------------------------------------------------


def test_a_feed_is_a_calendar_that_a_strict_reader_accepts(
    app: Flask, femke: Actor, room: Space
) -> None:
    booking = make_booking(femke, room, period(9, 10), title="Roadmap")

    answer = fetch(app, subscribe(femke, Scope.MINE))

    assert answer.status_code == 200
    assert mistakes(answer.data) == []
    (shown,) = events_in(answer.data)
    assert shown["SUMMARY"] == "Roadmap"
    assert shown["UID"] == booking.uid
    assert shown["DTSTART"].dt == at(9)
    assert shown["TRANSP"] == "OPAQUE"
    assert "Femke Postma, Terpdata" in shown["DESCRIPTION"]


def test_an_empty_feed_is_a_calendar_too(app: Flask, femke: Actor) -> None:
    answer = fetch(app, subscribe(femke, Scope.MINE))

    assert mistakes(answer.data) == []
    assert summaries(answer.data) == []
    assert b"BEGIN:VTIMEZONE" in answer.data


def test_a_cancelled_booking_is_gone_and_a_changed_one_counts_on(
    app: Flask, femke: Actor, room: Space
) -> None:
    token = subscribe(femke, Scope.MINE)
    gone = make_booking(femke, room, period(9, 10), title="Gone")
    moved = make_booking(femke, room, period(10, 11), title="Moved")
    with unit_of_work():
        bookings.cancel(actor=femke, booking=db.session.merge(gone), reason="", now=NOW)
        asked = Asked(space_by_code("hunze"), period(14, 15), "Moved")
        bookings.change(
            actor=femke, booking=db.session.merge(moved), asked=asked, revision=1, now=NOW
        )

    (shown,) = events_in(fetch(app, token).data)

    assert (shown["SUMMARY"], shown["SEQUENCE"], shown["DTSTART"].dt) == ("Moved", 1, at(14))
    assert shown["UID"] == moved.uid


def test_a_feed_begins_ninety_days_ago_and_has_all_that_comes(
    app: Flask, femke: Actor, room: Space, morning: time_machine.Traveller
) -> None:
    make_booking(femke, room, period(9, 10), title="Old")
    make_booking(femke, room, period(9, 10, day=tomorrow()), title="Young")
    token = subscribe(femke, Scope.MINE)

    morning.move_to(NOW + timedelta(days=91))

    assert summaries(fetch(app, token).data) == ["Young"]


@pytest.mark.parametrize(
    ("scope", "key"),
    [(Scope.SPACE, "hunze"), (Scope.FLOOR, "1"), (Scope.KIND, "meeting_room")],
)
def test_of_places_everybody_reads_their_own_and_that_others_have_it(
    app: Flask, femke: Actor, piet: Actor, room: Space, scope: Scope, key: str
) -> None:
    make_booking(femke, room, period(9, 10), title="Geheim overleg")
    make_booking(piet, room, period(10, 11), title="Eigen overleg")

    answer = fetch(app, subscribe(piet, scope, key))

    assert summaries(answer.data) == ["Bezet: Hunze", "Eigen overleg"]
    for secret in ("Geheim", "Femke", "Terpdata", femke.email):
        assert secret not in answer.text
    assert "TRANSP:OPAQUE" not in answer.text
    assert mistakes(answer.data) == []


def test_what_an_organisation_shows_is_read_by_others(
    app: Flask, piet: Actor, room: Space
) -> None:
    open_one = make_member(make_organisation("Wadwijs", shows_titles=True))
    make_booking(open_one, room, period(9, 10), title="Open dag")

    answer = fetch(app, subscribe(piet, Scope.SPACE, "hunze"))

    assert summaries(answer.data) == ["Open dag"]
    assert open_one.name not in answer.text


def test_an_organisation_reads_its_own_and_nothing_of_others(
    app: Flask, femke: Actor, piet: Actor, room: Space
) -> None:
    colleague = make_member(db.session.get_one(Organisation, femke.organisation_id))
    make_booking(colleague, room, period(9, 10), title="Samen")
    make_booking(piet, room, period(10, 11), title="Anders")

    assert summaries(fetch(app, subscribe(femke, Scope.ORGANISATION)).data) == ["Samen"]
    assert summaries(fetch(app, subscribe(piet, Scope.ORGANISATION)).data) == ["Anders"]


def test_staff_read_all_of_the_campus(app: Flask, femke: Actor, room: Space) -> None:
    make_booking(femke, room, period(9, 10), title="Geheim overleg")

    assert summaries(fetch(app, subscribe(make_staff(), Scope.CAMPUS)).data) == ["Geheim overleg"]


def test_arrivals_are_the_people_of_today(app: Flask, femke: Actor, room: Space) -> None:
    make_booking(femke, room, period(9, 10), title="Geheim overleg")
    make_booking(femke, room, period(9, 10, day=tomorrow()))

    answer = fetch(app, subscribe(make_staff(), Scope.ARRIVALS))

    assert summaries(answer.data) == ["Femke Postma, Terpdata: Hunze"]
    assert mistakes(answer.data) == []


def test_changes_say_what_happened_to_what_is_to_come(
    app: Flask, femke: Actor, room: Space
) -> None:
    make_booking(femke, room, period(9, 10))
    cancelled = make_booking(femke, room, period(10, 11))
    changed = make_booking(femke, room, period(11, 12))
    with unit_of_work():
        bookings.cancel(actor=femke, booking=db.session.merge(cancelled), reason="", now=NOW)
        asked = Asked(space_by_code("hunze"), period(14, 15))
        bookings.change(
            actor=femke, booking=db.session.merge(changed), asked=asked, revision=1, now=NOW
        )

    answer = fetch(app, subscribe(make_staff(), Scope.CHANGES))

    assert summaries(answer.data) == [
        "Nieuw: Hunze, Terpdata",
        "Geannuleerd: Hunze, Terpdata",
        "Gewijzigd: Hunze, Terpdata",
    ]
    assert mistakes(answer.data) == []


def test_a_part_is_taken_with_the_whole_room_and_the_whole_with_its_part(
    app: Flask, femke: Actor, piet: Actor, room: Space
) -> None:
    other = make_space("reitdiep", kind=SpaceKind.MEETING_ROOM, name="Reitdiep")
    both = make_space("samen", kind=SpaceKind.MEETING_ROOM, name="Samen", parts=(room, other))
    part, whole = subscribe(piet, Scope.SPACE, "reitdiep"), subscribe(piet, Scope.SPACE, "samen")
    before = [fetch(app, token).headers["ETag"] for token in (part, whole)]
    make_booking(femke, both, period(9, 10))
    make_booking(femke, other, period(14, 15))

    after = [fetch(app, token) for token in (part, whole)]

    assert [summaries(one.data) for one in after] == [["Bezet: Samen", "Bezet: Reitdiep"]] * 2
    assert [one.headers["ETag"] for one in after] != before


def test_what_is_closed_is_in_the_feeds_of_places(app: Flask, femke: Actor, room: Space) -> None:
    with unit_of_work():
        closure = Closure(
            space_id=room.id, starts_at=at(9), reason_nl="Nieuwe vloer", created_at=NOW
        )
        db.session.add(closure)
        db.session.flush()
        occupancy.claim(
            owner=Owner(OwnerKind.CLOSURE, closure.id),
            spaces=[db.session.merge(room)],
            periods=[Period(at(9), None)],
            shown=Shown(is_public=True),
        )

    answer = fetch(app, subscribe(femke, Scope.SPACE, "hunze"))

    assert summaries(answer.data) == ["Dicht: Hunze"]
    assert "Nieuwe vloer" in answer.text
    assert mistakes(answer.data) == []


@pytest.mark.parametrize(("text", "version"), [("rubbish", 0), ("", RENDER_VERSION)])
def test_texts_of_an_older_program_or_none_are_written_anew(
    app: Flask, femke: Actor, room: Space, text: str, version: int
) -> None:
    booking = make_booking(femke, room, period(9, 10), title="Roadmap")
    token = subscribe(femke, Scope.MINE)
    with unit_of_work():
        stored = db.session.get_one(Booking, booking.id)
        good = stored.ical_full
        stored.ical_full, stored.ical_version = text, version

    assert summaries(fetch(app, token).data) == ["Roadmap"]
    db.session.rollback()
    assert db.session.get_one(Booking, booking.id).ical_full == good


@pytest.mark.parametrize("scope", [Scope.ARRIVALS, Scope.CHANGES])
def test_a_list_of_people_is_written_anew_as_well(app: Flask, room: Space, scope: Scope) -> None:
    make_booking(make_member(name="Wubbo Vos"), room, period(9, 10))
    token = subscribe(make_staff(), scope)
    before = fetch(app, token).data
    with unit_of_work():
        db.session.execute(update(Booking).values(ical_full="rubbish", ical_version=0))

    assert b"rubbish" not in before
    assert fetch(app, token).data == before


def test_more_old_texts_than_are_locked_at_once_are_all_written_anew(
    app: Flask, femke: Actor, room: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in (9, 10, 11):
        make_booking(femke, room, period(hour, hour + 1), title=f"At {hour}")
    with unit_of_work():
        db.session.execute(update(Booking).values(ical_version=0))
        cancelled = db.session.query(Booking).filter_by(title="At 11").one()
        cancelled.state = BookingState.CANCELLED
    monkeypatch.setattr(queries, "MOST", 2)

    assert summaries(fetch(app, subscribe(femke, Scope.MINE)).data) == ["At 9", "At 10"]


@pytest.mark.parametrize("scope", [Scope.ARRIVALS, Scope.CHANGES])
def test_only_what_a_list_shows_is_written_anew(app: Flask, room: Space, scope: Scope) -> None:
    member = make_member()
    shown = make_booking(member, room, period(9, 10))
    other = make_booking(member, room, period(9, 10, day=tomorrow()))
    with unit_of_work():
        db.session.execute(update(Booking).values(ical_version=0))
        if scope is Scope.CHANGES:
            long_ago = NOW - timedelta(days=30)
            db.session.execute(
                update(Booking).where(Booking.id == other.id).values(updated_at=long_ago)
            )

    fetch(app, subscribe(make_staff(), scope))

    db.session.rollback()
    found = {one.id: one.ical_version for one in db.session.query(Booking)}
    assert found == {shown.id: RENDER_VERSION, other.id: 0}


def test_closures_cost_the_same_however_many_there_are(app: Flask, room: Space) -> None:
    token = subscribe(make_staff(), Scope.CAMPUS)
    fetch(app, token)  # that it was fetched is written once
    counts = []
    for code in ("1.01", "1.02", "1.03"):
        closed = make_space(code)
        with unit_of_work():
            db.session.add(
                Closure(space_id=closed.id, starts_at=at(9), ends_at=at(12), created_at=NOW)
            )
        db.session.remove()
        with statements() as asked:
            read = fetch(app, token)
        assert f"Dicht: Bureau {code}" in read.text
        counts.append(len([one for one in asked if one.lstrip().startswith("SELECT")]))

    assert len(set(counts)) == 1


def test_what_came_from_another_calendar_is_the_organisations(
    app: Flask, femke: Actor, room: Space
) -> None:
    make_booking(femke, room, period(9, 10), title="Keynote")
    with unit_of_work():
        db.session.execute(update(Booking).values(source="fosdem:1", ical_version=0))
    desk = make_staff()

    ours = fetch(app, subscribe(femke, Scope.ORGANISATION)).text
    arrivals = fetch(app, subscribe(desk, Scope.ARRIVALS)).data

    assert summaries(fetch(app, subscribe(femke, Scope.MINE)).data) == []
    assert "Keynote" in ours
    assert femke.name not in ours
    assert summaries(arrivals) == [f"{femke.organisation_name}: Hunze"]


# --- unchanged --------------------------------------------------------------------------------


def test_an_unchanged_feed_costs_two_looks_and_no_event(
    app: Flask, femke: Actor, room: Space
) -> None:
    make_booking(femke, room, period(9, 10))
    token = subscribe(femke, Scope.MINE)
    first = fetch(app, token)

    with statements() as asked:
        again = fetch(app, token, If_None_Match=first.headers["ETag"])

    assert again.status_code == 304
    assert again.data == b""
    assert len([one for one in asked if not one.startswith("BEGIN")]) <= 3
    assert not [one for one in asked if "booking" in one.lower()]


@pytest.mark.parametrize("scope", [Scope.MINE, Scope.ORGANISATION, Scope.SPACE, Scope.KIND])
def test_every_change_of_what_it_shows_gives_a_feed_another_version(
    app: Flask, femke: Actor, room: Space, scope: Scope
) -> None:
    key = {Scope.SPACE: "hunze", Scope.KIND: "meeting_room"}.get(scope, "")
    token = subscribe(femke, scope, key)
    seen = [fetch(app, token).headers["ETag"]]

    booking = make_booking(femke, room, period(9, 10))
    seen.append(fetch(app, token).headers["ETag"])
    with unit_of_work():
        bookings.cancel(actor=femke, booking=db.session.merge(booking), reason="", now=NOW)
    seen.append(fetch(app, token).headers["ETag"])

    assert len(set(seen)) == 3


def test_a_booking_that_moves_away_changes_the_feed_of_the_place_it_left(
    app: Flask, femke: Actor, room: Space
) -> None:
    make_space("reitdiep", kind=SpaceKind.MEETING_ROOM)
    booking = make_booking(femke, room, period(9, 10))
    token = subscribe(femke, Scope.SPACE, "hunze")
    before = fetch(app, token).headers["ETag"]
    with unit_of_work():
        asked = Asked(space_by_code("reitdiep"), period(9, 10))
        bookings.change(
            actor=femke, booking=db.session.merge(booking), asked=asked, revision=1, now=NOW
        )

    after = fetch(app, token, If_None_Match=before)

    assert after.status_code == 200
    assert summaries(after.data) == []


def test_what_others_do_elsewhere_leaves_a_feed_as_it_was(
    app: Flask, femke: Actor, piet: Actor, room: Space
) -> None:
    token = subscribe(femke, Scope.MINE)
    before = fetch(app, token).headers["ETag"]
    make_booking(piet, room, period(9, 10))

    assert fetch(app, token, If_None_Match=before).status_code == 304


def test_a_new_day_is_another_version(
    app: Flask, femke: Actor, morning: time_machine.Traveller
) -> None:
    token = subscribe(femke, Scope.MINE)
    before = fetch(app, token)

    morning.move_to(NOW + timedelta(days=1))

    assert fetch(app, token, If_None_Match=before.headers["ETag"]).status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Thu, 26 Nov 2026 07:10:00 GMT", 304),
        ("Thu, 26 Nov 2026 07:09:59 GMT", 200),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 304),
        ("yesterday", 200),
        ("", 200),
        ("Thu, 99 Nov 2026 07:10:00 GMT", 200),
    ],
)
def test_a_date_to_compare_with_is_taken_for_what_it_is(
    app: Flask, femke: Actor, room: Space, since: str, status: int
) -> None:
    make_booking(femke, room, period(9, 10))

    answer = fetch(app, subscribe(femke, Scope.MINE), If_Modified_Since=since)

    assert answer.status_code == status


def test_of_two_validators_the_version_counts(app: Flask, femke: Actor) -> None:
    token = subscribe(femke, Scope.MINE)

    answer = fetch(
        app, token, If_None_Match='"another"', If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT"
    )

    assert answer.status_code == 200


def test_head_says_the_same_without_a_body(app: Flask, femke: Actor) -> None:
    token = subscribe(femke, Scope.MINE)

    answer = app.test_client().head(f"/feeds/{token}.ics")

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"] == fetch(app, token).headers["ETag"]


def test_a_packed_feed_is_the_same_calendar_with_a_version_of_its_own(
    app: Flask, femke: Actor, room: Space
) -> None:
    make_booking(femke, room, period(9, 10))
    token = subscribe(femke, Scope.MINE)
    plain = fetch(app, token)

    packed = fetch(app, token, Accept_Encoding="gzip, deflate")
    unwanted = fetch(app, token, Accept_Encoding="gzip;q=0, identity")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in unwanted.headers
    again = fetch(app, token, Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])
    assert again.status_code == 304


# --- addresses --------------------------------------------------------------------------------


def test_answers_are_private_and_tell_nobody_their_address(app: Flask, femke: Actor) -> None:
    headers = fetch(app, subscribe(femke, Scope.MINE)).headers

    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Content-Disposition"] == 'inline; filename="campus.ics"'
    assert headers["Cache-Control"] == "private, max-age=300"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers


def test_a_database_holds_no_token(femke: Actor) -> None:
    token = subscribe(femke, Scope.MINE)

    row = feed_row()

    assert token not in str([getattr(row, column.key) for column in Feed.__table__.columns])
    assert len(token) >= 43


@pytest.mark.parametrize(
    "guess", ["x", "x" * 43, "x" * 5000, "%00", "..%2f..%2fetc", "é", "'--", "a.ics"]
)
def test_a_guess_gets_nothing(app: Flask, femke: Actor, guess: str) -> None:
    token = subscribe(femke, Scope.MINE)

    for tried in (guess, token[:-1], token + "x", token.swapcase()):
        answer = fetch(app, tried)
        assert answer.status_code in {404, 414}, tried
        assert b"VEVENT" not in answer.data
        if answer.mimetype == "text/plain":  # else it is no address of a feed at all
            assert "Set-Cookie" not in answer.headers


def test_a_revoked_address_is_gone_at_once(app: Flask, femke: Actor) -> None:
    token = subscribe(femke, Scope.MINE)
    with unit_of_work():
        service.revoke_feed(actor=femke, feed=db.session.query(Feed).one(), now=NOW)

    assert fetch(app, token).status_code == 410


def test_a_new_address_ends_the_old_one(app: Flask, femke: Actor) -> None:
    old = subscribe(femke, Scope.MINE)
    with unit_of_work():
        new = service.renew_feed(actor=femke, feed=db.session.query(Feed).one(), now=NOW)

    assert fetch(app, old).status_code == 410
    assert fetch(app, new).status_code == 200


def test_every_address_that_a_feed_ever_had_is_gone(app: Flask, femke: Actor) -> None:
    tokens = [subscribe(femke, Scope.MINE)]
    for _ in range(2):
        with unit_of_work():
            feed = db.session.query(Feed).filter_by(revoked_at=None).one()
            tokens.append(service.renew_feed(actor=femke, feed=feed, now=NOW))

    assert [fetch(app, one).status_code for one in tokens] == [410, 410, 200]


def test_who_has_left_the_organisation_reads_it_no_more(app: Flask, femke: Actor) -> None:
    token = subscribe(femke, Scope.ORGANISATION)
    with unit_of_work():
        membership = db.session.query(Membership).filter_by(person_id=femke.person_id).one()
        membership.ended_at = NOW

    assert fetch(app, token).status_code == 410


def test_who_may_not_sign_in_any_more_reads_nothing(app: Flask, femke: Actor) -> None:
    token = subscribe(femke, Scope.MINE)
    with unit_of_work():
        db.session.get_one(Person, femke.person_id).active = False

    assert fetch(app, token).status_code == 410


def test_that_a_feed_was_fetched_is_written_now_and_then(
    app: Flask, femke: Actor, morning: time_machine.Traveller
) -> None:
    token = subscribe(femke, Scope.MINE)
    fetch(app, token, User_Agent="Google-Calendar-Importer")
    first = feed_row()
    assert (first.fetched_at, first.fetched_by) == (NOW, Reader.GOOGLE)

    morning.move_to(NOW + timedelta(minutes=5))
    fetch(app, token, User_Agent="Google-Calendar-Importer")
    assert feed_row().fetched_at == NOW

    morning.move_to(NOW + timedelta(minutes=15))
    fetch(app, token, User_Agent="Google-Calendar-Importer")
    assert feed_row().fetched_at == NOW + timedelta(minutes=15)


def test_the_day_of_a_feed_is_the_campus_s(
    app: Flask, femke: Actor, room: Space, morning: time_machine.Traveller
) -> None:
    """At half past midnight in Amsterdam it is still yesterday in UTC."""
    make_booking(femke, room, period(9, 10, day=tomorrow()))
    token = subscribe(make_staff(), Scope.ARRIVALS)

    morning.move_to(at(0, 30, day=tomorrow()))

    assert summaries(fetch(app, token).data) == ["Femke Postma, Terpdata: Hunze"]
    assert tomorrow() > DAY


@pytest.mark.parametrize("said", ['"x"', "*", "nonsense"])
def test_a_program_that_has_no_copy_gets_one(client: FlaskClient, femke: Actor, said: str) -> None:
    token = subscribe(femke, Scope.MINE)

    answer = client.get(f"/feeds/{token}.ics", headers={"If-Match": said})

    assert answer.status_code == 200
