"""What a floor's drawing is hung onto: the spaces there are, and the floors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from campus.db import db
from campus.errors import NotFound, text
from campus.floorplan.models import Known
from campus.spaces.models import Building, Floor, Space, SpacePart, SpaceState
from campus.web.plans import box_of

LONGEST_CODE = 40  # of what is repeated to who asked for it


@dataclass(frozen=True, slots=True)
class Storey:
    """A floor, with how many spaces it has and how many of those have a shape."""

    code: str
    name: str
    level: int
    building: str
    spaces: int
    drawn: int
    has_plan: bool


def floor_by_code(code: str) -> Floor:
    """Return a floor with its building, by its code in any case of letters.

    Raises:
        NotFound: there is none with this code.
    """
    query = select(Floor).options(joinedload(Floor.building))
    floor = db.session.scalar(query.where(func.lower(Floor.code) == code.lower()))
    if floor is None:
        codes = ", ".join(db.session.scalars(select(Floor.code).order_by(Floor.level, Floor.id)))
        if not codes:
            raise NotFound(text("The campus has no floors yet."))
        raise NotFound(
            text(
                "There is no floor called %(code)s. There are: %(codes)s.",
                code=code[:LONGEST_CODE],
                codes=codes,
            )
        )
    return floor


def known_spaces(floor_id: int) -> list[Known]:
    """Return every space of the campus, in its order, as a drawing of this floor sees it."""
    is_whole = exists().where(SpacePart.whole_id == Space.id)
    query = (
        select(Space, is_whole, Floor.code)
        .outerjoin(Floor, Floor.id == Space.floor_id)
        .order_by(Space.position, Space.code_key)
    )
    return [
        Known(
            id=space.id,
            code=space.code,
            name=space.name,
            kind=space.kind,
            floor="" if space.floor_id == floor_id else floor or "",
            is_here=space.floor_id == floor_id,
            is_retired=space.state is SpaceState.RETIRED,
            is_whole=bool(whole),
            box=box_of(space),
            path=space.plan_path,
        )
        for space, whole, floor in db.session.execute(query)
    ]


def storeys() -> Sequence[Storey]:
    """Return every floor, building by building from the ground up."""
    is_whole = exists().where(SpacePart.whole_id == Space.id)
    mine = (Space.floor_id == Floor.id) & (Space.state != SpaceState.RETIRED) & ~is_whole
    query = (
        select(
            Floor.code, Floor.name, Floor.level, Building.name.label("building"),
            func.count(Space.id).label("spaces"), func.count(Space.plan_x).label("drawn"),
            (Floor.width > 0).label("has_plan"),
        )
        .join(Building, Building.id == Floor.building_id)
        .outerjoin(Space, mine)
        .group_by(Floor.id, Building.id)
        .order_by(Building.name, Floor.level, Floor.id)
    )  # fmt: skip
    return [
        Storey(
            code=row.code, name=row.name, level=row.level, building=row.building,
            spaces=row.spaces, drawn=row.drawn, has_plan=bool(row.has_plan),
        )
        for row in db.session.execute(query)
    ]  # fmt: skip
