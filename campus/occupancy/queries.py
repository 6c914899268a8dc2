"""Questions to the ledger. Each is answered through an index, whatever the years of history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, literal_column, or_, select, union_all
from sqlalchemy.orm import aliased

from campus.clock import Period
from campus.db import db
from campus.occupancy.models import Occupancy

LONG = timedelta(hours=26)  # a day of 25 hours with its buffers is not long
CLAIM = aliased(Occupancy, name="claim")
IS_LONG: ColumnElement[bool] = literal_column("claim.is_long")  # as its index says it, not "= 1"


@dataclass(frozen=True, slots=True)
class Taken:
    """A claim as others may know it."""

    space_id: int
    period: Period
    organisation_id: int | None
    booking_id: int | None
    closure_id: int | None


def during(period: Period) -> ColumnElement[bool]:
    """Return the condition that a ledger row meets `period`.

    Rows up to `LONG` are found by when they start; the few longer or open ones have an index
    of their own. A plain `starts_at < end AND ends_at > start` would read all of the past, and
    so would one search with OR on SQLite: hence two searches, put together.
    """
    ordinary = select(CLAIM.id).where(
        CLAIM.starts_at > period.starts_at - LONG,
        CLAIM.starts_at < period.end,
        CLAIM.ends_at > period.starts_at,
    )
    long = select(CLAIM.id).where(
        IS_LONG,
        # Wrapped, so that no planner searches by it through all that started before.
        func.coalesce(CLAIM.starts_at, period.end) < period.end,
        or_(CLAIM.ends_at.is_(None), CLAIM.ends_at > period.starts_at),
    )
    return Occupancy.id.in_(union_all(ordinary, long))


def taken_between(period: Period, *, space_ids: Sequence[int] | None = None) -> list[Taken]:
    """Return the claims that meet `period`, of all spaces or of some, earliest first."""
    query = select(
        Occupancy.space_id,
        Occupancy.starts_at,
        Occupancy.ends_at,
        Occupancy.organisation_id,
        Occupancy.booking_id,
        Occupancy.closure_id,
    ).where(during(period))
    if space_ids is not None:
        query = query.where(Occupancy.space_id.in_(space_ids))
    return [
        Taken(row.space_id, Period(row.starts_at, row.ends_at), *row[3:])
        for row in db.session.execute(query.order_by(Occupancy.starts_at))
    ]


def taken_ids(periods: Iterable[Period]) -> set[int]:
    """Return the ids of the spaces that are taken at some moment of `periods`."""
    meets = or_(*(during(period) for period in periods))
    return set(db.session.scalars(select(Occupancy.space_id).where(meets).distinct()))
