"""create_app and the `campus` command: the only place that knows every slice."""

from __future__ import annotations

import gc
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo
from flask_migrate import Migrate

from campus import __version__, clock
from campus.backups import cli as backups_cli
from campus.backups.service import Tools
from campus.bookings import admin as bookings_admin
from campus.bookings import views as bookings_views
from campus.closures import admin as closures_admin
from campus.closures import jobs as closures_jobs
from campus.db import db, engines, unit_of_work
from campus.demo import cli as demo_cli
from campus.demo import service as demo
from campus.demo.people import LOG_INS
from campus.feeds import cli as feeds_cli
from campus.feeds import views as feeds_views
from campus.finder import views as finder_views
from campus.floorplan import admin as floorplan_admin
from campus.floorplan import cli as floorplan_cli
from campus.home import admin as home_admin
from campus.home import cli as home_cli
from campus.home import jobs as home_jobs
from campus.home import service as home
from campus.home import views as home_views
from campus.home.cli import FirstLook
from campus.home.faults import examine
from campus.journal import jobs as journal_jobs
from campus.lists import admin as lists_admin
from campus.members import cli as members_cli
from campus.members import jobs as members_jobs
from campus.members import login
from campus.members import queries as members_queries
from campus.members import views as members_views
from campus.outbox import cli as outbox_cli
from campus.outbox.models import Periodic
from campus.paper import admin as paper_admin
from campus.paper import views as paper_views
from campus.pocket import views as pocket_views
from campus.premises import admin as premises_admin
from campus.premises import views as premises_views
from campus.roomlist import admin as roomlist_admin
from campus.roomlist import cli as roomlist_cli
from campus.schedule import cli as schedule_cli
from campus.settings import Settings, SettingsError, mistakes_in
from campus.timeline import views as timeline_views
from campus.web import errors, forms, languages, logs, security, templating

HERE = Path(__file__).resolve().parent
KEY, KEY_FILE = "CAMPUS_SECRET_KEY", "CAMPUS_SECRET_KEY_FILE"
OWN_KEY = "secret-key"  # file in the data folder
COMMANDS = (
    *home_cli.commands,
    *members_cli.commands,
    feeds_cli.feeds,
    schedule_cli.bookings,
    floorplan_cli.floors,
    outbox_cli.worker,
    *backups_cli.commands,
    demo_cli.demo,
    roomlist_cli.spaces,
)


def create_app(settings: Settings) -> Flask:
    """Build the application from its settings.

    Raises:
        SettingsError: a setting is wrong.
    """
    if mistakes := mistakes_in(settings):
        raise SettingsError("\n".join(mistakes))
    clock.set_campus_zone(settings.zone)
    app = Flask(
        "campus",
        root_path=str(HERE),
        instance_path=str(settings.data_dir.resolve()),
        template_folder=str(folder("templates")),
        static_folder=None,
    )
    app.config.update(configuration(settings))
    app.extensions["campus.settings"] = settings
    init_database(app)
    security.init(app, settings)
    languages.init(app, settings)
    templating.init(app, settings)
    login.init(app, rooms_now=home_views.rooms_now)  # who asks is known when a form is refused
    forms.init(app)
    errors.init(app)
    outbox_cli.init(app, jobs=periodic_work(), is_active=members_queries.is_active)
    home_cli.init(app, FirstLook(load_demo, demo_log_ins, outbox_cli.start_embedded))
    backups_cli.init(app, Tools(create_app, home.migrate, home.is_known, examine))
    register(app)
    return app


def folder(name: str) -> Path:
    """Return a folder of the project: beside the package in a checkout, inside it in a wheel."""
    sibling = HERE.parent / name
    return sibling if (HERE.parent / "pyproject.toml").exists() else HERE / name


def configuration(settings: Settings) -> dict[str, Any]:
    """Return Flask's own configuration; each part adds its own in its `init`."""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": engines.absolute(settings.database_url),
        "SQLALCHEMY_ENGINE_OPTIONS": engines.engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 200_000,
        "MAX_FORM_PARTS": 200,
    }


def init_database(app: Flask) -> None:
    """Bind the session, the engine's habits and the migrations."""
    db.init_app(app)
    Migrate(app, db, directory=str(folder("migrations")), render_as_batch=True)
    with app.app_context():
        engines.prepare_engine(db.engine)


def register(app: Flask) -> None:
    """Hang every slice's doors into the application."""
    for blueprint in (
        home_views.home,
        home_views.space_pages,
        home_views.health,
        home_admin.staff,
        pocket_views.pocket,
        paper_views.paper,
        paper_admin.staff_paper,
        premises_admin.staff_premises,
        premises_views.staff_hours,
        members_views.members,
        finder_views.finder,
        timeline_views.timeline,
        bookings_views.bookings,
        bookings_admin.staff_bookings,
        closures_admin.staff_closures,
        lists_admin.staff_lists,
        feeds_views.feeds,
        feeds_views.feed_files,
        roomlist_admin.staff_roomlist,
        floorplan_admin.staff_floors,
    ):
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)


def periodic_work() -> list[Periodic]:
    """Return what the worker does beside its own, of every slice."""
    return [
        *members_jobs.JOBS,
        *closures_jobs.JOBS,
        *home_jobs.JOBS,
        Periodic("journal.seal", journal_jobs.EVERY, journal_jobs.seal),
    ]


# --- the demo, for a first look ---------------------------------------------------------------


def load_demo(now: datetime) -> str:
    """Load the demo campus where nothing is, and say so; a campus that is there stays as it is."""
    if not demo.is_empty():
        return ""
    settings: Settings = current_app.extensions["campus.settings"]
    with unit_of_work():
        loaded = demo.load(
            today=clock.today(now), seed=1, scale=1, password=settings.demo_password, now=now
        )
    return (
        f"The demo has {loaded.spaces} spaces, {loaded.organisations} organisations,"
        f" {loaded.people} people and {loaded.bookings} bookings."
    )


def demo_log_ins() -> dict[str, str]:
    """Return who can sign in, if it is the demo that is in the database."""
    is_demo = members_queries.person_by_email(next(iter(LOG_INS))) is not None
    return {email: who.en for email, who in LOG_INS.items()} if is_demo else {}


# --- the command ------------------------------------------------------------------------------


def app_from_environment() -> Flask:
    """Build the application that the environment describes, or stop with every mistake."""
    try:
        return create_app(settings_from(os.environ))  # noqa: TID251 - the process's door
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def served() -> Flask:
    """Return the application for a server that answers for real, with its logs as JSON lines."""
    logs.configure()
    app = app_from_environment()
    settle()
    return app


def settle() -> None:
    """Tell the collector that what start-up made stays, and to look less often.

    Looking for garbage among it took an eighth of the CPU of a booking (measured).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Return the settings; without a secret key in them, with the campus's own.

    Raises:
        SettingsError: one line for each mistake.
    """
    if KEY in environ or KEY_FILE in environ:
        return Settings.from_env(environ)
    settings = Settings.from_env({**environ, KEY: secrets.token_urlsafe(48)})
    return replace(settings, secret_key=own_key(settings.data_dir))


def own_key(folder: Path) -> str:
    """Return the key kept in the data folder; the first to ask writes it, for its owner alone.

    Raises:
        SettingsError: it cannot be read or written.
    """
    file = folder / OWN_KEY
    try:
        if not file.exists():
            write_once(file, secrets.token_urlsafe(48))
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"CAMPUS_DATA_DIR: the key in {file} cannot be kept ({error.strerror})."
            f" Make the folder writable, or set {KEY}."
        ) from error


def write_once(file: Path, text: str) -> None:
    """Write a file whole or not at all, for its owner alone; whoever is first wins."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(f"{text}\n")
            opened.flush()
            os.fsync(opened.fileno())
        os.link(draft, file)
    except FileExistsError:
        return  # another process was first; its text counts
    finally:
        Path(draft).unlink()


@click.group()
@click.version_option(__version__, prog_name="campus")
def cli() -> None:
    """Run a campus: spaces, bookings, people."""


for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the `campus` command; the application is made when a command asks for it."""
    sys.exit(cli.main(obj=ScriptInfo(create_app=app_from_environment, set_debug_flag=False)))


if __name__ == "__main__":  # by the interpreter of a release: `python -m campus.app serve`
    main()
