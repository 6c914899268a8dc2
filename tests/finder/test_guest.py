"""Staff choose a place for a member on the Book page: whom it is for stays, and can be dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from campus.bookings.models import Booking
from campus.db import db, unit_of_work
from campus.members.models import Person
from tests.bookings.visits import Visit, hidden_in, page_of, visit
from tests.factories import (
    NOW,
    actor_for,
    make_house,
    make_member,
    make_organisation,
    make_person,
    make_space,
    make_staff,
)

PICKED = "You book for Femke Postma, Terpdata."


@pytest.fixture(autouse=True)
def at_ten_past_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client: FlaskClient, database: None) -> Visit:
    make_house()
    make_space("1.32")
    make_space("1.33")
    return visit(client, make_staff())


def femke() -> str:
    """Make a member and return her code."""
    member = make_member(make_organisation("Terpdata"), name="Femke Postma")
    return db.session.get_one(Person, member.person_id).code


def test_the_page_says_whom_it_is_for_and_every_way_on_keeps_it(desk: Visit) -> None:
    code = femke()

    answer = desk.get(f"/book?for={code}")
    ways = re.findall(r'href="(/en/book\?[^"]*)"', answer.text)

    assert PICKED in page_of(answer)
    assert ", for Femke Postma" in page_of(answer)
    assert len(ways) > 5
    assert [way for way in ways if f"for={code}" not in way] == []
    bar = answer.text.partition('id="ask"')[2].partition("</form>")[0]
    assert hidden_in(bar)["for"] == code
    assert 'href="/en/book"' in answer.text.partition('id="guest"')[2].partition("</div>")[0]


def test_what_is_booked_there_is_hers(desk: Visit) -> None:
    answer = desk.get(f"/book?for={femke()}")
    form = hidden_in(answer.text.partition('id="dock-form"')[2].partition("</form>")[0])

    booked = desk.post("/bookings", {**form, "idem": "a-key-of-its-own"})

    assert booked.status_code == 303
    booking = db.session.query(Booking).one()
    assert (booking.person.name, booking.organisation.name) == ("Femke Postma", "Terpdata")
    assert booking.booked_by_id == desk.actor.person_id


def test_a_refusal_names_her_by_her_address(desk: Visit) -> None:
    code = femke()
    desk.book("1.32", "one-first-key")

    answer = desk.book("1.32", "another-key", **{"for": code})

    assert answer.status_code == 409
    assert re.search(r'name="for"[^>]*value="person\d+@campus.example"', answer.text)


@pytest.mark.parametrize("code", ["nobody", "%00", "'", "x" * 3000, "🌾"])
def test_nobody_is_said_and_the_page_is_one_s_own(desk: Visit, code: str) -> None:
    answer = desk.get(f"/book?for={code}")

    assert answer.status_code == 200
    assert "You book for" not in page_of(answer)


def test_who_left_or_belongs_nowhere_cannot_be_booked_for(desk: Visit) -> None:
    code = femke()
    alone = make_person("Alleen").code
    with unit_of_work():
        db.session.query(Person).filter_by(code=code).one().active = False

    assert f"There is nobody with the code {code}." in page_of(desk.get(f"/book?for={code}"))
    words = page_of(desk.get(f"/book?for={alone}"))
    assert "Alleen is not a member of an organisation." in words


def test_members_book_for_themselves_and_learn_nothing_of_others(
    client: FlaskClient, database: None
) -> None:
    make_house()
    make_space("1.32")
    code = femke()
    organisation = make_organisation("Fjild")
    person = make_person("Jelle")
    make_member(organisation, person=person)
    member = visit(client, actor_for(person, organisation, None))

    for said in (code, "nobody"):
        page = page_of(member.get(f"/book?for={said}"))
        assert "Only the front desk books for somebody else." in page
        assert "Femke" not in page


def test_a_visitor_sees_the_page_as_ever(client: FlaskClient, database: None) -> None:
    make_house()
    make_space("1.32")

    page = page_of(client.get(f"/en/book?for={femke()}"))

    assert "Femke" not in page
