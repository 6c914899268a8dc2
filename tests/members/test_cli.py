"""First accounts from the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campus.db import db, unit_of_work
from campus.members import queries, service
from campus.members.models import CAMPUS_CODE, Duty, Organisation, Person, Relation, Role
from campus.outbox.models import Message
from tests.factories import NOW, make_member, make_organisation, make_staff
from tests.members.doors import GOOD, is_signed_in, link_in, post, with_password


def run(app: Flask, *arguments: str) -> Result:
    """Run a command of `campus`."""
    return app.test_cli_runner().invoke(args=list(arguments))


@pytest.fixture
def with_mail(app: Flask) -> Any:
    """The application, as if a mail server was named."""
    settings = app.extensions["campus.settings"]
    app.extensions["campus.settings"] = replace(settings, mail_url="smtp://127.0.0.1:2525")
    yield
    app.extensions["campus.settings"] = settings


def test_an_organisation_is_added_with_a_code_of_its_name(app: Flask) -> None:
    result = run(app, "organisations", "add", "Hunze Health")

    assert (result.exit_code, result.output) == (
        0,
        "Added Hunze Health with the code hunze-health.\n",
    )
    assert queries.organisation_by_code("hunze-health").relation is Relation.RESIDENT


def test_an_organisation_is_added_with_a_code_of_its_own(app: Flask) -> None:
    result = run(app, "organisations", "add", "Hunze Health", "--code", "hunze", "--json")

    assert json.loads(result.output) == {"code": "hunze", "name": "Hunze Health"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("Terpdata", "--code", "TAKEN"), "small letters"),
        (("Terpdata", "--code", "taken"), "with this code already"),
        (("北",), "small letters"),
        ((" ",), "Give the organisation a name."),
    ],
)
def test_an_organisation_without_a_code_of_its_own_is_refused(
    app: Flask, arguments: tuple[str, ...], reason: str
) -> None:
    assert run(app, "organisations", "add", "First", "--code", "taken").exit_code == 0

    result = run(app, "organisations", "add", *arguments)

    assert result.exit_code == 1
    assert reason in result.output
    assert len(db.session.scalars(select(Organisation)).all()) == 1


def test_an_invited_person_sets_a_password_by_the_link_and_signs_in(
    app: Flask, client: FlaskClient
) -> None:
    organisation = make_organisation()
    result = run(app, "people", "invite", "Femke.Postma@TerpData.example",
                 "--organisation", organisation.code, "--role", "org_admin")  # fmt: skip

    assert result.exit_code == 0
    assert post(client, link_in(result.output), password=GOOD).status_code == 303
    post(client, "/nl/sign-in", email="femke.postma@terpdata.example", password=GOOD)
    assert is_signed_in(client)
    person = queries.person_by_email("femke.postma@terpdata.example")
    assert person is not None
    assert person.name == "Femke Postma"
    assert queries.actor_of(person).role is Role.ORG_ADMIN
    assert db.session.scalars(select(Message)).all() == []


@pytest.mark.usefixtures("with_mail")
def test_with_a_mail_server_the_link_goes_by_mail_and_is_not_printed(app: Flask) -> None:
    code = make_organisation("Terpdata").code
    result = run(app, "people", "invite", "ada@terpdata.example", "--organisation", code,
                 "--role", "member", "--name", "Ada", "--language", "en", "--json")  # fmt: skip

    letter = db.session.scalars(select(Message)).one()
    assert json.loads(result.output) == {"email": "ada@terpdata.example", "link": None}
    assert letter.recipient == "ada@terpdata.example"
    assert letter.subject == "Your account at Noorderkwartier"
    assert "Terpdata" in letter.text
    assert link_in(letter.text) in letter.html


def test_staff_are_created_with_the_organisation_of_the_campus(
    app: Flask, client: FlaskClient
) -> None:
    result = run(app, "people", "create-staff", "rixt@campus.example",
                 "--name", "Rixt Visser", "--role", "sysadmin", "--json")  # fmt: skip

    link = json.loads(result.output)["link"]
    assert post(client, link_in(link), password=GOOD).status_code == 303
    campus = queries.organisation_by_code(CAMPUS_CODE)
    assert (campus.name, campus.relation) == ("Noorderkwartier", Relation.CAMPUS)
    actor = queries.actor_of(db.session.scalars(select(Person)).one())
    assert actor.duties == {Duty.SYSADMIN}
    assert actor.organisation_id == campus.id


def test_who_has_a_password_gets_no_link(app: Flask) -> None:
    member = with_password(make_member())
    second = make_organisation("Hunze Health")

    invited = run(app, "people", "invite", member.email, "--organisation", second.code,
                  "--role", "member")  # fmt: skip
    staff = run(app, "people", "create-staff", member.email, "--name", "x", "--role", "front_desk")

    for result in (invited, staff):
        assert result.exit_code == 0
        assert "has a password already" in result.output
        assert "http" not in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("invite", "nonsense", "--organisation", "{code}", "--role", "member"), 1, "no"),
        (("invite", "a@x.nl", "--organisation", "nope", "--role", "member"), 1, "code nope"),
        (("invite", "a@x.nl", "--organisation", "{code}", "--role", "boss"), 2, "'boss'"),
        (("invite", "a@x.nl", "--role", "member"), 2, "--organisation"),
        (("invite", "{email}", "--organisation", "{code}", "--role", "member"), 1, "already"),
        (("create-staff", "a@x.nl", "--name", "A", "--role", "member"), 2, "'member'"),
        (("create-staff", "a@x", "--name", "A", "--role", "sysadmin"), 1, "e-mail address"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    app: Flask, arguments: tuple[str, ...], code: int, reason: str
) -> None:
    member = make_member()
    organisation = db.session.scalars(select(Organisation)).one()
    filled = [one.format(code=organisation.code, email=member.email) for one in arguments]

    result = run(app, "people", *filled)

    assert result.exit_code == code
    assert reason in result.output
    assert len(db.session.scalars(select(Person)).all()) == 1


def test_who_left_the_campus_and_comes_back_as_staff_belongs_there_again(app: Flask) -> None:
    person = db.session.get_one(Person, make_staff().person_id)
    with unit_of_work():
        db.session.delete(person.duties[0])
        person.memberships[0].ended_at = NOW

    result = run(app, "people", "create-staff", person.email, "--name", "x", "--role", "sysadmin")

    assert result.exit_code == 0
    db.session.expire_all()
    assert [place.ended_at for place in person.memberships] == [None]
    assert service.faults(NOW) == []


def test_a_duty_is_given_once(app: Flask) -> None:
    arguments = ("people", "create-staff", "a@x.nl", "--name", "A", "--role", "sysadmin")
    assert run(app, *arguments).exit_code == 0

    again = run(app, *arguments)

    assert again.exit_code == 1
    assert "does that work already" in again.output
