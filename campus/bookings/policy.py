"""Who may do what with bookings. Every answer is a reason, or None for yes."""

from __future__ import annotations

from datetime import date

from campus import clock
from campus.bookings.models import Booking
from campus.clock import Period
from campus.errors import Text, text, text_plural
from campus.members.models import Actor
from campus.spaces.models import Audience, Space, SpaceKind

# Of these nobody wants to know what for.
WITHOUT_TITLE = (SpaceKind.DESK, SpaceKind.PHONE_BOOTH, SpaceKind.PARKING)


def why_not_book(actor: Actor, space: Space) -> Text | None:
    """Say why this actor may not book this space at all, whatever the time."""
    if space.by_application:
        return text("%(space)s is given by application, not booked by the hour.", space=space.name)
    if actor.is_staff:
        return None
    if actor.organisation_id is None:
        return text("Only members of an organisation can book. Ask your organisation to add you.")
    if space.audience is Audience.STAFF:
        return text("%(space)s is booked by the front desk. Ask there.", space=space.name)
    if space.audience is Audience.RESIDENTS and not actor.is_resident:
        return text("%(space)s is for organisations that live on campus.", space=space.name)
    return None


def why_not_book_for(actor: Actor, other: Actor) -> Text | None:
    """Say why this actor may not book in the name of `other`."""
    if actor.is_staff or actor.person_id == other.person_id:
        return None
    return text("Only the front desk books for somebody else.")


def may_see(actor: Actor, booking: Booking) -> bool:
    """Whether the booking's page exists for this actor; for others it is not there."""
    return (
        actor.is_staff
        or booking.is_of(actor.person_id)
        or (actor.organisation_id is not None and actor.organisation_id == booking.organisation_id)
    )


def why_not_change(actor: Actor, booking: Booking) -> Text | None:
    """Say why this actor may not change, extend, release or cancel the booking."""
    if actor.is_staff:
        return None
    if actor.organisation_id != booking.organisation_id:
        return text("Only the organisation that booked can change this.")
    is_theirs = actor.person_id in {booking.person_id, booking.booked_by_id}
    if actor.is_org_admin or (is_theirs and booking.source is None):
        return None
    return text("Ask the colleague who booked, or an administrator of your organisation.")


def may_read_title(actor: Actor | None, *, organisation_id: int | None, shown: bool) -> bool:
    """Whether this reader may read the title of an organisation's booking; else it is "taken"."""
    if shown:
        return True
    if actor is None:
        return False
    return actor.is_staff or (
        organisation_id is not None and actor.organisation_id == organisation_id
    )


def why_not_another_kind(coming: int) -> Text | None:
    """Say why a space with so many bookings to come may not become another kind of space."""
    if not coming:
        return None
    return text_plural(
        "%(num)s booking is to come here, made for what this place is now. Move it or let it"
        " end first, or add another place of the other kind.",
        "%(num)s bookings are to come here, made for what this place is now. Move them or let"
        " them end first, or add another place of the other kind.",
        num=coming,
    )


def is_beyond(booked: Period, *, first: date | None, gone: date | None) -> bool:
    """Whether a booking is on a day before a space is there, or on which it is gone."""
    days = clock.days_of(booked)
    return (first is not None and days[0] < first) or (gone is not None and days[-1] >= gone)
