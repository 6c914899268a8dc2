"""Who is told what, in which words; and that nobody is told what did not happen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from campus.bookings import mail, service
from campus.bookings.models import Asked, Booking
from campus.bookings.rules import MAIL_AFTER
from campus.clock import Period
from campus.db import db, unit_of_work
from campus.errors import RuleBroken
from campus.members.models import Actor
from campus.outbox.models import Message
from campus.spaces.models import Space, SpaceKind
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

LATER = NOW + timedelta(minutes=5)
SOON = NOW + timedelta(seconds=5)


@pytest.fixture
def desk(database: None) -> Space:
    """A desk on a floor that is open on weekdays."""
    make_house()
    return make_space(
        "1.32",
        name="1.32",
        place_nl="Open veld, aan het raam",
        place_en="Open field, by the window",
        way_nl="Trap op, rechts.",
    )


@pytest.fixture
def member(database: None) -> Actor:
    """Femke Postma, of Terpdata, who reads Dutch."""
    return make_member()


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def waiting() -> list[Message]:
    return [message for message in messages() if message.withdrawn_at is None]


def cancel(booking: Booking, *, actor: Actor, reason: str = "") -> None:
    with unit_of_work():
        service.cancel(actor=actor, booking=db.session.merge(booking), reason=reason, now=LATER)


def book_and_stumble(desk: Space, member: Actor) -> None:
    with unit_of_work():
        asked = Asked(db.session.merge(desk), period(9, 12))
        service.book(actor=member, asked=asked, now=NOW, idem="key-rolled-back")
        raise RuntimeError("so no mail")


def test_booking_is_confirmed_to_the_person_in_their_language(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, Period(at(9), at(17, 30)))

    (message,) = messages()

    assert message.recipient == member.email
    assert message.person_id == member.person_id
    assert message.subject == "Geboekt: Bureau 1.32, donderdag 26 november"
    for words in (message.text, message.html):
        assert "Geboekt voor donderdag 26 november" in words
        assert "09:00–17:30" in words
        assert "Open veld, aan het raam" in words
        assert "Noorderkwartier, Wierde. Trap op, rechts." in words
        assert f"http://localhost/nl/bookings/{booking.code}" in words
        assert "omdat je zelf boekte" in words
    assert "METHOD:REQUEST" in message.calendar


def test_an_english_reader_gets_english(desk: Space) -> None:
    tomasz = make_member(person=make_person("Tomasz Nowak", language="en"))

    make_booking(tomasz, desk, period(9, 12))

    (message,) = messages()
    assert message.subject == "Booked: Desk 1.32, Thursday 26 November"
    assert "Open field, by the window" in message.text
    assert "/en/bookings/" in message.text


def test_a_letter_leaves_only_after_the_time_to_undo(desk: Space, member: Actor) -> None:
    make_booking(member, desk, period(9, 12))

    (message,) = messages()

    assert message.run_at == NOW + MAIL_AFTER


def test_who_comes_is_told_who_booked_and_who_booked_is_not(desk: Space, member: Actor) -> None:
    staff = make_staff(name="Rixt Visser")
    with unit_of_work():
        asked = Asked(db.session.merge(desk), period(9, 12), guest=member)
        service.book(actor=staff, asked=asked, now=NOW, idem="key-desk-0001")

    (message,) = messages()

    assert message.recipient == member.email
    for words in (message.text, message.html):
        assert "Rixt Visser heeft dit voor je geboekt." in words
        assert "omdat jij degene bent die komt" in words


def test_a_change_says_how_it_was(desk: Space, member: Actor) -> None:
    other = make_space("1.33", name="1.33")
    booking = make_booking(member, desk, period(9, 12))
    with unit_of_work():
        asked = Asked(db.session.merge(other), period(13, 17))
        service.change(
            actor=make_staff(),
            booking=db.session.merge(booking),
            asked=asked,
            revision=1,
            now=LATER,
        )

    message = messages()[-1]

    assert message.subject == "Gewijzigd: Bureau 1.33, donderdag 26 november"
    for words in (message.text, message.html):
        assert "Het was: Bureau 1.32, donderdag 26 november, 09:00–12:00." in words
        assert "13:00–17:00" in words
        assert "Rixt Visser heeft deze boeking gewijzigd." in words


def test_a_longer_booking_says_so(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, period(9, 12))
    with unit_of_work():
        merged = db.session.merge(booking)
        service.extend(actor=member, booking=merged, minutes=60, revision=1, now=at(10))

    message = messages()[-1]

    assert "09:00–13:00" in message.text
    assert "Het was: Bureau 1.32, donderdag 26 november, 09:00–12:00." in message.text
    assert "heeft deze boeking" not in message.text  # they did it themselves


def test_a_cancel_by_staff_says_who_and_why(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, period(9, 12))

    cancel(booking, actor=make_staff(), reason="De vloer wordt <b>geboend</b>.")

    message = messages()[-1]
    assert message.subject == "Geannuleerd: Bureau 1.32, donderdag 26 november"
    assert "Rixt Visser heeft deze boeking geannuleerd." in message.text
    assert "De reden: De vloer wordt <b>geboend</b>." in message.text
    assert "De vloer wordt &lt;b&gt;geboend&lt;/b&gt;." in message.html
    assert "METHOD:CANCEL" in message.calendar
    assert "STATUS:CANCELLED" in message.calendar


def test_giving_the_rest_back_shortens_the_appointment(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, period(9, 12))
    with unit_of_work():
        service.release(actor=member, booking=db.session.merge(booking), now=at(10))

    message = messages()[-1]

    assert message.subject == "Vrijgegeven: Bureau 1.32, donderdag 26 november"
    assert "09:00–10:00" in message.text
    assert "DTEND;TZID=Europe/Amsterdam:20261126T100000" in message.calendar


def test_an_undone_booking_is_never_heard_of(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, period(9, 12))
    with unit_of_work():
        service.undo(actor=member, booking=db.session.merge(booking), now=SOON)

    assert waiting() == []


def test_an_undone_cancel_leaves_only_what_was_true_before(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, period(9, 12))
    cancel(booking, actor=member)
    with unit_of_work():
        undone_at = LATER + timedelta(seconds=5)
        service.undo(actor=member, booking=db.session.merge(booking), now=undone_at)

    assert [message.subject.split(":")[0] for message in waiting()] == ["Geboekt"]


def test_what_is_refused_is_told_to_nobody(desk: Space, member: Actor) -> None:
    with pytest.raises(RuleBroken):
        make_booking(member, desk, period(3, 4))

    assert messages() == []


def test_what_is_rolled_back_is_told_to_nobody(desk: Space, member: Actor) -> None:
    with pytest.raises(RuntimeError, match="no mail"):
        book_and_stumble(desk, member)

    assert messages() == []


def test_days_are_named_and_the_closed_ones_are_not(desk: Space, member: Actor) -> None:
    monday = DAY + timedelta(days=4)

    make_booking(member, desk, Period(at(9), at(17, day=monday)))

    (message,) = messages()
    assert message.subject == (
        "Geboekt: Bureau 1.32, donderdag 26 november t/m maandag 30 november"
    )
    assert "vanaf 09:00, de laatste dag tot 17:00" in message.text
    assert "Dagen: do 26 nov, vr 27 nov, ma 30 nov\n" in message.text


def test_a_title_cannot_break_out_of_the_mail(member: Actor, desk: Space) -> None:
    room = make_space("hunze", name="Hunze", kind=SpaceKind.MEETING_ROOM)

    make_booking(member, room, period(9, 10), title='"><script>alert(1)</script>')

    (message,) = messages()
    assert "<script>" not in message.html
    assert "&lt;script&gt;" in message.html


def test_hours_outside_the_usual_day_are_drawn_in_the_whole_day(desk: Space) -> None:
    early = mail._strip(Period(at(6), at(12)))
    usual = mail._strip(period(8, 20))

    assert early == mail.Strip(25, 25, 50, "00:00", "24:00")
    assert usual == mail.Strip(0, 100, 0, "08:00", "20:00")


def test_the_letter_can_be_withdrawn_by_what_it_is_about(desk: Space, member: Actor) -> None:
    booking = make_booking(member, desk, period(9, 12))

    (message,) = messages()

    assert message.about == mail.letter_about(booking, booking.revision)


def test_the_name_of_the_organisation_stands_beside_the_person(desk: Space) -> None:
    member = make_member(make_organisation("Wad & Wier"))

    make_booking(member, desk, period(9, 12))

    (message,) = messages()
    assert "Voor: Femke Postma, Wad & Wier\n" in message.text
    assert "Femke Postma, Wad &amp; Wier" in message.html
