"""The command that books what another calendar has."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from campus import clock
from campus.db import carry_out, db, unit_of_work
from campus.db.batches import batches
from campus.errors import CampusError, NotFound, Text, require, text
from campus.members import queries as members
from campus.members.models import Actor
from campus.schedule import answers, asking, queries, service, verdict
from campus.schedule.answers import Report
from campus.schedule.asking import Asked, Wanted
from campus.schedule.calendar import Party
from campus.schedule.models import Outcome, Row
from campus.schedule.queries import Place
from campus.schedule.service import Importing
from campus.spaces import service as spaces
from campus.spaces.models import Space, SpaceKind, SpaceState
from campus.web import mails
from campus.web.commands import as_json, mistakes_told, refusals_told, tell
from campus.web.remarks import Mistaken, Remark, Spot

AT_ONCE = 250  # rows in one transaction: others who book wait no longer than for that
KINDS = [kind.value for kind in SpaceKind if kind not in {"office_unit", "incubator_slot"}]
DAY = click.DateTime(["%Y-%m-%d"])

bookings = AppGroup("bookings", help="Look after bookings.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the command line says."""

    file: Path
    by: str
    organisation: str
    map: Path | None
    space: str | None
    create_spaces: str | None
    first: datetime | None
    until: datetime | None
    dry_run: bool
    as_json: bool

    @property
    def wanted(self) -> Wanted:
        """What of the file is wanted."""
        first, until = (at.date() if at else None for at in (self.first, self.until))
        return Wanted(self.file, self.map, self.space or "", first, until)


@bookings.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", required=True, help="E-mail address of the member of staff who imports.")
@click.option("--organisation", required=True, help="Code of the organisation it is booked for.")
@click.option(
    "--map",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML that says what the columns of a CSV mean.",
)
@click.option("--space", help="Code of the one space that all of the file is about.")
@click.option(
    "--create-spaces",
    type=click.Choice(KINDS),
    help="Make the spaces that the file names and nobody has made yet, of this kind.",
)
@click.option("--from", "first", type=DAY, help="The first day that is looked at.")
@click.option("--until", type=DAY, help="The day before which it stops.")
@click.option("--dry-run", is_flag=True, help="Say what would be booked, and book nothing.")
@as_json
def import_(**given: Any) -> None:
    """Book what FILE has: a schedule as CSV, or a calendar as .ics.

    Rules of the campus are told and set aside; only a place that is taken refuses. What was
    imported before is known again, so the same command can be run once more at any time.
    """
    chosen = Chosen(**given)
    if chosen.space and chosen.create_spaces:
        raise click.UsageError("Choose --space or --create-spaces: not both.")
    with mails.written_in("en"), refusals_told(), mistakes_told(as_json=chosen.as_json):
        report = _run(chosen, now=clock.now())
        tell(answers.in_words(report), answers.in_data(report), as_json=chosen.as_json)


def _run(chosen: Chosen, *, now: datetime) -> Report:
    actor, party = _party(chosen, now=now)
    asked = asking.asked_of(chosen.wanted, now=now)
    made, said = _prepare(asked, chosen, actor=actor, now=now)
    places = queries.places(asked.survey.places)
    kind = chosen.create_spaces
    planned = _planned(made, SpaceKind(kind)) if chosen.dry_run and kind else {}
    importing = Importing(
        actor=actor, party=party, places={**planned, **places}, is_trial=chosen.dry_run
    )
    outcome = _booked(importing, asked)
    return Report(outcome, asked.survey, chosen.dry_run, made, said)


def _party(chosen: Chosen, *, now: datetime) -> tuple[Actor, Party]:
    """Return who imports, and the person and organisation of the bookings; out of the session."""
    person = members.person_by_email(chosen.by.lower())
    if person is None or not person.active:
        raise NotFound(text("Nobody has the e-mail address %(email)s.", email=chosen.by))
    actor = members.actor_of(person)
    organisation = members.organisation_by_code(chosen.organisation)
    require(verdict.why_not_import(actor))
    db.session.expunge_all()
    return actor, Party(person, organisation, now)


def _prepare(
    asked: Asked, chosen: Chosen, *, actor: Actor, now: datetime
) -> tuple[list[str], list[Text]]:
    """Make the spaces that are not there yet, where that is wished; return their codes.

    Also returned is what was settled for kinds that nobody had said anything of.

    Raises:
        Mistaken: a space is not there, and shall not be made.
    """
    wanted = asked.survey.places
    places = queries.places(wanted)
    missing = [row for code, row in wanted.items() if code not in places]
    if missing and not chosen.create_spaces:
        raise Mistaken(_not_there(missing))
    kind = SpaceKind(chosen.create_spaces) if chosen.create_spaces else None
    if missing:
        require(verdict.why_not_add_places(actor))
    require(verdict.why_not_booked(places.values()))
    kinds = {place.space.kind for place in places.values() if place.space.rule is None}
    kinds |= {kind} if kind and missing else set()
    if chosen.dry_run or not kinds:
        return [row.code for row in missing], []
    with unit_of_work():
        spaces.hold()  # of two at once the second finds what the first has settled
        made = []
        if kind and missing:
            named = [(row.code, row.place[:120]) for row in missing]
            site = mails.settings().name
            made = service.add_places(actor=actor, wanted=named, kind=kind, site=site, now=now)
        return made, spaces.settle_terms(kinds)


def _not_there(missing: list[Row]) -> list[Remark]:
    return [
        Remark(
            Spot(line=row.line),
            text(
                "There is no space with the code %(code)s. Make it first, let --create-spaces KIND"
                " do so, or let a map call it by another code below [codes].",
                code=row.code,
            )
            if row.line
            else text("There is no space with the code %(code)s.", code=row.code),
        )
        for row in missing
    ]


def _planned(missing: Iterable[str], kind: SpaceKind) -> dict[str, Place]:
    """Return the spaces that a run would make, for one that only tries; their ids are no ids."""
    return {
        code.lower(): Place(
            Space(
                id=-number,
                code=code,
                name=code,
                kind=kind,
                state=SpaceState.ACTIVE,
                buffer_before_minutes=0,
                buffer_after_minutes=0,
            ),
            (-number,),
            is_planned=True,
        )
        for number, code in enumerate(missing, 2)
    }


def _booked(importing: Importing, asked: Asked) -> Outcome:
    """Book batch after batch, each of them whole."""
    outcome = Outcome()
    try:
        with _progress(asked.survey.rows) as step:
            for rows in batches(asked.rows(), AT_ONCE):
                if importing.is_trial:
                    done = importing.book_many(rows)
                    db.session.rollback()
                else:
                    done = carry_out(lambda: importing.book_many(rows))  # noqa: B023 - at once
                outcome.extend(done)
                step(len(rows))
    except KeyboardInterrupt as stop:
        raise click.ClickException(f"Stopped. {_stays(importing, outcome)}") from stop
    except CampusError as error:
        raise click.ClickException(f"{error.message} {_stays(importing, outcome)}") from error
    return outcome


def _stays(importing: Importing, outcome: Outcome) -> str:
    return "Nothing was booked." if importing.is_trial else answers.stays(outcome.booked)


@contextmanager
def _progress(rows: int) -> Iterator[Callable[[int], None]]:
    """Show how far it is on standard error: a bar on a terminal, else a line for each tenth."""
    if sys.stderr.isatty():
        with click.progressbar(length=rows, label="Booking", file=sys.stderr) as bar:
            yield bar.update
        return
    done, tenth = 0, max(rows // 10, AT_ONCE)

    def step(more: int) -> None:
        nonlocal done
        before, done = done, done + more
        if before // tenth != done // tenth and rows > tenth:
            click.echo(f"{done:,} of {rows:,} rows", err=True)

    yield step
