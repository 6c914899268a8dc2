"""create_app and the `campus` command: the only place that knows every slice."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo
from flask_migrate import Migrate

from campus import __version__, clock
from campus.bookings import admin as bookings_admin
from campus.bookings import views as bookings_views
from campus.db import db, dialects
from campus.demo import cli as demo_cli
from campus.finder import views as finder_views
from campus.home import admin as home_admin
from campus.home import cli as home_cli
from campus.home import views as home_views
from campus.members import cli as members_cli
from campus.members import login
from campus.members import views as members_views
from campus.outbox import cli as outbox_cli
from campus.settings import Settings, SettingsError, mistakes_in
from campus.spaces import views as spaces_views
from campus.web import errors, forms, languages, security, templating

HERE = Path(__file__).resolve().parent


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
    forms.init(app)
    login.init(app)
    errors.init(app)
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
        "SQLALCHEMY_DATABASE_URI": database_uri(settings),
        "SQLALCHEMY_ENGINE_OPTIONS": dialects.engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 200_000,
        "MAX_FORM_PARTS": 200,
    }


def database_uri(settings: Settings) -> str:
    """Return the URL for SQLAlchemy; a relative SQLite path counts from the working folder."""
    url = settings.database_url
    if not url.startswith("sqlite:///") or url == "sqlite:///:memory:":
        return url
    return f"sqlite:///{Path(url.removeprefix('sqlite:///')).resolve()}"


def init_database(app: Flask) -> None:
    """Bind the session, the engine's habits and the migrations."""
    db.init_app(app)
    Migrate(app, db, directory=str(folder("migrations")), render_as_batch=True)
    with app.app_context():
        dialects.prepare_engine(db.engine)


def register(app: Flask) -> None:
    """Hang every slice's doors into the application."""
    for blueprint in (
        home_views.home,
        home_views.health,
        home_admin.staff,
        members_views.members,
        spaces_views.spaces,
        finder_views.finder,
        bookings_views.bookings,
        bookings_admin.staff_bookings,
    ):
        app.register_blueprint(blueprint)
    for command in (
        *home_cli.commands,
        *members_cli.commands,
        outbox_cli.worker,
        demo_cli.demo,
    ):
        app.cli.add_command(command)


def app_from_environment(_info: ScriptInfo | None = None) -> Flask:
    """Build the application that the environment describes, or stop with every mistake."""
    try:
        return create_app(Settings.from_env(os.environ))  # noqa: TID251 - the process's door
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@click.group(
    cls=FlaskGroup,
    create_app=app_from_environment,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
)
@click.version_option(__version__, prog_name="campus")
def cli() -> None:
    """Run a campus: spaces, bookings, people."""


def main() -> None:
    """Run the `campus` command."""
    sys.exit(cli.main())
