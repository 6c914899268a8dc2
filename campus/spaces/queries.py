"""Questions about spaces, floors and hours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Date, Select, bindparam, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from campus.clock import Period
from campus.db import db
from campus.errors import NotFound, Spoken, text
from campus.spaces.models import (
    MOST_CODE,
    BookingRule,
    Building,
    Closure,
    Feature,
    Floor,
    OpeningHours,
    Site,
    Space,
    SpaceFeature,
    SpaceKind,
    SpacePart,
    SpaceState,
)
from campus.spaces.rules import Hours, Opening, opening_of, public_holidays

# One space with all that booking it asks of, in a single statement. What every request asks is
# put together once: SQLAlchemy then knows it again by itself.
ALONE = select(Space).options(
    joinedload(Space.floor).joinedload(Floor.building),
    joinedload(Space.zone),
    joinedload(Space.rule),
    joinedload(Space.parts),
)
BY_CODE = ALONE.where(Space.code_key == bindparam("code"))
BY_ID = ALONE.where(Space.id == bindparam("id"))


def space_by_code(code: str) -> Space:
    """Return the space with this code, in any case of letters; drafts are not there yet.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(BY_CODE, {"code": code[:MOST_CODE].lower()})
    space = found.unique().one_or_none()
    if space is None or space.state is SpaceState.DRAFT:
        raise NotFound(text("There is no place called %(code)s.", code=code[:MOST_CODE]))
    return space


def space_by_id(space_id: int) -> Space:
    """Return a space that is known to exist."""
    return db.session.scalars(BY_ID, {"id": space_id}).unique().one()


def spaces_by_ids(ids: Collection[int]) -> dict[int, Space]:
    """Return spaces of any state by their ids; no query for none."""
    if not ids:
        return {}
    found = db.session.scalars(_with_place().where(Space.id.in_(ids)))
    return {space.id: space for space in found}


def spaces_on_floor(floor_id: int) -> list[Space]:
    """Return the active spaces of a floor, to draw them; nothing beside them is loaded."""
    query = select(Space).where(Space.floor_id == floor_id, Space.state == SpaceState.ACTIVE)
    return list(db.session.scalars(query.order_by(Space.position, Space.id)))


def floor_by_code(code: str) -> Floor | None:
    """Return the floor with this code, in any case of letters."""
    return db.session.scalar(select(Floor).where(func.lower(Floor.code) == code.lower()))


def building_by_code(code: str) -> Building | None:
    """Return the building with this code, in any case of letters."""
    return db.session.scalar(select(Building).where(func.lower(Building.code) == code.lower()))


def floors() -> Sequence[Floor]:
    """Return every floor, from the ground up."""
    return db.session.scalars(select(Floor).order_by(Floor.level, Floor.id)).all()


def spaces_by_kind(kinds: Sequence[SpaceKind]) -> list[Space]:
    """Return the active spaces of some kinds with floor and zone, in the campus's order."""
    query = (
        _with_place()
        .where(Space.kind.in_(kinds), Space.state == SpaceState.ACTIVE)
        .order_by(Space.position, Space.code_key)
    )
    return list(db.session.scalars(query))


def features_of(space_ids: Sequence[int] | None = None) -> dict[int, list[SpaceFeature]]:
    """Return the features of spaces (all, or some), each with its entry of the list, by space."""
    query = (
        select(SpaceFeature)
        .options(joinedload(SpaceFeature.feature))
        .join(Feature)
        .order_by(SpaceFeature.space_id, Feature.position)
    )
    if space_ids is not None:
        query = query.where(SpaceFeature.space_id.in_(space_ids))
    found: dict[int, list[SpaceFeature]] = {}
    for feature in db.session.scalars(query):
        found.setdefault(feature.space_id, []).append(feature)
    return found


def parts_of(space: Space) -> list[Space]:
    """Return what a claim on `space` claims: its parts, or itself."""
    return space.parts or [space]


def all_parts() -> dict[int, list[int]]:
    """Return the parts of every combined room, by its id."""
    found: dict[int, list[int]] = {}
    for part in db.session.scalars(select(SpacePart)):
        found.setdefault(part.whole_id, []).append(part.part_id)
    return found


def is_in_force() -> ColumnElement[bool]:
    """Return the condition that a closure was not called off before it began."""
    return or_(Closure.lifted_at.is_(None), Closure.lifted_at > Closure.starts_at)


def retired_by(space_id: int) -> Closure | None:
    """Return the closure that takes a space out of use for good, where one does."""
    query = select(Closure).where(
        Closure.space_id == space_id, Closure.is_final, Closure.lifted_at.is_(None)
    )
    return db.session.scalar(query.order_by(Closure.id.desc()).limit(1))


def closures_during(period: Period) -> list[Closure]:
    """Return what is closed for a while during `period`, with its space, in the campus's order."""
    query = (
        select(Closure)
        .join(Space)
        .options(joinedload(Closure.space))
        .where(
            is_in_force(),
            Closure.is_final.is_(False),
            Closure.starts_at < period.end,
            or_(Closure.ends_at.is_(None), Closure.ends_at > period.starts_at),
        )
        .order_by(Space.position, Space.code_key, Closure.starts_at)
    )
    return list(db.session.scalars(query))


def together(closures: Iterable[Closure]) -> dict[str, list[Closure]]:
    """Return closures by the code of what was closed together, in the order they come."""
    groups: dict[str, list[Closure]] = {}
    for closure in closures:
        groups.setdefault(closure.code, []).append(closure)
    return groups


def booking_rule(kind: SpaceKind) -> BookingRule:
    """Return what a kind may be booked for.

    Raises:
        NotFound: the campus never said.
    """
    rule = db.session.get(BookingRule, kind)  # no query where a space came with its rule
    if rule is None:
        raise NotFound(text("Nobody has set yet how a place like this is booked."))
    return rule


def booking_rules() -> dict[SpaceKind, BookingRule]:
    """Return the booking rules of every kind."""
    return {rule.kind: rule for rule in db.session.scalars(select(BookingRule))}


def opening(kind: SpaceKind, *, first: date, last: date) -> Opening:
    """Return when `kind` is open from `first` to `last`, both included. One query."""
    return openings([kind], first=first, last=last)[kind]


def openings(kinds: Iterable[SpaceKind], *, first: date, last: date) -> dict[SpaceKind, Opening]:
    """Return when some kinds are open from `first` to `last`, both included. One query."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = db.session.execute(HOURS, {"first": first, "last": last}).all()
    rows = [Hours(row[0], row[1], row[2], row[3], row[4], Spoken(row[5], row[6])) for row in found]
    off = _off(days, with_good_friday=found[0][8]) if found and found[0][7] else {}
    return {kind: opening_of(days, rows=rows, kind=kind, off=off) for kind in kinds}


SITE = (
    select(Site.closes_on_holidays, Site.closes_on_good_friday)
    .order_by(Site.id)
    .limit(1)
    .subquery()
)
HOURS = (
    select(
        OpeningHours.kind, OpeningHours.weekday, OpeningHours.on_day, OpeningHours.opens,
        OpeningHours.closes, OpeningHours.reason_nl, OpeningHours.reason_en,
        SITE.c.closes_on_holidays, SITE.c.closes_on_good_friday,
    )
    .outerjoin(SITE, true())
    .where(
        or_(
            OpeningHours.on_day.is_(None),
            OpeningHours.on_day.between(
                bindparam("first", type_=Date), bindparam("last", type_=Date)
            ),
        )
    )
)  # fmt: skip


def site() -> Site | None:
    """Return the campus's ground, where somebody made it."""
    return db.session.scalar(select(Site).order_by(Site.id).limit(1))


def holidays(*, first: date, last: date) -> dict[date, Spoken]:
    """Return the public holidays from `first` to `last` on which this campus closes."""
    ground = site()
    if ground is None or not ground.closes_on_holidays:
        return {}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return _off(days, with_good_friday=ground.closes_on_good_friday)


def _with_place() -> Select[Space]:
    return select(Space).options(
        joinedload(Space.floor), joinedload(Space.zone), selectinload(Space.parts)
    )


def _off(days: Sequence[date], *, with_good_friday: bool) -> dict[date, Spoken]:
    known: dict[date, Spoken] = {}
    for year in {day.year for day in days}:
        known |= public_holidays(year, with_good_friday=with_good_friday)
    return {day: known[day] for day in days if day in known}
