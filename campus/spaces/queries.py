"""Questions about spaces, floors and hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from campus.db import db
from campus.errors import NotFound, Spoken, text
from campus.spaces.models import (
    BookingRule,
    Feature,
    Floor,
    OpeningHours,
    Site,
    Space,
    SpaceFeature,
    SpaceKind,
    SpacePart,
    SpaceState,
    Zone,
)
from campus.spaces.rules import Hours, Opening, opening_of, public_holidays

MOST_CODE = 40


def space_by_code(code: str) -> Space:
    """Return the space with this code, in any case of letters; drafts are not there yet.

    Raises:
        NotFound: there is none.
    """
    space = db.session.scalar(_with_place().where(Space.code_key == code[:MOST_CODE].lower()))
    if space is None or space.state is SpaceState.DRAFT:
        raise NotFound(text("There is no space called %(code)s.", code=code[:MOST_CODE]))
    return space


def space_by_id(space_id: int) -> Space:
    """Return a space that is known to exist."""
    return db.session.scalars(_with_place().where(Space.id == space_id)).one()


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


def filters() -> list[Feature]:
    """Return the features offered as wishes, in their order."""
    query = select(Feature).where(Feature.is_filter).order_by(Feature.position)
    return list(db.session.scalars(query))


def floors() -> list[Floor]:
    """Return all floors with their zones, ground floor first."""
    query = select(Floor).options(selectinload(Floor.zones)).order_by(Floor.level, Floor.id)
    return list(db.session.scalars(query))


def zones_by_code(codes: Sequence[str]) -> list[Zone]:
    """Return the zones with these codes."""
    return list(db.session.scalars(select(Zone).where(Zone.code.in_(codes))))


def parts_of(space: Space) -> list[Space]:
    """Return what a claim on `space` claims: its parts, or itself."""
    return space.parts or [space]


def wholes_of(space_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return, by id of a combined room, the ids of its parts."""
    found: dict[int, list[int]] = {}
    for part in db.session.scalars(select(SpacePart).where(SpacePart.whole_id.in_(space_ids))):
        found.setdefault(part.whole_id, []).append(part.part_id)
    return found


def all_parts() -> dict[int, list[int]]:
    """Return the parts of every combined room, by its id."""
    found: dict[int, list[int]] = {}
    for part in db.session.scalars(select(SpacePart)):
        found.setdefault(part.whole_id, []).append(part.part_id)
    return found


def booking_rule(kind: SpaceKind) -> BookingRule:
    """Return what a kind may be booked for.

    Raises:
        NotFound: the campus never said.
    """
    rule = db.session.scalar(select(BookingRule).where(BookingRule.kind == kind))
    if rule is None:
        raise NotFound(text("Nobody has set yet how a space like this is booked."))
    return rule


def booking_rules() -> dict[SpaceKind, BookingRule]:
    """Return the booking rules of every kind."""
    return {rule.kind: rule for rule in db.session.scalars(select(BookingRule))}


def opening(kind: SpaceKind, *, first: date, last: date) -> Opening:
    """Return when `kind` is open from `first` to `last`, both included. Two queries."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return opening_of(days, rows=_hours(first, last), kind=kind, off=_off(days))


def _with_place() -> Select[Space]:
    return select(Space).options(
        joinedload(Space.floor), joinedload(Space.zone), selectinload(Space.parts)
    )


def _hours(first: date, last: date) -> list[Hours]:
    rows = db.session.scalars(
        select(OpeningHours).where(
            OpeningHours.on_day.is_(None) | OpeningHours.on_day.between(first, last)
        )
    )
    return [
        Hours(
            kind=row.kind,
            weekday=row.weekday,
            on_day=row.on_day,
            opens=row.opens,
            closes=row.closes,
            reason=Spoken(nl=row.reason_nl, en=row.reason_en),
        )
        for row in rows
    ]


def _off(days: Sequence[date]) -> dict[date, Spoken]:
    site = db.session.scalar(select(Site).order_by(Site.id).limit(1))
    if site is None or not site.closes_on_holidays:
        return {}
    known: dict[date, Spoken] = {}
    for year in {day.year for day in days}:
        known |= public_holidays(year, with_good_friday=site.closes_on_good_friday)
    return {day: known[day] for day in days if day in known}
