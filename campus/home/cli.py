"""The commands that run a campus: a first look, a server, migrations, a check-up."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from campus import clock
from campus.db import db, unit_of_work
from campus.errors import CampusError, Finding, Text
from campus.feeds import service as feeds
from campus.home import faults, service
from campus.home.service import Schema
from campus.settings import Settings
from campus.web.commands import NOT_READY, as_json, counted, refusals_told, tell

FIRST_LOOK = "campus.first_look"  # key in app.extensions
HERE = "127.0.0.1"
PORT = 8000
RUN_ELSEWHERE = "campus run --port {port} (make run PORT={port})"
SERVE_ELSEWHERE = "campus serve --port {port}"
USUAL_ADDRESS = next(field.default for field in fields(Settings) if field.name == "base_url")


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What a first look needs from slices that this one does not know; app.py hands it in.

    Attributes:
        fill: loads the demo where nothing is; says what was loaded, or nothing.
        log_ins: who can sign in, of the demo that is in this database: e-mail and who that is.
        start_worker: sends mail and does periodic work in this process; returns what stops it.
    """

    fill: Callable[[datetime], str]
    log_ins: Callable[[], Mapping[str, str]]
    start_worker: Callable[[Flask], Callable[[], None]]


def init(app: Flask, first_look: FirstLook) -> None:
    """Tell `campus run` what it shows."""
    app.extensions[FIRST_LOOK] = first_look


port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="Listen here."
)


@click.command()
@port_option
@with_appcontext
def run(port: int) -> None:
    """Serve a first look on this machine: everything in one process, with the demo campus."""
    from campus.home import delivery  # late: a server, which most commands do without

    app = current_app._get_current_object()  # type: ignore[attr-defined]  # behind the proxy
    look: FirstLook = app.extensions[FIRST_LOOK]
    address = f"http://{HERE}:{port}"
    with refusals_told(), delivery.only_one(_settings().data_dir, address=address) as before:
        listener = delivery.listening(HERE, port, elsewhere=RUN_ELSEWHERE)
        told = _settings().base_url
        app.extensions["campus.settings"] = _at_home(_settings(), address, before=before)
        _prepare(look, has_moved=_settings().base_url != told)  # what it writes holds this address
        words = _welcome(address, look.log_ins())
        db.session.remove()
        db.engine.dispose()  # the child that answers opens connections of its own
        hooks = delivery.Hooks(
            start_worker=look.start_worker,
            on_ready=lambda: click.echo(words),
            on_end=lambda: click.echo("Stopped."),
        )
        delivery.serve_here(app, listener=listener, hooks=hooks)


def _prepare(look: FirstLook, *, has_moved: bool) -> None:
    """Bring the database to head, and put the demo into an empty one.

    Args:
        has_moved: what calendars say holds another address than the one that is served now.
    """
    before = service.migrate()
    if before is Schema.EMPTY:
        click.echo(f"Made the database {_place()}; loading the demo campus takes a moment.")
    if has_moved:
        with unit_of_work():
            feeds.let_all_retell(now=clock.now())
    if loaded := look.fill(clock.now()):
        click.echo(loaded)


def _at_home(settings: Settings, address: str, *, before: str) -> Settings:
    """Return settings whose links lead here, unless somebody chose another address.

    Args:
        before: where the first look before this one served.
    """
    chosen = settings.base_url not in {USUAL_ADDRESS, before}
    return settings if chosen else replace(settings, base_url=address)


def _welcome(address: str, log_ins: Mapping[str, str]) -> str:
    lines = [f"campus is ready: {address}", ""]
    if log_ins:
        lines.append(f"Sign in with the password {_settings().demo_password} as")
        lines += [f"  {email:<24} {who}" for email, who in log_ins.items()]
        lines.append("")
    if not _settings().mail_url:
        lines.append(f"Mails do not leave; the front desk reads them: {address}/en/staff/outbox")
    lines.append("Stop with Ctrl-C.")
    return "\n".join(lines)


@click.command()
@click.option("--host", default=HERE, show_default=True, help="Address to listen on.")
@port_option
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=None,
    help="Processes that answer; two for each processor by default.",
)
@with_appcontext
def serve(host: str, port: int, workers: int | None) -> None:
    """Serve pages for real. HUP reloads without losing a request, TERM ends after the last one."""
    from campus.home import delivery  # late, see `run`

    with refusals_told():
        if service.require_known_schema() is not Schema.HEAD:
            raise CampusError(NOT_READY)
        delivery.listening(host, port, elsewhere=SERVE_ELSEWHERE).close()
    db.session.remove()
    db.engine.dispose()
    delivery.serve_instead(host=host, port=port, workers=workers or 2 * (os.cpu_count() or 1))


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to the schema of this campus; refuses a newer one."""
    with refusals_told():
        before = service.migrate()
    click.echo(
        "The database is at head already."
        if before is Schema.HEAD
        else f"The database is at head now: {_place()}."
    )


@click.command()
@as_json
@with_appcontext
def doctor(as_json: bool) -> None:
    """Prove that the data is sound; otherwise list what is not and end with 1."""
    with refusals_told():
        if service.require_known_schema() is not Schema.HEAD:
            raise CampusError(NOT_READY)
        findings = faults.examine(clock.now(), say=_say)
    told = sum(len(one.faults) for one in findings)
    lines = [line for one in findings for line in _lines(one)]
    lines.append(f"{counted(told, 'fault')} found." if told else "Everything is as it should be.")
    tell("\n".join(lines), {"sound": not told, "checked": _data(findings)}, as_json=as_json)
    if told:
        raise SystemExit(1)


def _say(checked: Text) -> None:
    """Tell somebody who watches what is looked into."""
    if sys.stderr.isatty():
        click.echo(f"… {checked}", err=True)


def _lines(finding: Finding) -> Iterator[str]:
    word = "FAULTS" if finding.faults else "sound "
    yield f"{word}  {finding.count:>9,}  {finding.seconds:6.1f} s  {finding.checked}"
    yield from (f"        {fault}" for fault in finding.faults)


def _data(findings: Sequence[Finding]) -> list[dict[str, object]]:
    return [
        {
            "code": one.code,
            "checked": str(one.checked),
            "count": one.count,
            "seconds": one.seconds,
            "faults": [str(fault) for fault in one.faults],
        }
        for one in findings
    ]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["campus.settings"]
    return settings


def _place() -> str:
    """Return where the database is, without its password."""
    url = db.engine.url
    return url.render_as_string(hide_password=True)


commands = (run, serve, migrate, doctor)
