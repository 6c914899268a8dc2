"""Begin a campus of one's own: its ground, and what holds where nobody has said anything yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import delete, exists, select

from campus.db import db, dialects
from campus.errors import Spoken, Text, text
from campus.spaces.models import (
    BookingRule,
    Building,
    Floor,
    OpeningHours,
    Site,
    Space,
    SpaceKind,
    Unit,
    check_code,
)
from campus.spaces.policy import MANY

OPENS, CLOSES = time(8), time(18)
WORKING_DAYS = range(5)
UNSAID = Spoken("", "")
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


def hold() -> None:
    """Let one transaction at a time change the building, and look at it as it is from here on.

    Codes differ in more than their capitals; beside this lock nothing sees to that where two
    floors, or two buildings, are made at once.
    """
    dialects.lock_name(db.session(), "premises")
    db.session.expire_all()


def site_of(name: str, *, address: str = "") -> Site:
    """Return the campus's ground; the first to ask makes it, under the campus's name."""
    site = db.session.scalar(select(Site).order_by(Site.id).limit(1))
    if site is None:
        site = Site(code="campus", name=name, address=address)
        db.session.add(site)
        db.session.flush()
    return site


def add_building(*, site: Site, code: str, name: str) -> Building:
    """Add a building to a site.

    Raises:
        RuleBroken: its code is none.
    """
    check_code(code)
    building = Building(site_id=site.id, code=code, name=name)
    db.session.add(building)
    db.session.flush()
    return building


def add_floor(*, building: Building, code: str, name: str, level: int) -> Floor:
    """Add a floor to a building; it has no plan yet.

    Args:
        level: 0 is the ground floor.

    Raises:
        RuleBroken: its code is none.
    """
    check_code(code)
    floor = Floor(building_id=building.id, code=code, name=name, level=level)
    db.session.add(floor)
    db.session.flush()
    return floor


def add_space(*, code: str, name: str, kind: SpaceKind, floor: Floor | None) -> Space:
    """Add a space that can be booked at once; what nobody said of it stays unknown.

    Raises:
        RuleBroken: its code is none.
        IntegrityError: the code is taken, in any case; `unit_of_work` makes it a Conflict.
    """
    check_code(code)
    space = Space(code=code, name=name, kind=kind, floor_id=floor.id if floor else None)
    db.session.add(space)
    db.session.flush()
    return space


def set_week(kind: SpaceKind | None, days: Sequence[tuple[time | None, time | None]]) -> None:
    """Let other hours hold from Monday to Sunday, for a kind or for all without their own.

    A closed day has a row as well: without it, a kind that is never open had no hours of its own.
    """
    forget_week(kind)
    db.session.add_all(
        OpeningHours(kind=kind, weekday=weekday, opens=opens, closes=closes)
        for weekday, (opens, closes) in enumerate(days)
    )


def forget_week(kind: SpaceKind | None) -> None:
    """Let a kind have no weekly hours of its own any more."""
    db.session.execute(
        delete(OpeningHours).where(
            OpeningHours.weekday.is_not(None), OpeningHours.kind.is_not_distinct_from(kind)
        )
    )


def set_hours_on(
    day: date,
    *,
    kind: SpaceKind | None,
    hours: tuple[time, time] | None,
    reason: Spoken = UNSAID,
) -> None:
    """Let other hours hold on one day, in place of what was said of it before; None closes it."""
    forget_hours_on(day, kind=kind)
    opens, closes = hours or (None, None)
    db.session.add(
        OpeningHours(
            kind=kind,
            on_day=day,
            opens=opens,
            closes=closes,
            reason_nl=reason.nl,
            reason_en=reason.en,
        )
    )


def forget_hours_on(day: date, *, kind: SpaceKind | None) -> None:
    """Let a day be as its weekday, or its holiday, is."""
    db.session.execute(
        delete(OpeningHours).where(
            OpeningHours.on_day == day, OpeningHours.kind.is_not_distinct_from(kind)
        )
    )


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


def lift(space: Space, *, off_plan: bool) -> None:
    """Take a space out of the island where it stood, or off the plan of its floor."""
    space.island_id = space.island_row = space.island_column = None
    if off_plan:
        space.plan_x = space.plan_y = space.plan_width = space.plan_height = space.chair = None
        space.plan_path = ""
