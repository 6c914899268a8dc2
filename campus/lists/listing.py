"""The columns of each list as its file has them, and the words for roles, duties and states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from campus import clock
from campus.bookings.models import BookingState
from campus.errors import Text, text
from campus.lists.models import Body, Known, Line, Place
from campus.members.models import Duty, Relation, Role
from campus.spaces.models import SpaceState
from campus.spaces.policy import KINDS
from campus.web.tables import moment
from campus.web.templating import translate

Of = TypeVar("Of")
Columns = Sequence[tuple[Text, Callable[[Of], object]]]

ROLES: dict[Role, Text] = {
    Role.ORG_ADMIN: text("administrator"),
    Role.OFFICE_MANAGER: text("office manager"),
    Role.MEMBER: text("member"),
    Role.BILLING_CONTACT: text("contact for invoices"),
    Role.ALUMNI_CONTACT: text("contact for alumni"),
}
DUTIES: dict[Duty, Text] = {
    Duty.FRONT_DESK: text("front desk"),
    Duty.CAMPUS_MANAGER: text("campus manager"),
    Duty.PROGRAMME_MANAGER: text("programme manager"),
    Duty.SYSADMIN: text("system administrator"),
}
RELATIONS: dict[Relation, Text] = {
    Relation.RESIDENT: text("resident"),
    Relation.ASSOCIATED: text("associated"),
    Relation.CAMPUS: text("the campus"),
}
STATES: dict[BookingState, Text] = {
    BookingState.CONFIRMED: text("booked"),
    BookingState.RELEASED: text("given back"),
    BookingState.CANCELLED: text("cancelled"),
}
SPACE_STATES: dict[SpaceState, Text] = {
    SpaceState.DRAFT: text("draft"),
    SpaceState.ACTIVE: text("in use"),
    SpaceState.RETIRED: text("taken out of use"),
}

BOOKINGS: Columns[Line] = (
    (text("Day"), lambda line: _day(line.starts_at)),
    (text("From"), lambda line: _hour(line.starts_at)),
    (text("Last day"), lambda line: _day(line.ends_at)),
    (text("To"), lambda line: _hour(line.ends_at)),
    (text("Place"), lambda line: line.space_name),
    (text("Code of the place"), lambda line: line.space_code),
    (text("Kind"), lambda line: KINDS[line.space_kind]),
    (text("Subject"), lambda line: line.title),
    (text("Person"), lambda line: line.person),
    (text("Organisation"), lambda line: line.organisation),
    (text("State"), lambda line: STATES[line.state]),
    (text("Code of the booking"), lambda line: line.code),
    (text("Booked at"), lambda line: moment(line.created_at)),
)
PEOPLE: Columns[Known] = (
    (text("Name"), lambda one: one.name),
    (text("E-mail"), lambda one: one.email),
    (text("Organisation"), lambda one: _joined([name for name, _ in one.places])),
    (text("Role"), lambda one: _joined([ROLES[role] for _, role in one.places])),
    (text("Work for the campus"), lambda one: _joined([DUTIES[duty] for duty in one.duties])),
    (text("Last seen"), lambda one: moment(one.seen_at)),
    (text("Can sign in"), lambda one: text("yes") if one.is_active else text("no")),
    (text("Code of the person"), lambda one: one.code),
)
ORGANISATIONS: Columns[Body] = (
    (text("Name"), lambda one: one.name),
    (text("Code"), lambda one: one.code),
    (text("Relation"), lambda one: RELATIONS[one.relation]),
    (text("Sector"), lambda one: one.sector),
    (text("People"), lambda one: one.people),
    (text("Bookings to come"), lambda one: one.coming),
)
SPACES: Columns[Place] = (
    (text("Code"), lambda one: one.code),
    (text("Name"), lambda one: one.name),
    (text("Kind"), lambda one: KINDS[one.kind]),
    (text("Building"), lambda one: one.building),
    (text("Floor"), lambda one: one.floor),
    (text("Number of people"), lambda one: one.capacity),
    (text("State"), lambda one: SPACE_STATES[one.state]),
)


def _day(at: datetime) -> str:
    return clock.today(at).isoformat()


def _hour(at: datetime) -> str:
    return f"{clock.local(at):%H:%M}"


def _joined(words: Sequence[Text | str]) -> str:
    return ", ".join(translate(one) if isinstance(one, Text) else one for one in words)
