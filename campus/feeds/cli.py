"""Feeds for programs and screens, made by whoever runs the campus."""

from __future__ import annotations

import secrets

import click
from flask.cli import AppGroup

from campus import clock
from campus.db import unit_of_work
from campus.errors import NotFound, text
from campus.feeds import pages, service
from campus.feeds.models import Scope
from campus.feeds.service import Wanted
from campus.members import queries as members
from campus.members.models import Actor
from campus.web import mails
from campus.web.commands import as_json, refusals_told, tell

KEYS = {
    Scope.SPACE: "the code of a place: the last word of its page's address",
    Scope.FLOOR: "the code of a floor",
    Scope.KIND: f"one of {', '.join(pages.KINDS)}",
}

feeds = AppGroup("feeds", help="Look after calendar feeds.")


@feeds.command()
@click.option("--email", required=True, help="Whose feed it is.")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    required=True,
    help="What it shows.",
)
@click.option("--key", default="", help="Code of the space, floor or kind, where one is shown.")
@click.option("--name", default="", help="Its name in calendars; what it shows if left out.")
@as_json
def create(email: str, scope: str, key: str, name: str, as_json: bool) -> None:
    """Make a feed and print its address, this once."""
    _require_fitting(Scope(scope), key)
    with refusals_told(), unit_of_work():
        actor = _actor(email)
        with mails.written_in(mails.language_for(actor.language)):
            name = name or pages.free_name(Scope(scope), key, actor=actor)
        feed, token = service.create_feed(
            actor=actor,
            wanted=Wanted(Scope(scope), name, key),
            idem=secrets.token_urlsafe(16),
            now=clock.now(),
        )
        code = feed.code
    address = f"{mails.settings().base_url}/feeds/{token}.ics"
    said = f"{name}, for {email}. Keep this address, it is shown this once:\n{address}"
    tell(said, {"code": code, "name": name, "address": address}, as_json=as_json)


@feeds.command()
@as_json
def retell(as_json: bool) -> None:
    """Write every calendar anew: after another name, address or language of the campus."""
    with refusals_told(), unit_of_work():
        count = service.let_all_retell(now=clock.now())
    said = f"What calendars say of {count:,} bookings is written anew when they are next read."
    tell(said, {"bookings": count}, as_json=as_json)


def _require_fitting(scope: Scope, key: str) -> None:
    """Refuse a key where nothing is chosen with one, and none where something is."""
    if scope in KEYS and not key:
        raise click.UsageError(f"--scope {scope} needs --key, {KEYS[scope]}.")
    if key and scope not in KEYS:
        chosen = ", ".join(KEYS)
        raise click.UsageError(f"--scope {scope} takes no --key; only {chosen} do.")


def _actor(email: str) -> Actor:
    person = members.person_by_email(email.lower())
    if person is None or not person.active:
        raise NotFound(text("Nobody has the e-mail address %(email)s.", email=email))
    return members.actor_of(person)
