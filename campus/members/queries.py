"""Questions about people: who is signed in, who is who, who belongs where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from campus.db import db, dialects
from campus.db.dialects import holds
from campus.errors import NotFound, text
from campus.members import rules
from campus.members.models import (
    CAMPUS_CODE,
    Actor,
    Attempt,
    AuthAttempt,
    LoginSession,
    Membership,
    Organisation,
    Person,
    Place,
    StaffRole,
    Who,
)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser and who sits before it.

    Attributes:
        uniquifier: what the cookie must name the person by.
    """

    id: int
    uniquifier: str
    last_seen_at: datetime
    expires_at: datetime
    actor: Actor


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom a search finds.

    Attributes:
        organisations: the names of those the person belongs to now.
    """

    code: str
    name: str
    email: str
    organisations: Sequence[str]


def session_by_digest(sid_digest: str) -> Session | None:
    """Return the session of an active person with all that a page needs to know; one query.

    By columns: it is asked for every page, and whole rows cost twice as much.
    """
    rows: Sequence[Any] = db.session.execute(
        SESSION, {"sid": sid_digest}
    ).all()  # what is outer joined may be None
    if not rows:
        return None
    id_, seen_at, expires_at, uniquifier, *person = rows[0][:8]
    places = {row[8]: Place(*row[8:14]) for row in rows if row[8] is not None}
    duties = {row[14] for row in rows if row[14] is not None}
    return Session(
        id=id_,
        uniquifier=uniquifier,
        last_seen_at=seen_at,
        expires_at=expires_at,
        actor=Actor.acting(Who(*person), places.values(), duties),
    )


def actor_of(person: Person) -> Actor:
    """Return the actor that signing in as `person` would give."""
    who = Who(person.id, person.name, person.email, person.language)
    going_on = [place for place in person.memberships if not place.ended_at]
    duties = {role.duty for role in person.duties}
    return Actor.acting(who, [_place(one) for one in going_on], duties)


def _place(membership: Membership) -> Place:
    one = membership.organisation
    return Place(membership.id, membership.role, one.id, one.code, one.name, one.relation)


def _goes_on() -> Any:
    return Membership.ended_at.is_(None)


SESSION = (
    select(
        LoginSession.id, LoginSession.last_seen_at, LoginSession.expires_at,
        Person.fs_uniquifier, Person.id, Person.name, Person.email, Person.language,
        Membership.id, Membership.role, Organisation.id, Organisation.code, Organisation.name,
        Organisation.relation, StaffRole.duty,
    )
    .join(Person, Person.id == LoginSession.person_id)
    .outerjoin(Membership, and_(Membership.person_id == Person.id, _goes_on()))
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .outerjoin(StaffRole, StaffRole.person_id == Person.id)
    .where(Person.active, LoginSession.sid_digest == bindparam("sid"))
)  # fmt: skip


# --- people -----------------------------------------------------------------------------------


def person_by_email(email: str) -> Person | None:
    """Return the person who has this address, active or not."""
    return db.session.scalar(select(Person).where(Person.email == email))


def person_by_code(code: str) -> Person | None:
    """Return the person who has this code, active or not."""
    return db.session.scalar(select(Person).where(Person.code == code))


def person_of(actor: Actor) -> Person:
    """Return the person that an actor is."""
    return db.session.get_one(Person, actor.person_id)


def person_by_uniquifier(uniquifier: str) -> Person | None:
    """Return the active person whom a link or a cookie names."""
    return db.session.scalar(
        select(Person).where(Person.fs_uniquifier == uniquifier, Person.active)
    )


def person_row(person_id: int) -> Select[int]:
    """Return the query of a person's own row, to lock what may only be done once at a time."""
    return select(Person.id).where(Person.id == person_id)


PARTY = (
    select(Person, Organisation)
    .join(Membership, Membership.person_id == Person.id)
    .join(Organisation, Organisation.id == Membership.organisation_id)
    .where(Person.id == bindparam("person"), Organisation.id == bindparam("organisation"))
)


def party(
    person_id: int, organisation_id: int, *, is_locked: bool = False
) -> tuple[Person, Organisation]:
    """Return a person with an organisation of theirs, known to be one, in one query.

    Args:
        is_locked: the person's row is locked until the transaction ends.
    """
    query = dialects.locked(db.session(), PARTY, of=Person) if is_locked else PARTY
    values = {"person": person_id, "organisation": organisation_id}
    person, organisation = db.session.execute(query, values).one()
    return person, organisation


def is_active(person_id: int) -> bool:
    """Whether mails may still go to this person."""
    query = select(Person.id).where(Person.id == person_id, Person.active)
    return db.session.scalar(query) is not None


def search_people(words: str, *, limit: int = 20) -> list[Found]:
    """Return active people whose name, address or organisation holds every word; by name."""
    query = _with_places().where(Person.active)
    for word in words.split()[:5]:
        organisations = (
            select(Membership.person_id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(_goes_on(), holds(Organisation.name, word))
        )
        query = query.where(
            or_(
                holds(Person.name, word),
                holds(Person.email, word),
                Person.id.in_(organisations.scalar_subquery()),
            )
        )
    query = query.order_by(func.lower(Person.name), Person.id).limit(limit)
    return [
        Found(
            person.code,
            person.name,
            person.email,
            [place.organisation.name for place in person.memberships if not place.ended_at],
        )
        for person in db.session.scalars(query).unique()
    ]


def _with_places() -> Select[Person]:
    return select(Person).options(
        joinedload(Person.memberships).joinedload(Membership.organisation),
        joinedload(Person.duties),
    )


# --- organisations ----------------------------------------------------------------------------


def organisation_by_code(code: str) -> Organisation:
    """Return an organisation.

    Raises:
        NotFound: there is none with this code.
    """
    found = db.session.scalar(select(Organisation).where(Organisation.code == code))
    if found is None:
        raise NotFound(text("There is no organisation with the code %(code)s.", code=code))
    return found


def campus() -> Organisation | None:
    """Return the campus itself, as an organisation, once it has one."""
    return db.session.scalar(select(Organisation).where(Organisation.code == CAMPUS_CODE))


def names_about(person: Person) -> list[str]:
    """Return the names that somebody guessing this person's password would begin with."""
    organisations = (
        select(Organisation.name).join(Membership).where(Membership.person_id == person.id)
    )
    return [person.name, person.email, *db.session.scalars(organisations)]


# --- tries ------------------------------------------------------------------------------------


def wait_before(attempt: Attempt, *, now: datetime) -> timedelta:
    """Return how long this account, from this network, must wait before its next try."""
    by_account = _failures(
        AuthAttempt.account == attempt.account, since=now - rules.FORGOTTEN_AFTER
    )
    by_network = _failures(
        AuthAttempt.network == attempt.network, since=now - rules.NETWORK_WINDOW
    )
    return max(
        rules.wait_of_account(by_account, now=now), rules.wait_of_network(by_network, now=now)
    )


def _failures(whose: ColumnElement[bool], *, since: datetime) -> Sequence[datetime]:
    query = select(AuthAttempt.at).where(whose, AuthAttempt.at > since).order_by(AuthAttempt.at)
    return db.session.scalars(query).all()


# --- doctor -----------------------------------------------------------------------------------


def people_with_capitals() -> Sequence[str]:
    """Return the codes of people whose address is not in lower case: they cannot sign in."""
    query = select(Person.code).where(Person.email != func.lower(Person.email))
    return db.session.scalars(query.order_by(Person.code)).all()


def staff_outside_campus() -> Sequence[str]:
    """Return the codes of active staff who do not belong to the campus's own organisation."""
    inside = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(_goes_on(), Organisation.code == CAMPUS_CODE)
    )
    query = (
        select(Person.code)
        .join(StaffRole, StaffRole.person_id == Person.id)
        .where(Person.active, Person.id.not_in(inside.scalar_subquery()))
        .distinct()
    )
    return db.session.scalars(query.order_by(Person.code)).all()


@dataclass(frozen=True, slots=True)
class Names:
    """What people are called, by id and by code."""

    by_id: Mapping[int, str]
    by_code: Mapping[str, str]


def names_of(person_ids: Iterable[int | None], *, codes: Iterable[str] = ()) -> Names:
    """Return the names of people, active or not, by id and by code. One query."""
    query = select(Person.id, Person.code, Person.name).where(
        or_(Person.id.in_({*person_ids} - {None}), Person.code.in_({*codes}))
    )
    rows = db.session.execute(query).all()
    return Names({row.id: row.name for row in rows}, {row.code: row.name for row in rows})
