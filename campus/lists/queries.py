"""The rows of staff's lists. By columns, each in few queries, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select, tuple_

from campus.bookings.models import Booking, BookingState
from campus.db import db
from campus.db.dialects import holds
from campus.lists.models import After, Body, Known, Place
from campus.members.models import (
    Duty,
    LoginSession,
    Membership,
    Organisation,
    Person,
    Role,
    StaffRole,
)
from campus.spaces.models import Building, Floor, Space, SpaceState

Conditions = list[ColumnElement[bool]]
MOST_WORDS = 5


# --- people -----------------------------------------------------------------------------------


def people(
    words: str = "", *, organisation_id: int | None = None, after: After | None = None, limit: int
) -> list[Known]:
    """Return people by name, from where a page ended. At most four queries."""
    query = select(
        Person.id, Person.code, Person.name, Person.email, Person.active, Person.current_login_at
    ).where(*_people(words, organisation_id))
    if after:
        query = query.where(_comes_after(Person, after))
    rows = db.session.execute(query.order_by(func.lower(Person.name), Person.id).limit(limit))
    known = [Known(*row) for row in rows]
    return _with_more(known) if known else []


def count_people(words: str = "", *, organisation_id: int | None = None) -> int:
    """Return how many people a list has."""
    query = select(func.count()).select_from(Person).where(*_people(words, organisation_id))
    return db.session.scalar(query) or 0


def _people(words: str, organisation_id: int | None) -> Conditions:
    belongs = select(Membership.person_id).where(Membership.ended_at.is_(None))
    conditions: Conditions = []
    if organisation_id is not None:
        here = belongs.where(Membership.organisation_id == organisation_id)
        conditions.append(Person.id.in_(here.scalar_subquery()))
    for word in words.split()[:MOST_WORDS]:
        named = select(Organisation.id).where(holds(Organisation.name, word))
        there = belongs.where(Membership.organisation_id.in_(named.scalar_subquery()))
        conditions.append(
            or_(
                holds(Person.name, word),
                holds(Person.email, word),
                Person.code == word.lower(),
                Person.id.in_(there.scalar_subquery()),
            )
        )
    return conditions


def place_of(table: type[Person | Organisation], code: str) -> After | None:
    """Return where in a list by name the row with this code stands; None where there is none."""
    if not code:
        return None
    row = db.session.execute(select(table.name, table.id).where(table.code == code)).one_or_none()
    return After(*row) if row else None


def _comes_after(table: Any, after: After) -> ColumnElement[bool]:
    here = tuple_(func.lower(literal(after.name)), literal(after.id))
    return tuple_(func.lower(table.name), table.id) > here


def _with_more(known: Sequence[Known]) -> list[Known]:
    """Return people with their places, duties and when their browsers were last seen."""
    ids = [one.id for one in known]
    places: dict[int, list[tuple[str, Role]]] = {}
    for person_id, name, role in db.session.execute(
        select(Membership.person_id, Organisation.name, Membership.role)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id.in_(ids), Membership.ended_at.is_(None))
        .order_by(Membership.id)
    ):
        places.setdefault(person_id, []).append((name, role))
    duties: dict[int, list[Duty]] = {}
    for person_id, duty in db.session.execute(
        select(StaffRole.person_id, StaffRole.duty).where(StaffRole.person_id.in_(ids))
    ):
        duties.setdefault(person_id, []).append(duty)
    sessions = select(LoginSession.person_id, func.max(LoginSession.last_seen_at)).where(
        LoginSession.person_id.in_(ids)
    )
    rows = db.session.execute(sessions.group_by(LoginSession.person_id))
    seen = dict(rows.all())
    return [
        replace(
            one,
            seen_at=max(filter(None, (one.seen_at, seen.get(one.id))), default=None),
            places=places.get(one.id, ()),
            duties=sorted(duties.get(one.id, ())),
        )
        for one in known
    ]


# --- organisations ----------------------------------------------------------------------------


def organisations(
    words: str = "", *, now: datetime, after: After | None = None, limit: int
) -> list[Body]:
    """Return organisations by name, from where a page ended. At most three queries."""
    query = select(
        Organisation.id, Organisation.code, Organisation.name, Organisation.relation,
        Organisation.sector,
    ).where(*_organisations(words))  # fmt: skip
    if after:
        query = query.where(_comes_after(Organisation, after))
    by_name = (func.lower(Organisation.name), Organisation.id)
    found = [Body(*row) for row in db.session.execute(query.order_by(*by_name).limit(limit))]
    ids = [one.id for one in found]
    belongs = Membership.ended_at.is_(None)
    people = _counts(Membership.organisation_id, ids, [belongs])
    is_coming = [Booking.state == BookingState.CONFIRMED, Booking.starts_at >= now]
    coming = _counts(Booking.organisation_id, ids, is_coming)
    return [
        replace(one, people=people.get(one.id, 0), coming=coming.get(one.id, 0)) for one in found
    ]


def count_organisations(words: str = "") -> int:
    """Return how many organisations a list has."""
    query = select(func.count()).select_from(Organisation).where(*_organisations(words))
    return db.session.scalar(query) or 0


def organisation_names() -> list[tuple[str, str]]:
    """Return the code and name of every organisation, by name, to choose from."""
    query = select(Organisation.code, Organisation.name)
    rows = db.session.execute(query.order_by(func.lower(Organisation.name), Organisation.id))
    return [(code, name) for code, name in rows]


def _organisations(words: str) -> Conditions:
    return [
        or_(holds(Organisation.name, word), Organisation.code == word.lower())
        for word in words.split()[:MOST_WORDS]
    ]


def _counts(column: Any, ids: Collection[int], conditions: Iterable[Any]) -> dict[int, int]:
    query = select(column, func.count()).where(column.in_(ids), *conditions).group_by(column)
    return dict(db.session.execute(query).all()) if ids else {}


# --- spaces -----------------------------------------------------------------------------------


def spaces(words: str = "", *, states: Sequence[SpaceState] = (), limit: int) -> list[Place]:
    """Return spaces with where they are, one with exactly that code first. One query."""
    is_it = Space.code_key == words.lower()
    query = (
        select(
            Space.code, Space.name, Space.kind, Space.state, Building.name, Floor.name,
            Space.capacity, Floor.label,
        )
        .outerjoin(Floor, Floor.id == Space.floor_id)
        .outerjoin(Building, Building.id == Floor.building_id)
        .where(*_spaces(words, states))
        .order_by(is_it.desc(), Space.position, Space.code_key)
        .limit(limit)
    )  # fmt: skip
    return [Place(*row) for row in db.session.execute(query)]


def count_spaces(words: str = "", *, states: Sequence[SpaceState] = ()) -> int:
    """Return how many spaces a list has."""
    query = select(func.count()).select_from(Space).where(*_spaces(words, states))
    return db.session.scalar(query) or 0


def _spaces(words: str, states: Sequence[SpaceState]) -> Conditions:
    conditions: Conditions = [
        or_(holds(Space.name, word), holds(Space.code, word))
        for word in words.split()[:MOST_WORDS]
    ]
    return [*conditions, Space.state.in_(states)] if states else conditions
