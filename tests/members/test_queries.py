"""Who is who, and who belongs where."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from campus.db import db, unit_of_work
from campus.errors import NotFound
from campus.members import queries, service
from campus.members.models import Membership, Person, Role
from tests.factories import (
    NOW,
    make_member,
    make_organisation,
    make_person,
    make_staff,
)
from tests.members.doors import person_of, statements

pytestmark = pytest.mark.usefixtures("database")


def names(people: object) -> list[str]:
    return [person.name for person in people]  # type: ignore[attr-defined]


def test_people_are_found_by_name_address_and_organisation() -> None:
    terp, hunze = make_organisation("Terpdata"), make_organisation("Hunze Health")
    make_member(terp, name="Femke Postma")
    make_member(hunze, name="Postma Bakker")
    make_member(terp, name="Ids Wiersma")

    assert names(queries.search_people("postma")) == ["Femke Postma", "Postma Bakker"]
    assert names(queries.search_people("POSTMA terp")) == ["Femke Postma"]
    assert names(queries.search_people("terpdata")) == ["Femke Postma", "Ids Wiersma"]
    assert len(queries.search_people("@campus.example")) == 3
    assert len(queries.search_people("@campus.example", limit=2)) == 2


def test_a_percent_sign_is_looked_for_as_such() -> None:
    make_person("Femke Postma")
    make_person("100% Wad_lopen")

    assert names(queries.search_people("%")) == ["100% Wad_lopen"]
    assert names(queries.search_people("d_l")) == ["100% Wad_lopen"]
    assert queries.search_people("\\") == []


def test_who_is_not_active_or_has_left_is_not_found() -> None:
    terp = make_organisation("Terpdata")
    gone, left = make_member(terp, name="Gone"), make_member(terp, name="Left")
    with unit_of_work():
        person_of(gone).active = False
        place = select(Membership).where(Membership.person_id == left.person_id)
        db.session.scalars(place).one().ended_at = NOW

    assert queries.search_people("gone") == []
    assert queries.search_people("terpdata") == []
    assert names(queries.search_people("left")) == ["Left"]
    assert queries.search_people("left")[0].organisations == []


@pytest.mark.parametrize("count", [1, 3])
def test_searching_costs_one_query_however_many_are_found(count: int) -> None:
    terp = make_organisation("Terpdata")
    for number in range(count):
        make_member(terp, name=f"Postma {number}")

    with statements() as asked:
        found = queries.search_people("postma terpdata")

    assert [one.organisations for one in found] == [["Terpdata"]] * count
    assert len([one for one in asked if one.startswith("SELECT")]) == 1


def test_an_actor_is_the_same_however_it_is_found() -> None:
    member, staff = make_member(role=Role.OFFICE_MANAGER), make_staff()

    for actor in (member, staff):
        assert queries.actor_of(person_of(actor)) == actor


def test_who_is_not_there_is_not_found() -> None:
    member = make_member()
    with unit_of_work():
        person_of(member).active = False

    with pytest.raises(NotFound, match="the code nope"):
        queries.organisation_by_code("nope")
    assert not queries.is_active(member.person_id)


def test_doctor_finds_nothing_where_all_is_well() -> None:
    make_member()
    make_staff()

    assert service.faults(NOW) == []


def test_doctor_finds_people_who_cannot_sign_in_and_staff_outside_the_campus() -> None:
    staff, person = make_staff(), make_person(email="Femke@Campus.example")
    with unit_of_work():
        db.session.delete(db.session.scalars(select(Membership)).one())

    found = [str(fault) for fault in service.faults(NOW)]

    assert len(found) == 2
    assert db.session.get_one(Person, person.id).code in found[0]
    assert person_of(staff).code in found[1]
