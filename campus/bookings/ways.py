"""Ways out of a refusal, as buttons: each does in one click what a repair proposes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from campus import clock
from campus.bookings.forms import BookingForm, ChangeForm, last_day
from campus.bookings.models import Booking
from campus.clock import Period
from campus.errors import Repair, Text, text
from campus.spaces import policy as words
from campus.spaces.models import SpaceKind
from campus.web.forms import new_key
from campus.web.templating import span, when

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Send:
    """A button that does something at once."""

    label: Text
    action: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Go:
    """A button that leads to a page."""

    label: Text
    href: str


def ways_to_book(
    found: Sequence[Repair], *, form: BookingForm, kind: SpaceKind, on: Period | None
) -> list[Send | Go]:
    """Return repairs as buttons that book, each with a key of its own.

    Args:
        on: the period asked for; a day is named only where it is another one.
    """
    kept = {"title": form.title.data, "note": form.note.data, "for": form.for_.data}

    def send(repair: Repair) -> Send:
        label = text(
            "Book %(place)s, %(when)s",
            place=words.named_as(kind, repair.name),
            when=spoken_time(period_of(repair), on=on),
        )
        fields = {**_said(kept), **fields_for(repair), "idem": new_key()}
        return Send(label, url_for("bookings.create"), fields)

    return _ways(found, send=send)


def ways_to_change(
    found: Sequence[Repair], *, booking: Booking, form: ChangeForm, kind: SpaceKind
) -> list[Send | Go]:
    """Return repairs as buttons that move the booking there."""
    kept = {
        "title": form.title.data,
        "note": form.note.data,
        "revision": str(booking.revision),
    }

    def send(repair: Repair) -> Send:
        label = text(
            "Move to %(place)s, %(when)s",
            place=words.named_as(kind, repair.name),
            when=spoken_time(period_of(repair), on=booking.period),
        )
        fields = {**_said(kept), **fields_for(repair)}
        return Send(label, url_for("bookings.change", code=booking.code), fields)

    return _ways(found, send=send)


def _ways(found: Sequence[Repair], *, send: Callable[[Repair], Send]) -> list[Send | Go]:
    return [
        Go(
            text("See the booking of %(place)s", place=repair.name),
            url_for("bookings.show", code=repair.booking),
        )
        if repair.booking
        else send(repair)
        for repair in found
        if repair.booking or is_sayable(period_of(repair))
    ]


def _said(values: dict[str, str | None]) -> Fields:
    return {name: value for name, value in values.items() if value}


def form_for(booking: Booking) -> str:
    """Return the address of the form that asks for the same as `booking`."""
    fields: dict[str, Any] = {"space": booking.space.code, **fields_of(booking.period)}
    return url_for("bookings.new", **fields)


def period_of(repair: Repair) -> Period:
    """Return the period a repair proposes."""
    return Period(repair.starts_at, repair.ends_at)


def fields_for(repair: Repair) -> Fields:
    """Return the fields of a form that asks for what a repair proposes."""
    return {"space": repair.space, **fields_of(period_of(repair))}


def fields_of(period: Period) -> Fields:
    """Return a period as the fields of a form."""
    starts, ends = clock.local(period.starts_at), clock.local(period.end)
    fields = {
        "day": starts.date().isoformat(),
        "from": f"{starts:%H:%M}",
        "to": f"{ends:%H:%M}",
    }
    if last_day(starts.date(), to=ends.time(), until=None) != ends.date():
        fields["until"] = ends.date().isoformat()
    return fields


def is_sayable(period: Period) -> bool:
    """Whether a form can say the period: of an hour that the clocks repeat it says the first."""
    return all(
        clock.wall(clock.today(at), clock.local(at).time().replace(fold=0)) == at
        for at in (period.starts_at, period.end)
    )


def spoken_time(period: Period, *, on: Period | None) -> str:
    """Return the hours; with the day when that is another one than `on` starts on."""
    same = on is not None and clock.today(on.starts_at) == clock.today(period.starts_at)
    return span(period.starts_at, period.end) if same else when(period)
