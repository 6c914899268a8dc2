"""What every command shares: a refusal is a sentence and exit code 1; data is printed as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import click
from sqlalchemy.exc import DBAPIError

from campus.db import dialects
from campus.errors import CampusError
from campus.web.remarks import Mistaken, Remark, where
from campus.web.templating import in_words

MOST_SHOWN = 200  # lines of each list; all of them are in the JSON
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


# --- files that are imported ------------------------------------------------------------------


def remarks(found: Iterable[Remark]) -> list[str]:
    """Return remarks as lines, each behind its place."""
    return [
        f"{in_words(place)}: {in_words(one.message)}"
        if (place := where(one.spot))
        else str(in_words(one.message))
        for one in found
    ]


def remarks_data(found: Iterable[Remark]) -> list[Mapping[str, object]]:
    """Return remarks with their places, for programs."""
    return [
        {
            "line": one.spot.line or None,
            "column": one.spot.column or None,
            "path": one.spot.path or None,
            "message": str(in_words(one.message)),
        }
        for one in found
    ]


def section(title: str, lines: Sequence[str]) -> list[str]:
    """Return a list below its title; nothing for an empty one."""
    return [f"{title} ({len(lines)}):", *(f"  {line}" for line in cut(lines))] if lines else []


def cut(lines: Sequence[str]) -> list[str]:
    """Return as many lines as people read, and how many there are besides."""
    more = len(lines) - MOST_SHOWN
    return [*lines[:MOST_SHOWN], f"and {more} more; --json lists all"] if more > 0 else [*lines]


@contextmanager
def mistakes_told(*, as_json: bool) -> Iterator[None]:
    """Print everything that is wrong with a file before the sentence that refuses it."""
    try:
        yield
    except Mistaken as refused:
        if as_json:
            data = {
                "imported": False,
                "mistakes": remarks_data(refused.mistakes),
                "warnings": remarks_data(refused.warnings),
            }
            click.echo(json.dumps(data, ensure_ascii=False))
        else:
            lines = section("Warnings", remarks(refused.warnings))
            click.echo("\n".join([*lines, *cut(remarks(refused.mistakes))]), err=True)
        raise
