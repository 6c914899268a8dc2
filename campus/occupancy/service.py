"""The only writers of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, func, insert, or_, select, update

from campus.clock import Period
from campus.db import db, dialects
from campus.errors import Text, text
from campus.occupancy.models import Occupancy
from campus.occupancy.queries import LONG
from campus.occupancy.rules import Owner, OwnerKind, Shown
from campus.spaces.models import Space

NOTHING_SHOWN = Shown()


@dataclass(frozen=True, slots=True)
class Claim:
    """What one of many owners takes: every one of the spaces for every one of the periods."""

    owner: Owner
    space_ids: Sequence[int]
    periods: Sequence[Period]
    shown: Shown = NOTHING_SHOWN


def claim(
    *,
    owner: Owner,
    spaces: Sequence[Space],
    periods: Sequence[Period],
    shown: Shown = NOTHING_SHOWN,
) -> None:
    """Take every one of `spaces` for every one of `periods`, or nothing at all.

    `periods` already contain buffers and set-up time; a combined room is given as its parts.

    Raises:
        IntegrityError: one of them is taken; `unit_of_work` makes it a Conflict.
    """
    claim_many([Claim(owner, [space.id for space in spaces], periods, shown)])


def claim_many(claims: Sequence[Claim]) -> None:
    """Take what many owners claim, all of it or nothing at all, in one statement.

    Raises:
        IntegrityError: something is taken; `unit_of_work` makes it a Conflict.
    """
    lock({space_id for one in claims for space_id in one.space_ids})
    _insert(claims)


def move(
    *,
    owner: Owner,
    spaces: Sequence[Space],
    periods: Sequence[Period],
    shown: Shown = NOTHING_SHOWN,
) -> None:
    """Hold `spaces` for `periods` instead of what `owner` holds now.

    Raises:
        IntegrityError: one of them is taken; `unit_of_work` makes it a Conflict.
    """
    held = set(db.session.scalars(select(Occupancy.space_id).where(_of(owner))))
    lock(held | {space.id for space in spaces})
    db.session.execute(delete(Occupancy).where(_of(owner)))
    _insert([Claim(owner, [space.id for space in spaces], periods, shown)])


def release(*, owner: Owner) -> None:
    """Give up everything `owner` holds."""
    db.session.execute(delete(Occupancy).where(_of(owner)))


def release_from(*, owner: Owner, at: datetime) -> None:
    """Give up what `owner` holds from `at` on; what was before stays."""
    db.session.execute(delete(Occupancy).where(_of(owner), Occupancy.starts_at >= at))
    rest = or_(Occupancy.ends_at.is_(None), Occupancy.ends_at > at)
    db.session.execute(update(Occupancy).where(_of(owner), rest).values(ends_at=at))


IN_ORDER = (
    select(Space.id).where(Space.id.in_(bindparam("ids", expanding=True))).order_by(Space.id)
)


def lock(space_ids: set[int]) -> None:
    """Lock spaces in the order of id, so that two claims never wait for each other.

    Without it PostgreSQL ends races between overlapping periods in deadlocks (measured).
    """
    dialects.lock_rows(db.session(), IN_ORDER, {"ids": list(space_ids)})


def faults() -> list[Text]:
    """Return a sentence for everything in the ledger that should not be: the proof for doctor."""
    dialects.begin_snapshot(db.session(), patient=True)
    return [*_overlaps(), *_wrongly_short()]


INTO = insert(Occupancy)
OWNERS = tuple(f"{kind}_id" for kind in OwnerKind)


def _insert(claims: Sequence[Claim]) -> None:
    rows = [
        {
            "space_id": space_id,
            "starts_at": period.starts_at,
            "ends_at": period.ends_at,
            "is_long": period.ends_at is None or period.length > LONG,
            **dict.fromkeys(OWNERS),
            f"{one.owner.kind}_id": one.owner.id,
            "organisation_id": one.shown.organisation_id,
            "title_nl": one.shown.title_nl,
            "title_en": one.shown.title_en,
            "is_public": one.shown.is_public,
        }
        for one in claims
        for space_id in sorted(one.space_ids)
        for period in one.periods
    ]
    db.session.connection().execute(INTO, rows)


def _of(owner: Owner) -> ColumnElement[bool]:
    columns = {
        OwnerKind.BOOKING: Occupancy.booking_id,
        OwnerKind.CLOSURE: Occupancy.closure_id,
    }
    return columns[owner.kind] == owner.id


def _overlaps() -> list[Text]:
    """Compare each row with the next of its space: live rows never overlap, so that suffices."""
    following = (
        select(
            Occupancy.id,
            Occupancy.space_id,
            Occupancy.ends_at,
            func.lead(Occupancy.starts_at)
            .over(partition_by=Occupancy.space_id, order_by=Occupancy.starts_at)
            .label("next_at"),
        )
    ).subquery()
    query = (
        select(Space.code)
        .join(following, following.c.space_id == Space.id)
        .where(
            following.c.next_at.is_not(None),
            or_(following.c.ends_at.is_(None), following.c.ends_at > following.c.next_at),
        )
    )
    return [
        text("Two claims on %(space)s overlap. Move or cancel one of them.", space=code)
        for code in db.session.scalars(query.distinct())
    ]


def _wrongly_short() -> list[Text]:
    """Find rows that the day's query would miss: open, or long, and not marked so."""
    rows = db.session.execute(
        select(Occupancy.id, Occupancy.starts_at, Occupancy.ends_at)
        .where(Occupancy.is_long.is_(False))
        .execution_options(yield_per=10_000)
    )
    return [
        text(
            "Ledger row %(row)s is longer than it says, so that pages miss it. Change the time of"
            " its booking or closure, which writes it anew.",
            row=row.id,
        )
        for row in rows
        if row.ends_at is None or row.ends_at - row.starts_at > LONG
    ]
