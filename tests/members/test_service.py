"""What happens to accounts, below the doors."""

from __future__ import annotations

import pytest
from flask import Flask, g
from sqlalchemy import select

from campus.db import db, unit_of_work
from campus.errors import Conflict, Forbidden
from campus.members import login, queries, service
from campus.members.models import Membership, Organisation, Person, Role
from tests.factories import NOW, make_member, make_person, make_staff
from tests.members.doors import GOOD, person_of, with_password

pytestmark = pytest.mark.usefixtures("database")


def test_who_left_an_organisation_can_be_invited_again() -> None:
    member = make_member()
    with unit_of_work():
        db.session.scalars(select(Membership)).one().ended_at = NOW
    assert queries.actor_of(person_of(member)).organisation_id is None

    with unit_of_work():
        organisation = db.session.scalars(select(Organisation)).one()
        service.invite(person_of(member), organisation=organisation, role=Role.ORG_ADMIN, now=NOW)

    actor = queries.actor_of(person_of(member))
    assert (actor.organisation_id, actor.role) == (member.organisation_id, Role.ORG_ADMIN)


def test_of_two_new_passwords_the_second_is_refused() -> None:
    member = with_password(make_member())
    before = person_of(member).fs_uniquifier
    with unit_of_work():
        service.set_password(person_of(member), hashed=login.hashed(GOOD), verb="x", now=NOW)
    stored = person_of(member).password

    late = Person(id=member.person_id, code="x", fs_uniquifier=before, password="old")
    with pytest.raises(Conflict, match="changed somewhere else"), unit_of_work():
        service.set_password(late, hashed="other", verb="x", now=NOW)

    assert person_of(member).password == stored


def test_an_account_has_one_name_on_one_line() -> None:
    with unit_of_work():
        service.account_for("a@x.nl", name="  Ada\r\nBcc: b@x.nl \u202e ", language="nl", now=NOW)

    person = queries.person_by_email("a@x.nl")
    assert person is not None
    assert person.name == "Ada Bcc: b@x.nl"


def test_an_account_that_is_there_stays_as_it_is() -> None:
    person = make_person("Femke Postma", email="femke@x.nl", language="en")

    with unit_of_work():
        found = service.account_for(" FEMKE@x.nl", name="Somebody", language="nl", now=NOW)
        assert (found.id, found.name, found.language) == (person.id, "Femke Postma", "en")


def test_only_staff_are_let_in_where_staff_are_required(app: Flask) -> None:
    with app.test_request_context("/nl/"):
        g.actor = make_staff()
        login.require_staff()
        g.actor = make_member()
        with pytest.raises(Forbidden):
            login.require_staff()
        g.actor = None
        with pytest.raises(login.SignInNeeded):
            login.require_staff()
