"""What every command shares: a refusal is a sentence and exit code 1; data is printed as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
from sqlalchemy.exc import DBAPIError

from campus.db import dialects
from campus.errors import CampusError

NOT_READY = "The database is not ready for this campus. Run campus migrate first."

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@contextmanager
def refusals_told() -> Iterator[None]:
    """End the command with the sentence of a refusal instead of a trace."""
    try:
        yield
    except CampusError as error:
        raise click.ClickException(str(error.message)) from error
    except DBAPIError as error:
        said = str(error.orig).strip().partition("\n")[0]
        if dialects.has_no_tables(error):
            raise click.ClickException(NOT_READY) from error
        raise click.ClickException(f"The database cannot be used: {said}.") from error


def counted(number: int, word: str) -> str:
    """Return a number of things in English: "1 fault", "1,200 faults"."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def tell(sentences: str, data: Mapping[str, object], *, as_json: bool) -> None:
    """Print what was done: sentences for people, or the same as JSON for programs."""
    click.echo(json.dumps(data, ensure_ascii=False) if as_json else sentences)
