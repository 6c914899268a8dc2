"""Feeds made by a command."""

from __future__ import annotations

import json

import pytest
from click.testing import Result
from flask import Flask

from campus.db import db
from campus.feeds.models import Feed
from campus.members.models import Actor
from tests.factories import make_staff
from tests.feeds.conftest import fetch


def run(app: Flask, *arguments: str) -> Result:
    """Run `campus feeds create`."""
    return app.test_cli_runner().invoke(args=["feeds", "create", *arguments])


def test_a_feed_is_made_and_its_address_printed(app: Flask, femke: Actor) -> None:
    said = run(app, "--email", femke.email, "--scope", "space", "--key", "hunze", "--json")

    made = json.loads(said.output)
    token = made["address"].removeprefix("http://localhost/feeds/").removesuffix(".ics")
    assert made["name"] == "Hunze"
    assert fetch(app, token).status_code == 200


def test_people_read_a_sentence(app: Flask, femke: Actor) -> None:
    said = run(app, "--email", femke.email.upper(), "--scope", "mine", "--name", "Scherm")

    assert said.exit_code == 0
    assert "Scherm" in said.output
    assert "http://localhost/feeds/" in said.output


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--scope", "mine"), 1, "Nobody has the e-mail address nobody@campus.example."),
        (("--scope", "nonsense"), 2, "nonsense"),
        ((), 2, "--scope"),
        (("--scope", "space"), 2, "--scope space needs --key, the code of a place"),
        (("--scope", "floor"), 2, "--scope floor needs --key, the code of a floor."),
        (("--scope", "kind"), 2, "--scope kind needs --key, one of desk, "),
        (("--scope", "mine", "--key", "hunze"), 2, "--scope mine takes no --key; only space,"),
    ],
)
def test_what_cannot_be_made_is_a_sentence(
    app: Flask, femke: Actor, arguments: tuple[str, ...], code: int, words: str
) -> None:
    said = run(app, "--email", "nobody@campus.example", *arguments)

    assert said.exit_code == code
    assert words in said.output


def test_what_only_staff_may_have_is_refused_to_others(app: Flask, femke: Actor) -> None:
    refused = run(app, "--email", femke.email, "--scope", "arrivals")
    made = run(app, "--email", make_staff().email, "--scope", "arrivals")

    assert (refused.exit_code, made.exit_code) == (1, 0)
    assert db.session.query(Feed).count() == 1
