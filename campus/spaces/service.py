"""Begin a campus of one's own: its ground, and what holds where nobody has said anything yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from sqlalchemy import exists, select

from campus.db import db
from campus.errors import Text, text
from campus.spaces.models import (
    BookingRule,
    Building,
    Floor,
    OpeningHours,
    Site,
    Space,
    SpaceKind,
    Unit,
)
from campus.spaces.policy import MANY

OPENS, CLOSES = time(8), time(18)
WORKING_DAYS = range(5)
QUARTER: dict[str, Any] = {"unit": Unit.MINUTES, "grid_minutes": 15, "shortest_minutes": 15}
MONTHLY: dict[str, Any] = {"unit": Unit.MONTH, "longest_minutes": None, "horizon_days": 0}
USUAL_RULES: dict[SpaceKind, dict[str, Any]] = {
    SpaceKind.DESK: {
        "unit": Unit.DAY,
        "grid_minutes": 15,
        "shortest_minutes": 60,
        "longest_days": 5,
        "horizon_days": 14,
        "one_per_person": True,
    },
    SpaceKind.MEETING_ROOM: {"longest_minutes": 8 * 60, "horizon_days": 60, **QUARTER},
    SpaceKind.PHONE_BOOTH: {"longest_minutes": 120, "horizon_days": 7, **QUARTER},
    SpaceKind.EVENT_SPACE: {"longest_minutes": 12 * 60, "horizon_days": 180, **QUARTER},
    SpaceKind.OFFICE_UNIT: MONTHLY,
    SpaceKind.INCUBATOR_SLOT: MONTHLY,
    SpaceKind.PARKING: {
        "unit": Unit.DAY,
        "grid_minutes": 15,
        "shortest_minutes": 60,
        "longest_days": 5,
        "horizon_days": 14,
        "one_per_person": True,
    },
}


def site_of(name: str, *, address: str = "") -> Site:
    """Return the campus's ground; the first to ask makes it, under the campus's name."""
    site = db.session.scalar(select(Site).order_by(Site.id).limit(1))
    if site is None:
        site = Site(code="campus", name=name, address=address)
        db.session.add(site)
        db.session.flush()
    return site


def add_building(*, site: Site, code: str, name: str) -> Building:
    """Add a building to a site."""
    building = Building(site_id=site.id, code=code, name=name)
    db.session.add(building)
    db.session.flush()
    return building


def add_floor(*, building: Building, code: str, name: str, level: int) -> Floor:
    """Add a floor to a building; it has no plan yet.

    Args:
        level: 0 is the ground floor.
    """
    floor = Floor(building_id=building.id, code=code, name=name, level=level)
    db.session.add(floor)
    db.session.flush()
    return floor


def add_space(*, code: str, name: str, kind: SpaceKind, floor: Floor | None) -> Space:
    """Add a space that can be booked at once; what nobody said of it stays unknown.

    Raises:
        IntegrityError: the code is taken, in any case; `unit_of_work` makes it a Conflict.
    """
    space = Space(code=code, name=name, kind=kind, floor_id=floor.id if floor else None)
    db.session.add(space)
    db.session.flush()
    return space


def settle_terms(kinds: Iterable[SpaceKind]) -> list[Text]:
    """Let usual rules and hours hold where nobody has set any, and say so.

    Without them nothing of these kinds could be booked. Kinds that have a rule keep it, and so
    does a campus that has any opening hours.
    """
    known = set(db.session.scalars(select(BookingRule.kind)))
    missing = [kind for kind in SpaceKind if kind in set(kinds) - known]
    for kind in missing:
        db.session.add(BookingRule(kind=kind, **USUAL_RULES[kind]))
    said = [
        text("%(kind)s: nobody had set how they are booked; usual rules hold.", kind=MANY[kind])
        for kind in missing
    ]
    if not db.session.scalar(select(exists().select_from(OpeningHours))):
        db.session.add_all(
            OpeningHours(weekday=day, opens=OPENS, closes=CLOSES) for day in WORKING_DAYS
        )
        said.append(
            text(
                "Nobody had set opening hours: Monday to Friday, %(opens)s to %(closes)s, hold.",
                opens=f"{OPENS:%H:%M}",
                closes=f"{CLOSES:%H:%M}",
            )
        )
    db.session.flush()
    return said
