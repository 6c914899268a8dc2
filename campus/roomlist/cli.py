"""`campus spaces import`: a list of spaces out of a spreadsheet or another system."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup

from campus import clock
from campus.roomlist import answers, pages
from campus.roomlist.asking import asked_of
from campus.roomlist.listing import LIMITS
from campus.roomlist.models import Upload
from campus.web import delimited, mails, maps
from campus.web.commands import as_json, mistakes_told, refusals_told, tell

EVERY = 5_000  # lines, where the progress is told in lines
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)

spaces = AppGroup("spaces", help="Look after spaces.")


@spaces.command("import")
@click.argument("file", type=FILE)
@click.option("--map", "map_file", type=FILE, help="What the list calls things: a map (TOML).")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_json
def import_list(file: Path, map_file: Path | None, dry_run: bool, as_json: bool) -> None:
    """Import the spaces that FILE lists: CSV, also as Dutch Excel writes it, or JSON.

    All or nothing. What the list says is added or changed; what it does not mention stays.
    """
    with mails.written_in("en"), refusals_told(), mistakes_told(as_json=as_json), stoppable():
        upload = _upload(file, map_file)
        with Progress() as progress:
            asked = asked_of(upload, step=progress)
        progress.say(f"Comparing {len(asked.wanted)} spaces with the campus …")
        now = clock.now()
        outcome = (
            answers.rehearse(asked, actor=None, now=now)
            if dry_run
            else answers.carry_out(asked, actor=None, now=now)
        )
        found = outcome.asked, outcome.plan, outcome.notices
        words = pages.told(*found, is_done=not dry_run)
        tell(words, pages.data(*found, is_done=not dry_run), as_json=as_json)


def _upload(file: Path, map_file: Path | None) -> Upload:
    """Read both files.

    Raises:
        Mistaken: the list is too big to be one, or the map is no text.
        ClickException: one of them cannot be read.
    """
    try:
        delimited.refuse_too_big(file.stat().st_size, limits=LIMITS)
        words = maps.decoded(map_file.read_bytes()) if map_file else None
        return Upload(file.name, file.read_bytes(), words)
    except OSError as error:
        raise click.ClickException(
            f"{error.filename} cannot be read ({error.strerror})."
        ) from error


@contextmanager
def stoppable() -> Iterator[None]:
    """Say after Ctrl-C what became of the import: nothing, for it is all or nothing."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise click.ClickException("Stopped. Nothing was imported.") from error


class Progress:
    """How far a long list is read: a bar on a terminal, otherwise now and then a line."""

    def __init__(self) -> None:
        self.is_terminal = sys.stderr.isatty()
        self.is_long = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_long and self.is_terminal:
            click.echo(err=True)

    def __call__(self, done: int, total: int) -> None:
        """Tell that `done` of `total` lines are read."""
        if total < EVERY:
            return
        self.is_long = True
        if self.is_terminal and done % (total // 50) == 0:
            click.echo(
                f"\rReading [{'#' * (done * 30 // total):<30}] {done * 100 // total:3} %",
                nl=False,
                err=True,
            )
        elif not self.is_terminal and done % EVERY == 0:
            click.echo(f"Read {done} of {total} lines.", err=True)

    def say(self, words: str) -> None:
        """Tell what comes next, where it takes a moment."""
        if self.is_long:
            click.echo(words, err=True)
