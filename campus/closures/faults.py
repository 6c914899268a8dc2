"""What should never be between closures and the ledger: the proof for `campus doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select

from campus.clock import Period
from campus.db import db, dialects
from campus.errors import Text, text
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import taken_between
from campus.occupancy.rules import gaps
from campus.spaces import queries as spaces
from campus.spaces.models import Closure


def faults() -> list[Text]:
    """Return a sentence for every closure whose claims are not as they should be."""
    dialects.begin_snapshot(db.session(), patient=True)
    return [*_of_closures(), *_astray()]


def _of_closures() -> Iterator[Text]:
    """Find closures that do not keep their space closed, or close more than they say."""
    parts = spaces.all_parts()
    for row in db.session.execute(_closed()):
        own = parts.get(row.space_id, [row.space_id])
        if not row.held:
            if not _may_hold_nothing(row, own):
                yield text(
                    "Closure %(closure)s does not keep its space closed. Open it again, and"
                    " close the space once more.",
                    closure=row.code,
                )
        elif row.lifted_at is not None and row.lifted_at <= row.starts_at:
            yield text(
                "Closure %(closure)s was called off and holds a place. Give it up:"
                " DELETE FROM occupancy WHERE closure_id = %(id)s.",
                closure=row.code,
                id=row.id,
            )
        elif row.first_at < row.starts_at or _ends_later(row):
            yield text(
                "Closure %(closure)s closes its space at another time. Open it again, and close"
                " the space once more.",
                closure=row.code,
            )


def _astray() -> Iterator[Text]:
    """Find claims of closures on spaces that are not theirs."""
    parts = spaces.all_parts()
    query = (
        select(Closure.code, Closure.space_id, Occupancy.space_id.label("held_id"))
        .join(Occupancy, Occupancy.closure_id == Closure.id)
        .where(Occupancy.space_id != Closure.space_id)
    )
    for row in db.session.execute(query):
        if row.held_id not in parts.get(row.space_id, ()):
            yield text(
                "Closure %(closure)s closes a place that is not its own. Open it again, and close"
                " the right one.",
                closure=row.code,
            )


def _closed() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Closure.id,
            Closure.code,
            Closure.space_id,
            Closure.starts_at,
            Closure.ends_at,
            Closure.lifted_at,
            Closure.is_final,
            func.count(Occupancy.id).label("held"),
            func.count(Occupancy.ends_at).label("ending"),
            func.min(Occupancy.starts_at).label("first_at"),
            func.max(Occupancy.ends_at).label("last_at"),
        )
        .outerjoin(Occupancy, Occupancy.closure_id == Closure.id)
        .group_by(Closure.id)
        .order_by(Closure.id)
    )


def _ends_later(row: Row[Any]) -> bool:
    """Whether a claim reaches past the end of its closure; without an end it may be open."""
    is_open = row.ending < row.held
    return row.ends_at is not None and (is_open or bool(row.last_at > row.ends_at))


def _may_hold_nothing(row: Row[Any], space_ids: Sequence[int]) -> bool:
    """Whether a closure claims nothing for a good reason.

    It was lifted; or bookings that were kept have all of its time; or a combined room is retired,
    whose parts stay in use.
    """
    if row.lifted_at is not None or (row.is_final and space_ids != [row.space_id]):
        return True
    if row.ends_at is None:
        return False
    period = Period(row.starts_at, row.ends_at)
    taken = taken_between(period, space_ids=space_ids)
    return all(
        not gaps(period, [one.period for one in taken if one.space_id == space_id])
        for space_id in space_ids
    )
