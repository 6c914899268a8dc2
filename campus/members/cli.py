"""First accounts, before anybody can sign in: organisations, their people, staff."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from campus import clock
from campus.db import unit_of_work
from campus.members import mail, queries, service
from campus.members.models import Duty, Role
from campus.web import mails
from campus.web.commands import as_json, refusals_told, tell

organisations = AppGroup("organisations", help="Look after organisations.")
people = AppGroup("people", help="Look after accounts.")
commands = (organisations, people)


@organisations.command()
@click.argument("name")
@click.option("--code", default="", help="Its code in addresses; made of the name if left out.")
@as_json
def add(name: str, code: str, as_json: bool) -> None:
    """Add the organisation NAME."""
    with refusals_told(), unit_of_work():
        code = service.add_organisation(name, code=code, now=clock.now()).code
    tell(f"Added {name} with the code {code}.", {"code": code, "name": name}, as_json=as_json)


@people.command()
@click.argument("email")
@click.option("--organisation", required=True, help="The code of an organisation.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="The person's place there.",
)
@click.option("--name", default="", help="The person's name; guessed from EMAIL if left out.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="The language of mails.")
@as_json
def invite(
    email: str, organisation: str, role: str, name: str, language: str | None, as_json: bool
) -> None:
    """Make the person with the address EMAIL a member of an organisation."""
    now = clock.now()
    with refusals_told(), unit_of_work():
        home = queries.organisation_by_code(organisation)
        spoken = mails.language_for(language or "")
        person = service.account_for(email, name=name, language=spoken, now=now)
        token = service.invite(person, organisation=home, role=Role(role), now=now)
        email = person.email
    report(email, token, language=spoken, as_json=as_json)


@people.command("create-staff")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--role",
    type=click.Choice([duty.value for duty in Duty]),
    required=True,
    help="What the person does for the campus.",
)
@click.option("--language", type=click.Choice(["nl", "en"]), help="The language of mails.")
@as_json
def create_staff(email: str, name: str, role: str, language: str | None, as_json: bool) -> None:
    """Let the person with the address EMAIL work for the campus."""
    now, campus = clock.now(), mails.settings().name
    with refusals_told(), unit_of_work():
        spoken = mails.language_for(language or "")
        person = service.account_for(email, name=name, language=spoken, now=now)
        token = service.create_staff(person, duty=Duty(role), campus_name=campus, now=now)
        email = person.email
    report(email, token, language=spoken, as_json=as_json)


def report(email: str, token: str, *, language: str, as_json: bool) -> None:
    """Say how the person gets in: by a link in a mail, by one printed here, or as before."""
    link = mail.link_for(token, language=language) if token else None
    if mails.settings().mail_url and link:
        link, sentences = None, f"{email} gets a mail with a link that sets a password."
    elif link:
        sentences = f"Done. This link sets the password of {email}, once, within a week:\n{link}"
    else:
        sentences = f"Done. {email} has a password already and signs in with it."
    tell(sentences, {"email": email, "link": link}, as_json=as_json)
