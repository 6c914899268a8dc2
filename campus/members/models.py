"""Organisations, persons, their memberships and roles, and the sessions they sign in with."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campus.db import Base
from campus.db.codes import new_code
from campus.db.types import UtcDateTime, enum_column

CAMPUS_CODE = "campus"  # the campus itself is an organisation, with this code


class Role(StrEnum):
    """A person's place in an organisation."""

    ORG_ADMIN = "org_admin"
    OFFICE_MANAGER = "office_manager"
    MEMBER = "member"
    BILLING_CONTACT = "billing_contact"
    ALUMNI_CONTACT = "alumni_contact"


class Duty(StrEnum):
    """What a person who works for the campus does there."""

    FRONT_DESK = "front_desk"
    CAMPUS_MANAGER = "campus_manager"
    PROGRAMME_MANAGER = "programme_manager"
    SYSADMIN = "sysadmin"


class Relation(StrEnum):
    """What an organisation is to the campus."""

    RESIDENT = "resident"  # has its place here
    ASSOCIATED = "associated"  # a member of the association, elsewhere
    CAMPUS = "campus"  # the campus itself


class Organisation(Base):
    """A firm or body whose people use the campus."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    relation: Mapped[Relation] = mapped_column(enum_column(Relation), default=Relation.RESIDENT)
    sector: Mapped[str] = mapped_column(default="")
    shows_titles: Mapped[bool] = mapped_column(default=False)  # others may read booking titles
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Person(Base):
    """An account. `fs_uniquifier` is what a signed-in browser carries; a new one ends them all."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True, default=new_code)
    email: Mapped[str] = mapped_column(unique=True)  # always lower case
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="nl")
    password: Mapped[str | None]  # argon2id; None until the first one is set
    fs_uniquifier: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(16))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Written by Flask-Security at every sign-in.
    current_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    current_login_ip: Mapped[str | None]
    last_login_ip: Mapped[str | None]
    login_count: Mapped[int] = mapped_column(default=0)
    memberships: Mapped[list[Membership]] = relationship(back_populates="person")
    duties: Mapped[list[StaffRole]] = relationship()

    # What Flask-Login asks of an account.
    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in."""
        return self.active

    def get_id(self) -> str:
        """Return what the cookie names the person by."""
        return self.fs_uniquifier


class Membership(Base):
    """A person's place in an organisation, until it ends."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id"),
        Index("ix_membership_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role] = mapped_column(enum_column(Role), default=Role.MEMBER)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person: Mapped[Person] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()


class StaffRole(Base):
    """A duty that makes a person staff."""

    __tablename__ = "staff_role"
    __table_args__ = (UniqueConstraint("person_id", "duty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    duty: Mapped[Duty] = mapped_column(enum_column(Duty))


class LoginSession(Base):
    """One signed-in browser. Deleting the row signs it out, wherever its cookie is copied to."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    sid_digest: Mapped[str] = mapped_column(unique=True)  # SHA-256 of what the cookie carries
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    browser: Mapped[str] = mapped_column(default="")  # as it calls itself, cut at 200 characters
    network: Mapped[str] = mapped_column(default="")  # IPv4 /24 or IPv6 /64


class AuthAttempt(Base):
    """A failed sign-in, counted against the address typed and the network it came from."""

    __tablename__ = "auth_attempt"
    __table_args__ = (
        Index("ix_auth_attempt_account_at", "account", "at"),
        Index("ix_auth_attempt_network_at", "network", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]  # SHA-256 of the address typed, so that no list of addresses grows here
    network: Mapped[str]  # IPv4 address or IPv6 /64
    at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at the door.

    Attributes:
        account: what tries are counted under; see `rules.account_of`.
        network: IPv4 address or IPv6 /64, which tries are counted under as well.
        place: IPv4 /24 or IPv6 /64: as much as a session remembers.
        session_id: the session that this browser has already; a new one takes its place.
    """

    account: str
    network: str
    place: str = ""
    browser: str = ""
    session_id: int | None = None


class Who(NamedTuple):
    """The part of a person that an actor shows."""

    id: int
    name: str
    email: str
    language: str


class Place(NamedTuple):
    """A person's place in an organisation."""

    membership_id: int
    role: Role
    organisation_id: int
    code: str
    name: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which organisation, with what say. A frozen value; nothing here queries.

    Attributes:
        role: the place in the organisation acted for; None for one without a membership.
    """

    person_id: int
    name: str
    email: str
    language: str
    organisation_id: int | None
    organisation_name: str
    role: Role | None
    duties: frozenset[Duty] = frozenset()
    is_resident: bool = False  # the organisation has its place on campus, or is the campus

    @classmethod
    def acting(cls, who: Who, places: Iterable[Place], duties: set[Duty]) -> Actor:
        """Put together who acts: for the organisation joined first; staff act for the campus."""

        def rank(place: Place) -> tuple[bool, int]:
            return (bool(duties) and place.code != CAMPUS_CODE, place.membership_id)

        place = min(places, key=rank, default=None)
        return cls(
            person_id=who.id,
            name=who.name,
            email=who.email,
            language=who.language,
            organisation_id=place.organisation_id if place else None,
            organisation_name=place.name if place else "",
            role=place.role if place else None,
            duties=frozenset(duties),
            is_resident=place is not None and place.relation is not Relation.ASSOCIATED,
        )

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the campus."""
        return bool(self.duties)

    @property
    def is_org_admin(self) -> bool:
        """Whether the person speaks for the organisation."""
        return self.role in {Role.ORG_ADMIN, Role.OFFICE_MANAGER}
