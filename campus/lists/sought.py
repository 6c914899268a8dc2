"""The bookings that are sought: through an index, whatever the years of history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, union_all

from campus.bookings.models import IS_LONG, Booking, is_own
from campus.db import db
from campus.db.dialects import holds
from campus.lists.models import Line, Position, Wanted
from campus.lists.queries import MOST_WORDS, Conditions
from campus.members.models import Organisation, Person
from campus.spaces.models import Space

A_DAY = timedelta(hours=26)  # what lasts no longer is found by when it starts


def bookings(wanted: Wanted, *, after: Position | None = None, limit: int) -> list[Line]:
    """Return bookings by when they start; `after` is where the page before ended.

    At most three queries: what began before the stretch and reaches into it is looked for apart.
    """
    parts = _parts(wanted, after)
    found: list[Line] = []
    for part in reversed(parts) if wanted.is_latest else parts:
        if len(found) < limit:
            query = _lines([*part, *_narrowed(wanted)], wanted, limit - len(found))
            found += [Line(*row) for row in db.session.execute(query)]
    return found


def count_bookings(wanted: Wanted) -> int:
    """Return how many bookings a list has."""
    counts = (
        select(func.count()).select_from(Booking).where(*part, *_narrowed(wanted))
        for part in _parts(wanted, None)
    )
    return sum(db.session.scalar(query) or 0 for query in counts)


def _parts(wanted: Wanted, after: Position | None) -> list[Conditions]:
    """Return the conditions of what began before the stretch, and of what begins in it."""
    first_at, end_at = wanted.first_at, wanted.end_at
    beyond: Conditions = []
    if after is not None:
        at, code = after
        if wanted.is_latest:
            beyond = [Booking.starts_at <= at, or_(Booking.starts_at < at, Booking.code < code)]
            end_at = None if end_at is None or at < end_at else end_at
        else:
            beyond = [Booking.starts_at >= at, or_(Booking.starts_at > at, Booking.code > code)]
            # Of two lower bounds a planner may take the one that reads years.
            first_at = None if first_at is None or at >= first_at else first_at
    within = list(beyond)
    if first_at is not None:
        within.append(Booking.starts_at >= first_at)
    if end_at is not None:
        within.append(Booking.starts_at < end_at)
    ids = _reaching(first_at) if first_at is not None else ()
    return [[Booking.id.in_(ids), *beyond], within] if ids else [within]


def _reaching(first_at: datetime) -> Sequence[int]:
    """Return the ids of what began before a moment and reaches past it: few, by an index.

    `starts_at < x AND ends_at > x` alone would read all of the past; and as a part of the
    query of lines, PostgreSQL would read it in the order of time until it has enough.
    """
    meets = (Booking.starts_at < first_at, Booking.ends_at > first_at)
    night = select(Booking.id).where(*meets, Booking.starts_at > first_at - A_DAY)
    long = select(Booking.id).where(*meets, IS_LONG)
    return db.session.scalars(union_all(night, long)).all()


def _narrowed(wanted: Wanted) -> Conditions:
    conditions: Conditions = []
    for column, value in (
        (Booking.space_id, wanted.space_id),
        (Booking.organisation_id, wanted.organisation_id),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.person_id is not None:
        conditions.append(is_own(wanted.person_id))
    if wanted.states:
        conditions.append(Booking.state.in_(wanted.states))
    if wanted.codes is not None:
        conditions.append(Booking.code.in_(wanted.codes))
    if wanted.kind is not None:
        # Wrapped, so that no planner goes by it from space to space and sorts what it finds.
        of_kind = select(Space.id).where(Space.kind == wanted.kind)
        conditions.append(func.coalesce(Booking.space_id, 0).in_(of_kind.scalar_subquery()))
    conditions += [_says(word) for word in wanted.words.split()[:MOST_WORDS]]
    return conditions


def _says(word: str) -> ColumnElement[bool]:
    people = select(Person.id).where(or_(holds(Person.name, word), holds(Person.email, word)))
    organisations = select(Organisation.id).where(holds(Organisation.name, word))
    spaces = select(Space.id).where(or_(holds(Space.name, word), Space.code_key == word.lower()))
    return or_(
        holds(Booking.title, word),
        Booking.code == word.lower(),
        and_(Booking.person_id.in_(people.scalar_subquery()), Booking.source.is_(None)),
        Booking.organisation_id.in_(organisations.scalar_subquery()),
        Booking.space_id.in_(spaces.scalar_subquery()),
    )


def _lines(conditions: Conditions, wanted: Wanted, limit: int) -> Select[*tuple[Any, ...]]:
    """Return the query of lines: first which bookings, then what the line says of each."""
    chosen = select(Booking.id).where(*conditions)
    keys = chosen.order_by(*_order(is_latest=wanted.is_latest)).limit(limit).subquery()
    return (
        select(
            Booking.code, Booking.revision, Booking.starts_at, Booking.ends_at, Booking.state,
            Booking.title, Booking.created_at, Space.code, Space.name, Space.kind,
            Person.code, case((Booking.source.is_(None), Person.name), else_=""),
            Organisation.code, Organisation.name,
        )
        .join(keys, keys.c.id == Booking.id)
        .join(Space, Space.id == Booking.space_id)
        .join(Person, Person.id == Booking.person_id)
        .join(Organisation, Organisation.id == Booking.organisation_id)
        .order_by(*_order(is_latest=wanted.is_latest))
    )  # fmt: skip


def _order(*, is_latest: bool) -> tuple[Any, ...]:
    if is_latest:
        return Booking.starts_at.desc(), Booking.code.desc()
    return Booking.starts_at, Booking.code
