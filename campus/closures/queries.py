"""Questions about closures: which there are, whom they met."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from campus.bookings.models import Booking
from campus.clock import Period
from campus.closures.models import ClosureMet
from campus.closures.rules import FAR
from campus.db import db, dialects
from campus.errors import NotFound, text
from campus.occupancy.models import Occupancy
from campus.spaces.models import Closure, Floor, Space, SpaceKind, SpacePart, SpaceState, Zone
from campus.spaces.queries import is_in_force

MOST_PAST = MOST_RETIRED = 30


def closure_by_code(code: str) -> list[Closure]:
    """Return what was closed together under a code, a row for each space.

    Raises:
        NotFound: there is none.
    """
    query = _whole().where(Closure.code == code).order_by(Space.position, Space.code_key)
    found = list(db.session.scalars(query))
    if not found:
        raise NotFound(text("There is no closure %(code)s.", code=code[:10]))
    return found


def closure_to_change(code: str) -> list[Closure]:
    """Return a closure like `closure_by_code`, locked until the unit of work ends."""
    lock(Closure.code == code)
    return closure_by_code(code)


def lock(which: ColumnElement[bool]) -> None:
    """Lock some closures in the order of id; before bookings, people and spaces."""
    dialects.lock_rows(db.session(), select(Closure.id).where(which).order_by(Closure.id))


def code_by_idem(idem: str) -> str | None:
    """Return the closure that a form with this key made, or made longer last, if one did."""
    return db.session.scalar(select(Closure.code).where(Closure.idem == idem).limit(1))


def current(now: datetime) -> list[Closure]:
    """Return what is closed or will be, by when that begins; not what is retired already."""
    query = _whole().where(_lasts(now), ~_is_retired(now))
    return list(
        db.session.scalars(query.order_by(Closure.starts_at, Closure.code, Space.position))
    )


def retired(now: datetime) -> tuple[list[Closure], int]:
    """Return what was retired last, latest first, and how many closures were before that."""
    gone = and_(_lasts(now), _is_retired(now))
    codes = select(Closure.code).where(gone).group_by(Closure.code)
    total = db.session.scalar(select(func.count()).select_from(codes.subquery())) or 0
    latest = codes.order_by(func.max(Closure.starts_at).desc(), Closure.code).limit(MOST_RETIRED)
    query = _whole().where(gone, Closure.code.in_(latest))
    found = db.session.scalars(
        query.order_by(Closure.starts_at.desc(), Closure.code, Space.position)
    )
    return list(found), max(total - MOST_RETIRED, 0)


def past(now: datetime) -> list[Closure]:
    """Return what was closed last or was called off, latest first."""
    codes = (
        select(Closure.code)
        .group_by(Closure.code)
        .having(func.max(Closure.id).not_in(select(Closure.id).where(_lasts(now))))
        .order_by(func.max(Closure.starts_at).desc())
        .limit(MOST_PAST)
    )
    query = _whole().where(Closure.code.in_(codes))
    return list(
        db.session.scalars(query.order_by(Closure.starts_at.desc(), Closure.code, Space.position))
    )


def standing(period: Period, *, space_ids: Collection[int]) -> list[Closure]:
    """Return the closures of some spaces that meet `period` already."""
    query = _whole().where(
        is_in_force(),
        Closure.space_id.in_(space_ids),
        Closure.starts_at < (period.ends_at or FAR),
        or_(Closure.ends_at.is_(None), Closure.ends_at > period.starts_at),
    )
    return list(db.session.scalars(query.order_by(Closure.starts_at, Closure.id)))


def met_by(code: str, *, limit: int) -> list[ClosureMet]:
    """Return the bookings that a closure met, with what became of them, earliest first."""
    query = (
        select(ClosureMet)
        .join(Booking)
        .options(
            joinedload(ClosureMet.space),
            joinedload(ClosureMet.booking).joinedload(Booking.space),
            joinedload(ClosureMet.booking).joinedload(Booking.person),
            joinedload(ClosureMet.booking).joinedload(Booking.organisation),
        )
        .where(ClosureMet.code == code)
        .order_by(Booking.starts_at, Booking.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def count_met(code: str) -> dict[str, int]:
    """Return how many bookings a closure met, by what became of them."""
    query = select(ClosureMet.choice, func.count()).where(ClosureMet.code == code)
    rows = db.session.execute(query.group_by(ClosureMet.choice)).all()
    return {row[0]: row[1] for row in rows}


def spaces_to_close() -> Sequence[Space]:
    """Return every space that is in use, with floor, zone and parts, in the campus's order."""
    query = (
        select(Space)
        .options(joinedload(Space.floor), joinedload(Space.zone), selectinload(Space.parts))
        .where(Space.state == SpaceState.ACTIVE)
        .order_by(Space.position, Space.code_key)
    )
    return db.session.scalars(query).all()


def space_ids(
    *,
    codes: Collection[str],
    floors: Collection[str],
    zones: Collection[str],
    kinds: Collection[str],
) -> list[int]:
    """Return the ids of spaces in use: those named, and those of floors, zones and kinds.

    Kinds narrow floors and zones; by themselves they stand for all of the kind.
    """
    wanted: ColumnElement[bool] = Space.code_key.in_([code.lower() for code in codes])
    areas = or_(
        Space.floor_id.in_(select(Floor.id).where(Floor.code.in_(floors))),
        Space.zone_id.in_(select(Zone.id).where(Zone.code.in_(zones))),
    )
    known = [kind for kind in SpaceKind if kind in kinds]
    if floors or zones:
        wanted = or_(wanted, and_(areas, Space.kind.in_(known)) if known else areas)
    elif known:
        wanted = or_(wanted, Space.kind.in_(known))
    query = select(Space.id).where(Space.state == SpaceState.ACTIVE, wanted)
    return list(db.session.scalars(query.order_by(Space.id)))


def wholes_of(space_ids: Collection[int]) -> dict[int, list[Space]]:
    """Return the combined rooms that spaces are part of, by the part's id."""
    query = (
        select(SpacePart.part_id, Space)
        .join(Space, Space.id == SpacePart.whole_id)
        .where(SpacePart.part_id.in_(space_ids))
    )
    found: dict[int, list[Space]] = {}
    for part_id, whole in db.session.execute(query):
        found.setdefault(part_id, []).append(whole)
    return found


def unfinished(now: datetime, *, ids: Collection[int] | None = None) -> list[Closure]:
    """Return what may leave something open or is due to retire a space, with the space's parts.

    What one claim keeps closed to its end is not among them: as good as all that is retired.

    Args:
        ids: of the closures to look at; all where there are none.
    """
    has_parts = exists().where(SpacePart.whole_id == Closure.space_id)
    is_due = and_(Closure.is_final, Closure.starts_at <= now, Space.state != SpaceState.RETIRED)
    is_open = and_(~_is_held(now), or_(~Closure.is_final, ~has_parts))
    query = (
        select(Closure)
        .join(Space)
        .options(joinedload(Closure.space).selectinload(Space.parts))
        .where(_lasts(now), or_(is_due, is_open))
    )
    if ids is not None:
        query = query.where(Closure.id.in_(ids))
    return list(db.session.scalars(query.order_by(Closure.id)))


def _is_held(now: datetime) -> ColumnElement[bool]:
    """Return the condition that one claim of a closure holds its space from now to its end."""
    return exists().where(
        Occupancy.closure_id == Closure.id,
        Occupancy.space_id == Closure.space_id,
        or_(Occupancy.starts_at <= Closure.starts_at, Occupancy.starts_at <= now),
        or_(Occupancy.ends_at.is_(None), Occupancy.ends_at >= Closure.ends_at),
    )


def _is_retired(now: datetime) -> ColumnElement[bool]:
    return and_(Closure.is_final, Closure.starts_at <= now)


def _lasts(now: datetime) -> ColumnElement[bool]:
    return and_(is_in_force(), or_(Closure.ends_at.is_(None), Closure.ends_at > now))


def _whole() -> Select[Closure]:
    return (
        select(Closure)
        .join(Space)
        .options(
            joinedload(Closure.space).joinedload(Space.floor),
            joinedload(Closure.space).joinedload(Space.zone),
            joinedload(Closure.space).selectinload(Space.parts),
        )
    )
