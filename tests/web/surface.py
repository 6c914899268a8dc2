"""All pages there are, and what is asked of every one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from flask_security import utils as library
from sqlalchemy import func, select
from werkzeug.routing import Rule

from campus.db import Base, db
from campus.journal.models import Entry
from campus.members.models import Actor
from tests.factories import (
    PASSWORD,
    make_booking,
    make_house,
    make_space,
    period,
)

CAMPUS = "https://campus.example"
TRACES = re.compile(r"(?i)Traceback|File \"|/campus/|site-packages|sqlalchemy|Werkzeug|SELECT ")


def addresses(app: Flask, method: str) -> list[str]:
    """Return an address for every route that answers to a method."""
    found = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    return [filled(app, rule) for rule in found if rule.endpoint != "static"]


def filled(app: Flask, rule: Rule) -> str:
    values = {
        "lang": "nl", "code": "nowhere", "number": 1, "token": "nothing", "what": "buildings",
        "kind": "desk", "on": "2026-11-27",
    }  # fmt: skip
    parts = {name: values[name] for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, parts)


def real_addresses(booking: str, space: str) -> list[str]:
    """Return addresses of things that are there."""
    return [f"/nl/bookings/{booking}", f"/nl/bookings/{booking}/cancel",
            f"/nl/bookings/{booking}/change", f"/nl/spaces/{space}"]  # fmt: skip


def booked(member: Actor) -> list[str]:
    """Give a member a booking and return its addresses."""
    make_house()
    space = make_space("1.32")
    return real_addresses(make_booking(member, space, period(9, 11)).code, "1.32")


def rows() -> dict[str, int | None]:
    """Return how many rows every table has; not counted is that a list was taken along.

    That is the one thing that looking writes down.
    """
    db.session.rollback()
    counts = {t.name: select(func.count()).select_from(t) for t in Base.metadata.sorted_tables}
    counts["journal"] = counts["journal"].where(Entry.verb != "list.export")
    return {name: db.session.scalar(query) for name, query in counts.items()}


def every_answer(app: Flask, member: Actor, browser: FlaskClient) -> Iterator[tuple[str, object]]:
    """Yield an answer of every kind: pages, refusals, errors, files."""
    for address in (*addresses(app, "GET"), *booked(member), "/nl/nowhere", "/de/", "/static/x/y"):
        yield address, browser.get(address)
    for address in addresses(app, "POST"):
        yield address, browser.post(address)
    yield "405", browser.get("/nl/sign-out")
    yield "414", browser.get("/nl/" + "x" * 9000)
    yield "413", browser.post("/nl/sign-out", data={"x": "y" * 3_000_000})
    yield "400", browser.get("/nl/", headers={"Host": "evil.example"})
    with broken(app):
        yield "500", browser.get("/nl/help")


class Broken:
    """An application whose help page fails."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __enter__(self) -> None:
        self.real = self.app.view_functions["home.help"]

        def fail() -> str:
            raise ZeroDivisionError(f"secret {PASSWORD}")

        self.app.view_functions["home.help"] = fail

    def __exit__(self, *_error: object) -> None:
        self.app.view_functions["home.help"] = self.real


def broken(app: Flask) -> Broken:
    """Let the help page fail."""
    return Broken(app)


class Hashes(list[str]):
    """Passwords that were compared with a hash, in the library's own place for that."""

    def __enter__(self) -> Hashes:
        self.real = library.verify_password

        def counting(password: str, stored: str) -> bool:
            self.append(stored)
            return bool(self.real(password, stored))

        library.verify_password = counting  # type: ignore[assignment]
        return self

    def __exit__(self, *_error: object) -> None:
        library.verify_password = self.real


def hashes_counted() -> Hashes:
    """Count how often a password is compared with a hash."""
    return Hashes()
