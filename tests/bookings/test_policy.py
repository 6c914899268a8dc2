"""Who may see and change a booking, by relation; and who reads its title."""

from __future__ import annotations

import pytest

from campus.bookings import policy
from campus.bookings.models import Booking
from campus.members.models import Actor, Role
from campus.spaces.models import SpaceKind
from tests.factories import (
    make_booking,
    make_house,
    make_member,
    make_organisation,
    make_person,
    make_space,
    make_staff,
    period,
)

pytestmark = pytest.mark.usefixtures("database")

TABLE = [
    # relation, sees, changes
    ("owner", True, True),
    ("colleague", True, False),
    ("org_admin", True, True),
    ("office_manager", True, True),
    ("outsider", False, False),
    ("own_moved", True, False),
    ("without", False, False),
    ("staff", True, True),
]


def cast() -> tuple[Booking, dict[str, Actor]]:
    """Return a booking and everyone who may look at it."""
    make_house()
    own = make_organisation()
    person = make_person()
    owner = make_member(own, person=person)
    booking = make_booking(
        owner, make_space("hunze", kind=SpaceKind.MEETING_ROOM), period(9, 12), title="Sprint"
    )
    without = Actor(
        person_id=make_person().id,
        name="Nobody",
        email="nobody@campus.example",
        language="nl",
        organisation_id=None,
        organisation_name="",
        role=None,
    )
    return booking, {
        "owner": owner,
        "colleague": make_member(own, name="Jelle"),
        "org_admin": make_member(own, role=Role.ORG_ADMIN),
        "office_manager": make_member(own, role=Role.OFFICE_MANAGER),
        "outsider": make_member(),
        "own_moved": make_member(make_organisation("Elsewhere"), person=person),
        "without": without,
        "staff": make_staff(),
    }


def test_the_table_of_who_may_see_and_change() -> None:
    booking, actors = cast()

    found = [
        (name, policy.may_see(actor, booking), policy.why_not_change(actor, booking) is None)
        for name, actor in actors.items()
    ]

    assert found == TABLE


def test_what_came_from_another_calendar_is_changed_by_who_looks_after_the_organisation() -> None:
    booking, actors = cast()
    booking.source = "fosdem:1"

    may = {name for name, one in actors.items() if policy.why_not_change(one, booking) is None}

    assert may == {"org_admin", "office_manager", "staff"}


def test_a_title_is_for_the_own_organisation_and_staff_unless_shown() -> None:
    booking, actors = cast()

    readers = {
        name
        for name, actor in actors.items()
        if policy.may_read_title(actor, organisation_id=booking.organisation_id, shown=False)
    }

    assert readers == {"owner", "colleague", "org_admin", "office_manager", "staff"}
    assert not policy.may_read_title(None, organisation_id=booking.organisation_id, shown=False)
    assert policy.may_read_title(None, organisation_id=booking.organisation_id, shown=True)
