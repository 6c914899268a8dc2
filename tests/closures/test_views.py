"""Staff close places in a browser without a script: form, preview, choices, closure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from campus import clock
from campus.bookings import service as bookings
from campus.bookings.models import Booking, BookingState
from campus.closures import queries
from campus.db import db, unit_of_work
from campus.members.models import Duty
from campus.spaces import queries as spaces
from campus.spaces.models import Closure, Floor, Space, SpaceKind, SpaceState
from tests.bookings.visits import Visit, page_of, statements, visit
from tests.closures.scenes import letters, wrongs
from tests.factories import (
    DAY,
    NOW,
    make_booking,
    make_building,
    make_house,
    make_member,
    make_space,
    make_staff,
    make_zone,
    period,
    tomorrow,
)

NEXT = tomorrow()
WHEN = {
    "day": NEXT.isoformat(), "from": "08:00", "ends": "at", "until": NEXT.isoformat(),
    "to": "20:00", "reason_nl": "lekkage", "reason_en": "a leak", "idem": "a-key-of-a-form",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterable[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def house(database: None) -> Floor:
    return make_house()


@pytest.fixture
def desk(client: FlaskClient, house: Floor) -> Visit:
    return visit(client, make_staff())


@pytest.fixture
def keeper(client: FlaskClient, house: Floor) -> Visit:
    return visit(client, make_staff(Duty.CAMPUS_MANAGER))


def room(code: str, **more: object) -> Space:
    return make_space(code, kind=SpaceKind.MEETING_ROOM, **{"capacity": 6, **more})  # type: ignore[arg-type]


def hidden(page: str) -> list[tuple[str, str]]:
    """Return what the form of a preview carries, but for the token."""
    main = page.partition('<main id="main"')[2]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', main)
    return [(name, unescape(value)) for name, value in found if name != "csrf_token"]


def checked(page: str) -> list[tuple[str, str]]:
    """Return the choices as the preview has them ticked."""
    return re.findall(r'<input type="radio"\s+name="(c-[^"]*)"\s+value="([^"]*)"\s+checked', page)


def preview(desk: Visit, *codes: str, **more: str) -> str:
    fields = [("space", code) for code in codes] + list({**WHEN, **more}.items())
    answer = desk.post("/staff/closures/preview", fields)
    assert answer.status_code == 200, page_of(answer)
    return answer.get_data(as_text=True)


def confirm(desk: Visit, page: str, **more: str) -> str:
    """Send a preview as it is, or with some choices; return the code of the closure."""
    chosen = {**dict(checked(page)), **more}
    answer = desk.post("/staff/closures", [*hidden(page), *chosen.items()])
    assert answer.status_code == 303, page_of(answer)
    return str(answer.location.rpartition("/")[2])


def again(booking: Booking) -> Booking:
    return db.session.scalars(select(Booking).where(Booking.code == booking.code)).one()


# --- closing ----------------------------------------------------------------------------------


def test_staff_close_a_corridor_and_choose_for_each_booking(desk: Visit) -> None:
    hunze, _ = room("hunze"), room("near")
    one = make_booking(make_member(), hunze, period(10, 12, day=NEXT), title="Board")
    two = make_booking(make_member(name="Sietse"), hunze, period(14, 15, day=NEXT))

    page = preview(desk, "hunze")
    assert "Femke Postma" in page
    assert "Board" in page
    assert "Move to near" in page
    code = confirm(desk, page, **{f"c-{two.code}": "keep"})

    assert again(one).space.code == "near"
    assert again(two).space.code == "hunze"
    shown = page_of(desk.get(f"/staff/closures/{code}"))
    assert "moved from hunze to near" in shown
    assert "kept" in shown
    listed = page_of(desk.get("/staff/closures"))
    assert "hunze" in listed
    assert "a leak" in listed
    assert "By Rixt Visser" in listed
    assert wrongs() == []


def test_a_floor_or_a_zone_or_a_kind_is_closed_whole(desk: Visit, house: Floor) -> None:
    south = make_zone(house)
    make_space("1.01", zone_id=south.id)
    make_space("1.02")
    room("hunze", zone_id=south.id)

    for fields, count in (
        ({"floor": "1"}, 3),
        ({"zone": "zuid"}, 2),
        ({"zone": "zuid", "kind": "desk"}, 1),
        ({"kind": "desk"}, 2),
        ({"zone": "zuid", "kind": "desk", "space": "hunze"}, 2),
    ):
        page = desk.post("/staff/closures/preview", {**WHEN, **fields}).get_data(as_text=True)
        assert dict(hidden(page))["space"]
        assert sum(name == "space" for name, _ in hidden(page)) == count


def test_a_button_chooses_for_all_without_a_script(desk: Visit) -> None:
    hunze, _ = room("hunze"), room("near")
    booking = make_booking(make_member(), hunze, period(10, 12, day=NEXT))
    page = preview(desk, "hunze")
    assert [value for _, value in checked(page)] == ["move"]

    fields = [*hidden(page), *checked(page), ("set", "cancel")]
    page = desk.post("/staff/closures/preview", fields).get_data(as_text=True)
    assert [value for _, value in checked(page)] == ["cancel"]
    confirm(desk, page)

    assert again(booking).state is BookingState.CANCELLED


def test_nobody_in_the_way_closes_at_once(desk: Visit) -> None:
    room("hunze")

    page = preview(desk, "hunze")

    assert "Nobody is in the way" in page
    assert queries.closure_by_code(confirm(desk, page))[0].reason_nl == "lekkage"


def test_what_was_booked_meanwhile_is_shown_and_marked_and_nothing_is_done(desk: Visit) -> None:
    hunze = room("hunze")
    first = make_booking(make_member(), hunze, period(10, 12, day=NEXT))
    page = preview(desk, "hunze")
    second = make_booking(
        make_member(name="Late"), hunze, period(14, 15, day=NEXT), now=NOW + timedelta(seconds=9)
    )

    choice = {f"c-{first.code}": "keep"}
    answer = desk.post("/staff/closures", [*hidden(page), *choice.items()])

    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert "Nothing was done" in shown
    assert shown.count("changed just now") == 1
    assert "Late" in shown
    assert dict(checked(shown))[f"c-{first.code}"] == "keep"
    assert again(second).revision == 1
    assert queries.current(NOW) == []
    confirm(desk, shown)


def test_the_form_as_it_comes_lacks_nothing_but_a_place(desk: Visit) -> None:
    room("hunze")
    page = desk.get("/staff/closures/new").get_data(as_text=True)
    assert re.search(r'value="at" checked', page)
    fields = {"day": DAY.isoformat(), "from": "", "until": "", "to": "18:00"}
    assert all(f'value="{value}"' in page or f"selected>{value}<" in page
               for value in fields.values())  # fmt: skip

    answer = desk.post("/staff/closures/preview", [*hidden(page), *fields.items(), ("ends", "at")])

    assert "Choose at least one place" in page_of(answer)


def test_an_address_fills_the_form(desk: Visit, house: Floor) -> None:
    room("hunze")

    page = desk.get("/staff/closures/new?floor=1&day=2026-12-01&from=09:00&ends=open")

    text = page.get_data(as_text=True)
    assert re.search(r'name="floor"\s+value="1" checked', text)
    assert re.search(r'value="open" checked', text)
    assert '<details class="fold" open>' in text


def test_a_preview_loaded_again_leads_to_the_form(desk: Visit) -> None:
    assert desk.get("/staff/closures/preview").status_code == 302


def test_back_to_the_form_everything_is_still_there(desk: Visit) -> None:
    room("hunze")

    page = desk.post("/staff/closures/adjust", hidden(preview(desk, "hunze")))

    text = page.get_data(as_text=True)
    assert "lekkage" in text
    assert re.search(r'value="hunze" checked', text)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"to": "07:00"}, "The end must be after the start."),
        ({"until": DAY.isoformat()}, "The last day comes before the first."),
        ({"day": "soon"}, "Write the day as"),
        ({"day": "", "until": ""}, "Choose a day."),
        ({"to": ""}, "Choose when it ends."),
        ({"to": "25:00"}, "Write the time as"),
        ({"ends": "never"}, "Choose for how long."),
        ({"day": "2026-11-20", "until": "2026-11-21"}, "That time has passed."),
        ({"space": "nowhere"}, "Choose at least one place"),
        ({"reason_nl": "x" * 201}, "Use at most 200 characters."),
        ({"idem": ""}, "lost its key"),
        ({"ends": "final", "space": "east"}, "east is part of whole"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_the_rest(
    keeper: Visit, wrong: dict[str, str], words: str
) -> None:
    room("hunze")
    parts = (room("east"), room("west"))
    make_space("whole", kind=SpaceKind.EVENT_SPACE, parts=parts)

    answer = keeper.post("/staff/closures/preview", {"space": "hunze", **WHEN, **wrong})

    assert answer.status_code == 422
    assert words in page_of(answer)
    assert "a leak" in answer.get_data(as_text=True)
    assert db.session.query(Closure).count() == 0


def test_without_a_time_it_starts_with_the_day_or_now(desk: Visit) -> None:
    room("hunze")
    form = desk.get("/staff/closures/new").get_data(as_text=True)
    assert '<option value="">start of the day, today: now</option>' in form
    assert re.search(r'name="until" [^>]*value=""', form)

    tomorrows = page_of(
        desk.post("/staff/closures/preview", {"space": "hunze", **WHEN, "from": ""})
    )
    today = {**WHEN, "day": DAY.isoformat(), "until": "", "from": ""}
    todays = page_of(desk.post("/staff/closures/preview", {"space": "hunze", **today}))

    assert "tomorrow 00:00–20:00" in tomorrows
    assert "today 08:10–20:00" in todays


def test_the_form_says_floors_with_their_building_where_there_are_several(desk: Visit) -> None:
    room("hunze")
    assert "All of Wierde" in page_of(desk.get("/staff/closures/new"))

    make_building("Loods")

    assert "All of Noorderkwartier, Wierde" in page_of(desk.get("/staff/closures/new"))


@pytest.mark.parametrize(
    "odd",
    [
        {"seen": "x", "at": "long ago"},
        {"seen": "", "page": "-4", "all": "burn", "set": "burn"},
        {"at": "2999-01-01T00:00:00+00:00", "page": "99999999999999999999"},
        {"c-": "move", "c-unknown": "cancel", "page": "x"},
    ],
)
def test_an_odd_confirmation_does_nothing(desk: Visit, odd: dict[str, str]) -> None:
    hunze = room("hunze")
    make_booking(make_member(), hunze, period(10, 12, day=NEXT))

    answer = desk.post("/staff/closures", {"space": "hunze", **WHEN, **odd})

    assert answer.status_code == 409
    assert queries.current(NOW) == []


def test_a_space_is_retired_and_its_page_says_so(keeper: Visit) -> None:
    make_space("1.01")
    page = preview(keeper, "1.01", ends="final", day=DAY.isoformat())
    assert "for good" in page

    confirm(keeper, page)

    assert spaces.space_by_code("1.01").state is SpaceState.RETIRED
    assert "is no longer in use" in page_of(keeper.get("/spaces/1.01"))
    assert "Out of use for good" in page_of(keeper.get("/staff/closures"))
    assert "No place is out of use." in page_of(keeper.get("/staff/today"))


def test_retiring_keeps_no_booking(keeper: Visit) -> None:
    desk_there = make_space("1.01")
    make_booking(make_member(), desk_there, period(9, 17, day=NEXT))

    page = preview(keeper, "1.01", ends="final")

    assert 'value="keep"' not in page


def test_the_front_desk_reads_why_it_retires_nothing(desk: Visit) -> None:
    make_space("1.01")
    why = "Only a campus manager or a system administrator"

    form = desk.get("/staff/closures/new")
    fields = {"space": "1.01", **WHEN, "ends": "final"}
    looked = desk.post("/staff/closures/preview", fields)
    done = desk.post("/staff/closures", fields)

    assert why in page_of(form)
    assert re.search(r'value="final" disabled aria-describedby="final-why"', form.text)
    assert [looked.status_code, done.status_code] == [403, 403]
    assert why in page_of(looked)
    assert NEXT.isoformat() in looked.text
    assert spaces.space_by_code("1.01").state is SpaceState.ACTIVE


def test_the_front_desk_sees_a_retired_place_and_takes_nothing_back(
    client: FlaskClient, house: Floor
) -> None:
    make_space("1.01")
    keeper = visit(client, make_staff(Duty.CAMPUS_MANAGER, name="Jelle Wiersma"))
    code = confirm(keeper, preview(keeper, "1.01", ends="final", day=DAY.isoformat()))
    assert f"/staff/closures/{code}/reopen" in keeper.get(f"/staff/closures/{code}").text

    desk = visit(client.application.test_client(), make_staff())
    shown = desk.get(f"/staff/closures/{code}")
    answer = desk.post(f"/staff/closures/{code}/reopen", {"revision": "1"})

    assert "/reopen" not in shown.text
    assert "Only a campus manager" in page_of(shown)
    assert answer.status_code == 403
    assert spaces.space_by_code("1.01").state is SpaceState.RETIRED


# --- a closure --------------------------------------------------------------------------------


def test_a_closure_is_called_off(desk: Visit) -> None:
    room("hunze")
    code = confirm(desk, preview(desk, "hunze"))

    answer = desk.post(f"/staff/closures/{code}/reopen", {"revision": "1"})

    assert answer.status_code == 303
    assert "called off" in page_of(desk.get(f"/staff/closures/{code}"))
    assert "called off" in page_of(desk.get("/staff/closures"))
    again_ = desk.post(f"/staff/closures/{code}/reopen", {"revision": "2"})
    assert again_.status_code == 409
    assert "is over" in page_of(again_)


def test_a_closure_ends_sooner_or_later_after_a_look(desk: Visit) -> None:
    hunze = room("hunze")
    code = confirm(desk, preview(desk, "hunze", to="12:00"))
    booking = make_booking(make_member(), hunze, period(13, 14, day=NEXT))
    path = f"/staff/closures/{code}/end"

    longer = desk.post(path, {"until": NEXT.isoformat(), "to": "18:00", "revision": "1"})
    assert longer.status_code == 200
    assert "1 booking is in the way" in page_of(longer)
    assert confirm(desk, longer.get_data(as_text=True)) == code
    assert again(booking).state is BookingState.CANCELLED

    sooner = desk.post(path, {"until": NEXT.isoformat(), "to": "10:00", "revision": "2"})
    assert sooner.status_code == 303
    assert queries.closure_by_code(code)[0].ends_at == period(8, 10, day=NEXT).ends_at
    assert wrongs() == []


@pytest.mark.parametrize(("to", "last"), [("20:00", NEXT), ("00:00", NEXT)])
def test_an_end_sent_unchanged_changes_nothing(desk: Visit, to: str, last: date) -> None:
    room("hunze")
    code = confirm(desk, preview(desk, "hunze", to=to))
    ends_at = queries.closure_by_code(code)[0].ends_at
    page = desk.get(f"/staff/closures/{code}").text
    assert f'value="{last.isoformat()}"' in page

    answer = desk.post(
        f"/staff/closures/{code}/end", {"until": last.isoformat(), "to": to, "revision": "1"}
    )

    assert answer.status_code == 303
    assert queries.closure_by_code(code)[0].ends_at == ends_at


def test_a_later_end_at_midnight_is_the_end_of_the_day(desk: Visit) -> None:
    room("hunze")
    code = confirm(desk, preview(desk, "hunze"))
    last = NEXT + timedelta(days=1)

    longer = desk.post(
        f"/staff/closures/{code}/end", {"until": last.isoformat(), "to": "00:00", "revision": "1"}
    )
    confirm(desk, longer.get_data(as_text=True))

    ends_at = queries.closure_by_code(code)[0].ends_at
    assert ends_at == clock.midnight(last + timedelta(days=1))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"until": "", "to": "10:00"}, "Choose a day."),
        ({"until": NEXT.isoformat(), "to": ""}, "Choose when it ends."),
        ({"until": "2027-03-28", "to": "02:30"}, "the clocks go forward"),
        ({"until": DAY.isoformat(), "to": "08:00", "revision": "1"}, "still to come"),
        ({"until": NEXT.isoformat(), "to": "10:00", "revision": "x"}, "changed meanwhile"),
    ],
)
def test_a_wrong_end_says_why(desk: Visit, fields: dict[str, str], words: str) -> None:
    room("hunze")
    code = confirm(desk, preview(desk, "hunze"))

    answer = desk.post(f"/staff/closures/{code}/end", fields)

    assert answer.status_code in {409, 422}
    assert words in page_of(answer)


def test_only_staff_come_here(client: FlaskClient, house: Floor) -> None:
    member = visit(client, make_member())

    for path in ("/staff/closures", "/staff/closures/new", "/staff/closures/abcdefghjk"):
        assert member.get(path).status_code == 403
    assert member.post("/staff/closures", WHEN).status_code == 403


def test_a_closure_that_is_none_is_not_found(desk: Visit) -> None:
    assert desk.get("/staff/closures/abcdefghjk").status_code == 404


def test_the_front_desk_finds_the_way_and_the_journal_names_it(desk: Visit) -> None:
    room("hunze")
    code = confirm(desk, preview(desk, "hunze"))

    assert "/en/staff/closures" in desk.get("/staff/today").get_data(as_text=True)
    journal = desk.get("/staff/journal").get_data(as_text=True)
    assert "places closed" in journal
    assert f"/en/staff/closures/{code}" in journal


# --- many -------------------------------------------------------------------------------------


def test_many_bookings_come_in_pages_and_choices_stay(
    desk: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campus.closures.pages.PER_PAGE", 2)
    hunze, member = room("hunze"), make_member()
    made = [make_booking(member, hunze, period(hour, hour + 1, day=NEXT)) for hour in (9, 11, 13)]
    page = preview(desk, "hunze")
    assert [name for name, _ in checked(page)] == [f"c-{one.code}" for one in made[:2]]

    choices = {f"c-{made[0].code}": "keep", f"c-{made[1].code}": "cancel"}
    turned = desk.post(
        "/staff/closures/preview", [*hidden(page), *choices.items(), ("page", "2")]
    ).get_data(as_text=True)
    assert [name for name, _ in checked(turned)] == [f"c-{made[2].code}"]
    assert dict(hidden(turned))[f"c-{made[0].code}"] == "keep"
    confirm(desk, turned)

    assert again(made[0]).state is BookingState.CONFIRMED
    assert {again(one).state for one in made[1:]} == {BookingState.CANCELLED}


def test_the_number_of_questions_does_not_grow_with_the_bookings(desk: Visit) -> None:
    hunze, _ = room("hunze"), room("near")
    member = make_member()
    counts = []
    for hour in (9, 11, 13):
        make_booking(member, hunze, period(hour, hour + 1, day=NEXT))
        with statements() as found:
            preview(desk, "hunze")
        counts.append(len(found))

    assert counts[0] == counts[-1]
    assert counts[0] <= 11  # one of them knows who asks


# --- anyone's booking -------------------------------------------------------------------------


def test_staff_move_anyones_booking_with_a_reason(desk: Visit) -> None:
    hunze, near = room("hunze"), room("near")
    busy = room("busy")
    booking = make_booking(make_member(), hunze, period(10, 12, day=NEXT))
    make_booking(make_member(name="Other"), busy, period(11, 13, day=NEXT))

    form = desk.get(f"/bookings/{booking.code}/change").get_data(as_text=True)
    free, _, others = form.partition('label="Taken or not there then"')
    assert 'label="Free then"' in free
    assert [f'value="{code}"' in free for code in ("hunze", "near", "busy")] == [True, True, False]
    assert 'value="busy"' in others
    assert 'name="reason"' in form

    fields = {
        "space": "near", "day": NEXT.isoformat(), "from": "10:00", "to": "12:00",
        "reason": "the beamer broke", "revision": "1",
    }  # fmt: skip
    assert desk.post(f"/bookings/{booking.code}/change", fields).status_code == 303

    assert again(booking).space_id == near.id
    assert "the beamer broke" in letters()[-1].text
    shown = page_of(desk.get(f"/bookings/{booking.code}"))
    assert "the beamer broke" in shown
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        later = page_of(desk.get(f"/bookings/{booking.code}"))
    assert "the beamer broke" in later.partition("Change it")[0]


def test_staff_cancel_anyones_booking_with_a_reason(desk: Visit) -> None:
    booking = make_booking(make_member(), room("hunze"), period(10, 12, day=NEXT))

    assert "with our apology" in page_of(desk.get(f"/bookings/{booking.code}/cancel"))
    fields = {"reason": "the roof leaks"}
    assert desk.post(f"/bookings/{booking.code}/cancel", fields).status_code == 303

    assert again(booking).state is BookingState.CANCELLED
    assert "the roof leaks" in letters()[-1].text
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        later = page_of(desk.get(f"/bookings/{booking.code}"))
    assert "the roof leaks" in later.partition("Need something after all?")[0]


def test_a_member_gives_no_reason_for_a_change(client: FlaskClient, house: Floor) -> None:
    member = make_member()
    booking = make_booking(member, room("hunze"), period(10, 12, day=NEXT))
    reader = visit(client, member)

    assert 'name="reason"' not in reader.get(f"/bookings/{booking.code}/change").get_data(True)
    fields = {
        "space": "hunze", "day": NEXT.isoformat(), "from": "11:00", "to": "12:00",
        "reason": "sneaky", "revision": "1",
    }  # fmt: skip
    reader.post(f"/bookings/{booking.code}/change", fields)

    assert "sneaky" not in letters()[-1].text


def test_staff_who_end_a_running_booking_say_why(house: Floor) -> None:
    staff, member = make_staff(duty=Duty.FRONT_DESK), make_member()
    booking = make_booking(member, room("hunze"), period(9, 12))
    with unit_of_work():
        bookings.release(
            actor=staff, booking=again(booking), now=period(10, 11).starts_at, reason="alarm"
        )

    assert "alarm" in letters()[-1].text
