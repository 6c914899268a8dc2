"""Floors and their plans, for whoever runs the campus."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from campus import clock
from campus.db import db, unit_of_work
from campus.errors import RuleBroken, text
from campus.floorplan import pages, queries, service
from campus.floorplan.models import Proposal
from campus.floorplan.rules import Asked
from campus.floorplan.service import Wanted
from campus.spaces import service as spaces
from campus.spaces.models import SpaceKind
from campus.web import mails, svg
from campus.web.commands import as_json, refusals_told, tell

floors = AppGroup("floors", help="Add floors and give them plans.")


@floors.command()
@click.argument("code")
@click.option("--building", required=True, help="Code of its building; made where there is none.")
@click.option("--building-name", default="", help="Name of a building that is made.")
@click.option("--level", type=int, required=True, help="0 is the ground floor.")
@click.option("--name", default="", help="Its name; its code if left out.")
@as_json
def add(
    code: str, building: str, building_name: str, level: int, name: str, as_json: bool
) -> None:
    """Add a floor, so that spaces and a plan can be on it."""
    wanted = Wanted(code, name or code, level, building, building_name)
    with refusals_told(), unit_of_work():
        service.add_floor(wanted, campus=mails.settings().name, now=clock.now())
    said = f"Floor {code} ({wanted.name}) of building {building} is there. It has no plan yet."
    tell(said, {"code": code, "name": wanted.name, "building": building}, as_json=as_json)


@floors.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--floor", "floor_code", required=True, help="Code of the floor.")
@click.option(
    "--code",
    "template",
    default="{id}",
    show_default=True,
    help="What makes a space's code of a shape's id, such as 1.{id}; {floor} and {level} too.",
)
@click.option("--group", default="", help="Look for spaces in this group or layer only.")
@click.option("--without", multiple=True, help="Leave out this group or layer. May be repeated.")
@click.option(
    "--create-spaces",
    "kind",
    type=click.Choice([kind.value for kind in SpaceKind]),
    help="Make a space of this kind of every named shape that is none yet.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@as_json
def import_plan(file: Path, floor_code: str, dry_run: bool, as_json: bool, **how: object) -> None:
    """Give a floor the plan that FILE, an SVG drawing, shows."""
    asked = _asked(**how)  # type: ignore[arg-type]  # click knows what it hands over
    with refusals_told(), unit_of_work():
        spaces.hold()
        floor = queries.floor_by_code(floor_code)
        proposal = service.propose(_data(file), floor=floor, asked=asked)
        name = f"{floor.code} ({floor.name})"
        notices = service.store(proposal, floor=floor, actor=None, now=clock.now())
        if dry_run:
            db.session.rollback()
    data = pages.as_data(proposal, floor=floor_code, stored=not dry_run)
    data["notices"] = [*map(str, notices), *data["notices"]]  # type: ignore[misc]
    end = "Nothing was changed: this was a dry run." if dry_run else f"Floor {name} has its plan."
    tell("\n".join([*_told(proposal), *map(str, notices), end]), data, as_json=as_json)


def _asked(template: str, group: str, without: tuple[str, ...], kind: str | None) -> Asked:
    return Asked(template, group, without, kind)


def _data(file: Path) -> bytes:
    """Return a file, as far as a drawing may be long.

    Raises:
        RuleBroken: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(svg.LARGEST + 1)
    except OSError as error:
        raise RuleBroken(
            text("%(file)s cannot be read: %(why)s.", file=file, why=error.strerror)
        ) from error


def _told(proposal: Proposal) -> list[str]:
    """Return what a drawing does, with every name."""
    lines = [str(one) for one in pages.sentences(proposal)]
    lists = {
        "Shapes without a space": proposal.unknown,
        "Spaces without a shape": [one.code for one in proposal.shapeless],
        "Spaces that lose the shape they have": [one.code for one in proposal.lost],
    }
    lines += [f"{title} ({len(names)}): {', '.join(names)}." for title, names in lists.items()
              if names]  # fmt: skip
    return lines + [f"{key}: {reason}." for key, reason in proposal.refused]
