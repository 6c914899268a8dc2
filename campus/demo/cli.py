"""The command that loads the demo campus."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from campus import clock
from campus.db import unit_of_work
from campus.demo import service
from campus.demo.people import LOG_INS
from campus.settings import Settings
from campus.web import commands

MOST = 100  # copies


@click.command()
@click.option("--seed", type=int, default=1, show_default=True, help="Another one: other days.")
@click.option(
    "--scale",
    type=click.IntRange(1, MOST),
    default=1,
    show_default=True,
    help="Multiply spaces, organisations and bookings.",
)
@click.option(
    "--today",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day around which bookings are made; the campus's own by default.",
)
@commands.as_json
@with_appcontext
def demo(seed: int, scale: int, day: datetime | None, as_json: bool) -> None:
    """Load the demo campus into an empty database."""
    settings: Settings = current_app.extensions["campus.settings"]
    now = clock.now()
    with commands.refusals_told(), unit_of_work():
        loaded = service.load(
            today=day.date() if day else clock.today(now),
            seed=seed,
            scale=scale,
            password=settings.demo_password,
            now=now,
        )
    log_ins = (f"  {email:<24} {who.en}" for email, who in LOG_INS.items())
    said = (
        f"Loaded {loaded.spaces} spaces, {loaded.organisations} organisations, "
        f"{loaded.people} people and {loaded.bookings} bookings.",
        f"Sign in with password {settings.demo_password}:",
        *log_ins,
    )
    commands.tell("\n".join(said), asdict(loaded), as_json=as_json)
