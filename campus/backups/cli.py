"""`campus backup` and `campus restore`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from campus import clock
from campus.backups import service
from campus.backups.service import Drill, Proof, Tools
from campus.settings import Settings
from campus.web.commands import as_json, counted, refusals_told, tell

WIRING = "campus.backups"  # key in app.extensions
MEGABYTE = 1_000_000
TOLD = {"CAMPUS_BASE_URL", "CAMPUS_NAME", "CAMPUS_ADDRESS", "CAMPUS_LANGUAGES"}  # in calendars
WITH_FAULTS = 3  # exit code: the backup is good, what it holds has faults

file_argument = click.argument("file", type=click.Path(path_type=Path))


def init(app: Flask, tools: Tools) -> None:
    """Tell the commands how another database is opened, brought to head and looked into."""
    app.extensions[WIRING] = tools


@click.command()
@file_argument
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@as_json
@with_appcontext
def backup(file: Path, force: bool, as_json: bool) -> None:
    """Write database and uploads into FILE, as they are at one moment, while campus serves.

    FILE may be a folder: the backup then gets a name with the time in it.
    """
    now = clock.now()
    with refusals_told(), ended_politely():
        if file.is_dir():
            file = file / service.file_name(now)
        made = service.back_up(
            file.absolute(), settings=_settings(), force=force, now=now, say=_say
        )
    rows = sum(made.rows.values())
    uploads = len(made.parts) - 1
    said = (
        f"Backed up {counted(rows, 'row')} and {counted(uploads, 'upload')}: {file},"
        f" {made.size / MEGABYTE:,.1f} MB.\n"
        f"Prove it: campus restore {file} --check. The secret key is not in it: keep that apart."
    )
    data = {"file": str(file), "bytes": made.size, "rows": dict(made.rows), "uploads": uploads}
    tell(said, data, as_json=as_json)


@click.command()
@file_argument
@click.option("--check", is_flag=True, help="Prove that it could be restored; change nothing.")
@as_json
@with_appcontext
def restore(file: Path, check: bool, as_json: bool) -> None:
    """Put what FILE holds into an empty database and data folder, and look for faults in it.

    Ends with 0 when all is well, with 3 when it comes back with faults in its data, and with 1
    when it does not come back.
    """
    drill = Drill(_settings(), current_app.extensions[WIRING], clock.now(), _say)
    with refusals_told(), ended_politely():
        verb = service.check if check else service.restore
        proof = verb(file.absolute(), drill=drill)
    lines = [*_proven(proof), *_afterwards(proof, check=check)]
    manifest = proof.manifest
    data = {
        "made_at": manifest.made_at,
        "rows": dict(manifest.rows),
        "parts": len(manifest.parts),
        "restored": not check,
        "faults": [str(fault) for one in proof.findings for fault in one.faults],
    }
    tell("\n".join(lines), data, as_json=as_json)
    if proof.faults:
        raise SystemExit(WITH_FAULTS)


def _proven(proof: Proof) -> Iterator[str]:
    """Yield what was proven, a line each."""
    manifest = proof.manifest
    yield f"Backup of {manifest.made_at}, made by campus {manifest.campus}:"
    parts = counted(len(manifest.parts), "part")
    yield f"  whole   {parts}, each with the SHA-256 it was written with"
    rows = sum(manifest.rows.values())
    tables = counted(len(manifest.rows), "table")
    yield f"  back    {counted(rows, 'row')} in {tables}, as counted then"
    for one in proof.findings:
        if one.faults:
            yield f"  FAULTS  {one.checked}"
            yield from (f"          {fault}" for fault in one.faults)
    if not proof.faults:
        things = counted(len(proof.findings), "thing")
        yield f"  sound   doctor looked into {things} and found no fault"


def _afterwards(proof: Proof, *, check: bool) -> Iterator[str]:
    for name, then, now in proof.differing:
        yield f"  note    {name} was {then} then, and is {now} here"
    if proof.faults:
        faults = counted(proof.faults, "fault")
        yield f"It can be restored, with {faults} that it was made with."
    elif check:
        yield "It can be restored. Nothing here was changed."
    if not check:
        yield (
            "Restored. Without the old secret key everybody signs in again, and links in old mails"
            " are dead; calendar feeds go on. Start campus serve and campus worker."
        )
        if TOLD & {name for name, _then, _now in proof.differing}:
            yield "Run campus feeds retell first: calendars were told under the other settings."


@contextmanager
def ended_politely() -> Iterator[None]:
    """Let TERM, as a service manager sends it, clean up like ^C does."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _say(doing: str) -> None:
    """Tell somebody who watches what is being done."""
    if sys.stderr.isatty():
        click.echo(f"… {doing}", err=True)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["campus.settings"]
    return settings


commands = (backup, restore)
