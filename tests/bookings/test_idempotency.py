"""A form that is sent twice books once, however it came to be sent twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campus.bookings.models import Booking
from campus.db import carry_out, db, dialects
from campus.errors import Conflict
from campus.members.models import Person
from campus.spaces.models import SpaceKind
from campus.spaces.queries import space_by_code
from tests.bookings.visits import HOURS, SCRIPT, Visit, claims, code_of, hidden_in, page_of, visit
from tests.factories import NOW, at, make_booking, make_house, make_member, make_space, period

FORM = {"space": "1.32", "idem": "first-key", **HOURS}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """Thursday 26 November 2026, 08:10."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mine(database: None, client: FlaskClient) -> Visit:
    """A member's browser, on a floor with two desks and a room."""
    make_house()
    make_space("1.32")
    make_space("1.33")
    make_space("hunze", kind=SpaceKind.MEETING_ROOM, name="Hunze", capacity=6)
    return visit(client, make_member())


def test_a_form_sent_twice_leads_to_the_same_booking(mine: Visit) -> None:
    first, second = mine.book(), mine.book()

    assert code_of(first) == code_of(second)
    assert claims() == 1


@pytest.mark.parametrize("space", ["1.32", "hunze"], ids=["a desk", "a room"])
def test_two_clicks_at_once_book_once(mine: Visit, space: str) -> None:
    fields = {**FORM, "space": space, "to": "12:00"}
    answers: list[TestResponse] = []
    ready = threading.Barrier(4)

    def click() -> None:
        with mine.client.application.app_context():
            here = mine.elsewhere()
            ready.wait()
            answers.append(here.post("/bookings", fields))

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()

    assert len({code_of(answer) for answer in answers}) == 1
    assert len(answers) == 4
    assert claims() == 1


def test_a_click_that_had_to_wait_for_another_finds_its_booking(mine: Visit) -> None:
    answers: list[TestResponse] = []

    def click() -> None:
        with mine.client.application.app_context():
            answers.append(mine.elsewhere().post("/bookings", FORM))

    clicks = [threading.Thread(target=click) for _ in range(2)]
    with held(mine):
        for one in clicks:
            one.start()
        wait_until_they_wait(len(clicks))
    for one in clicks:
        one.join()

    assert len({code_of(answer) for answer in answers}) == 1


@contextmanager
def held(mine: Visit) -> Iterator[None]:
    """Keep everybody from booking for this person."""
    with Session(db.engine) as session:
        dialects.begin_write(session)
        dialects.lock_rows(session, select(Person.id).where(Person.id == mine.actor.person_id))
        yield


def wait_until_they_wait(number: int) -> None:
    """Wait until so many requests wait for a lock; SQLite cannot say, but lets in one by one."""
    if db.engine.dialect.name == "sqlite":
        return
    moment = threading.Event()
    with db.engine.connect() as connection:
        for _ in range(200):
            waiting = connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
            if waiting == number:
                return
            moment.wait(0.02)
    raise AssertionError("nobody waited")


def test_the_same_key_for_something_else_is_refused_and_leads_to_the_booking(mine: Visit) -> None:
    code = code_of(mine.book())

    answer = mine.book("hunze", to="10:00")

    assert answer.status_code == 422
    assert "This form has been sent before, with other values" in page_of(answer)
    html = answer.get_data(as_text=True)
    assert f'href="/en/bookings/{code}"' in html
    assert claims() == 1
    key = html.partition('name="idem"')[2].partition('value="')[2].partition('"')[0]
    assert key != "first-key"
    assert mine.book("hunze", key=key, to="10:00").status_code == 303


@pytest.mark.parametrize(
    "more",
    [{"to": "16:00"}, {"until": "2026-11-27"}, {"title": "Anders"}, {"note": "Anders"}],
    ids=["hours", "days", "title", "note"],
)
def test_any_other_value_makes_it_something_else(mine: Visit, more: dict[str, str]) -> None:
    code_of(mine.book())

    assert mine.book(**more).status_code == 422
    assert claims() == 1


def test_a_key_is_its_persons_own(mine: Visit, client: FlaskClient) -> None:
    code_of(mine.book())
    other = visit(mine.client.application.test_client(), make_member(name="Jelle Hoekstra"))

    code_of(other.book("1.33"))

    assert claims() == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space", "<b>key</b>"])
def test_without_a_good_key_nothing_is_booked_and_the_form_gets_one(mine: Visit, key: str) -> None:
    answer = mine.book(key=key)

    assert answer.status_code == 422
    assert "This form has lost its key" in page_of(answer)
    assert claims() == 0
    assert code_of(mine.book(key=key_in(answer)))


def test_a_form_without_the_field_is_refused_too(mine: Visit) -> None:
    answer = mine.post("/bookings", {"space": "1.32", **HOURS})

    assert answer.status_code == 422
    assert claims() == 0


def test_a_refused_form_keeps_its_key_for_the_next_try(mine: Visit) -> None:
    make_booking(make_member(), space_by_code("1.32"), period(8, 20))

    refused = mine.book()

    assert refused.status_code == 409
    assert key_in(refused) == "first-key"
    assert mine.book("1.33").status_code == 303


def test_every_way_out_has_a_key_of_its_own(mine: Visit) -> None:
    make_booking(make_member(), space_by_code("hunze"), period(10, 11))

    html = mine.book("hunze", **{"from": "10:00", "to": "12:00"}).get_data(as_text=True)

    keys = [part.partition('value="')[2].partition('"')[0] for part in html.split('"idem"')[1:]]
    assert len(keys) > 1
    assert len(keys) == len(set(keys))


def test_a_script_that_sends_twice_gets_the_same_booking(mine: Visit) -> None:
    answers = [mine.post("/bookings", FORM, headers=SCRIPT) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert claims() == 1


def test_any_free_one_sent_twice_is_one_also_when_it_was_the_last(mine: Visit) -> None:
    make_booking(make_member(), space_by_code("1.32"), period(8, 20))

    first, second = (mine.book("", any="desk") for _ in range(2))

    assert code_of(first) == code_of(second)


def test_any_free_one_with_another_wish_under_the_same_key_is_refused(mine: Visit) -> None:
    code_of(mine.book("", any="desk"))

    assert mine.book("", any="desk", people="1").status_code == 422
    assert mine.book("", any="meeting_room", to="12:00").status_code == 422
    assert claims() == 1


def test_a_key_stays_with_its_booking_after_that_was_cancelled(mine: Visit) -> None:
    code = code_of(mine.book())
    mine.post(f"/bookings/{code}/cancel")

    assert code_of(mine.book()) == code
    assert claims() == 0


def test_a_step_sent_twice_is_done_once(mine: Visit) -> None:
    code = code_of(mine.book("hunze", to="10:00"))
    change = {"space": "hunze", **HOURS, "to": "11:00", "revision": "1"}

    first, second = (mine.post(f"/bookings/{code}/change", change) for _ in range(2))

    assert first.status_code == 303
    assert second.status_code == 409  # the second was of a revision that is no more
    assert db.session.scalars(select(Booking.revision)).one() == 2


@pytest.mark.parametrize("minutes", ["15", "30"])
def test_longer_sent_twice_is_longer_once_and_leads_to_the_booking(
    mine: Visit, minutes: str
) -> None:
    code = code_of(mine.book("hunze", to="10:00"))
    page = mine.get(f"/bookings/{code}").get_data(as_text=True)
    form = page.partition(f'action="/en/bookings/{code}/extend"')[2].partition("</form>")[0]
    longer = {"minutes": minutes, "revision": hidden_in(form)["revision"]}

    answers = [mine.post(f"/bookings/{code}/extend", longer) for _ in range(2)]

    assert [code_of(answer) for answer in answers] == [code, code]
    assert mine.booking().ends_at == at(10, int(minutes))


def test_longer_from_an_older_page_changes_nothing_and_says_so(mine: Visit) -> None:
    code = code_of(mine.book("hunze", to="10:00"))
    mine.post(f"/bookings/{code}/extend", {"minutes": "15", "revision": "1"})

    answer = mine.post(f"/bookings/{code}/extend", {"minutes": "30", "revision": "1"})

    assert answer.status_code == 409
    assert "This booking was changed meanwhile" in page_of(answer)
    assert mine.booking().ends_at == at(10, 15)


def test_longer_without_the_revision_it_was_seen_at_changes_nothing(mine: Visit) -> None:
    code = code_of(mine.book("hunze", to="10:00"))

    answer = mine.post(f"/bookings/{code}/extend", {"minutes": "15"})

    assert answer.status_code == 422
    assert "This form is incomplete" in page_of(answer)
    assert mine.booking().ends_at == at(10)


def test_what_crossed_is_tried_once_more_and_not_again(database: None) -> None:
    tries: list[str] = []

    def cross() -> str:
        tries.append("tried")
        raise Conflict("Two requests crossed.", retryable=True)

    with pytest.raises(Conflict):
        carry_out(cross)

    assert len(tries) == 2


def test_what_is_taken_is_not_tried_again(database: None) -> None:
    tries: list[str] = []

    def lose() -> str:
        tries.append("tried")
        raise Conflict("Taken.", code="taken")

    with pytest.raises(Conflict):
        carry_out(lose)

    assert len(tries) == 1


def key_in(answer: TestResponse) -> str:
    """Return the key of the form on a page."""
    form = answer.get_data(as_text=True).partition('id="idem"')[2]
    return form.partition('value="')[2].partition('"')[0]
