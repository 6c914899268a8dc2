"""The organisations of the demo, all invented: 38 residents and 42 associated."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files

from campus.demo.shapes import Words
from campus.members.models import CAMPUS_CODE, Relation


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """An organisation of the demo.

    Attributes:
        stage: of a resident: incubator, start-up or scale-up.
        people: how many of its people have an account.
        zone: code of the zone where its people like to sit; empty for no preference.
        line: what it makes.
    """

    code: str
    name: str
    relation: Relation
    stage: str
    sector: str
    people: int
    zone: str
    line: Words


CAMPUS = DemoOrganisation(
    code=CAMPUS_CODE,
    name="Noorderkwartier",
    relation=Relation.CAMPUS,
    stage="",
    sector="campus",
    people=4,
    zone="entree",
    line=Words("De campus zelf", "The campus itself"),
)


def organisations(scale: int) -> list[DemoOrganisation]:
    """Return the campus, its residents and associates, and copies of those for a larger demo."""
    first = list(_rows())
    copies = (_copy(one, number) for number in range(2, scale + 1) for one in first)
    return [CAMPUS, *first, *copies]


def _rows() -> Iterator[DemoOrganisation]:
    with (files("campus.demo") / "organisations.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            yield DemoOrganisation(
                code=row["code"],
                name=row["name"],
                relation=Relation(row["relation"]),
                stage=row["stage"],
                sector=row["sector"],
                people=int(row["people"]),
                zone=row["zone"],
                line=Words(row["line_nl"], row["line_en"]),
            )


def _copy(one: DemoOrganisation, number: int) -> DemoOrganisation:
    zone = f"b{number}-{one.zone}" if one.zone else ""
    return replace(one, code=f"{one.code}-{number}", name=f"{one.name} {number}", zone=zone)
