"""What the forms of bookings ask: days and times of the campus's own clock."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, Field, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput, TextArea

from campus import clock
from campus.clock import Period
from campus.spaces.models import SpaceKind
from campus.web.forms import (
    KEY,
    ClockField,
    DayField,
    Form,
    KeyField,
    LineField,
    Present,
    at_most,
)

LONGEST_TITLE = 200
LONGEST_NOTE = 1000
LONGEST_CODE = 40
LONGEST_ADDRESS = 254
DIGITS = 4
ONE_DAY = timedelta(days=1)
MIDNIGHT = time(0)
INCOMPLETE = lazy_gettext("This form is incomplete. Load the page again.")


class WholeField(Field):
    """A whole number from 0 up, carried along; empty is none."""

    widget = HiddenInput()
    data: int | None

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the first value, or refuse what is no number."""
        raw = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not raw:
            return
        if not (raw.isascii() and raw.isdigit() and len(raw) <= DIGITS):
            raise ValueError(lazy_gettext("Write a whole number."))
        self.data = int(raw)


class TimesForm(Form):
    """A day, from and to, and the last day where there are several."""

    day = DayField(lazy_gettext("Day"), [Present(lazy_gettext("Choose a day."))])
    from_ = ClockField(
        lazy_gettext("From"), [Present(lazy_gettext("Choose when it starts."))], name="from"
    )
    to = ClockField(lazy_gettext("To"), [Present(lazy_gettext("Choose when it ends."))])
    until = DayField(lazy_gettext("Last day"))

    def validate_to(self, field: ClockField) -> None:
        """Refuse an end that is not after the start; a night needs its last day."""
        if self.day.data is None or self.from_.data is None or field.data is None:
            return
        last = last_day(self.day.data, to=field.data, until=self.until.data)
        if last < self.day.data:
            raise ValidationError(lazy_gettext("The last day comes before the first."))
        if (last, field.data) <= (self.day.data, self.from_.data):
            raise ValidationError(
                lazy_gettext("The end must be after the start. For a night, fill in the last day.")
            )

    def period(self) -> Period:
        """Return the period typed; call it only after the form validated.

        `to` 00:00 without a later `until` is the midnight that ends the day.

        Raises:
            RuleBroken: the clocks skip one of the times.
        """
        day, from_, to = self.day.data, self.from_.data, self.to.data
        if day is None or from_ is None or to is None:
            raise ValueError("a period is asked of a form that was not validated")
        last = last_day(day, to=to, until=self.until.data)
        return Period(clock.instant(day, from_), clock.instant(last, to))


def last_day(day: date, *, to: time, until: date | None) -> date:
    """Return the day on which it ends; midnight without a later day ends `day` itself."""
    last = until or day
    return last + ONE_DAY if last == day and to == MIDNIGHT else last


class BookingForm(TimesForm):
    """A space, or any one of a kind, for a period."""

    space = LineField(lazy_gettext("Place"), [at_most(LONGEST_CODE)])
    title = LineField(lazy_gettext("Subject"), [at_most(LONGEST_TITLE)])
    note = LineField(lazy_gettext("Note"), [at_most(LONGEST_NOTE)], widget=TextArea())
    idem = KeyField()
    any_ = LineField(name="any")  # a kind: any free one that fits
    zone = LineField(validators=[at_most(LONGEST_CODE)])
    has = SelectMultipleField(validate_choice=False)
    people = WholeField()
    for_ = LineField(
        lazy_gettext("For"),
        [at_most(LONGEST_ADDRESS)],
        name="for",
    )
    anyway = BooleanField(lazy_gettext("Set the rules aside"))

    # What an address may say of it; words, people and keys are nobody's business there.
    IN_ADDRESS = ("space", "day", "from", "to", "until", "any", "zone", "has", "people", "anyway")
    PRIVATE = ("title", "note", "for")

    def validate_space(self, field: LineField) -> None:
        """Ask for a place, unless any one will do."""
        if not field.data and self.wanted_kind is None:
            raise ValidationError(lazy_gettext("Choose a place, such as a desk or a room."))

    @property
    def wanted_kind(self) -> SpaceKind | None:
        """The kind of which any free one will do; None when one space is asked for."""
        asked = self.any_.data if not self.space.data else ""
        return next((kind for kind in SpaceKind if kind == asked), None)

    def renew_key(self, key: str, *, keep: bool) -> None:
        """Give the form the key for its next sending; the one it has, if that can be kept."""
        if not (keep and KEY.fullmatch(self.idem.data or "")):
            self.idem.data = key


class ChangeForm(TimesForm):
    """Another space, time or subject for a booking, as it stood at `revision`."""

    NAMES = ("space", "day", "from", "to", "until", "title", "note", "revision", "reason")

    space = LineField(
        lazy_gettext("Place"), [Present(lazy_gettext("Choose a place.")), at_most(LONGEST_CODE)]
    )
    title = LineField(lazy_gettext("Subject"), [at_most(LONGEST_TITLE)])
    note = LineField(lazy_gettext("Note"), [at_most(LONGEST_NOTE)], widget=TextArea())
    reason = LineField(lazy_gettext("Why"), [at_most(LONGEST_TITLE)])  # asked of staff
    revision = WholeField(validators=[Present(INCOMPLETE)])


class ExtendForm(Form):
    """How much longer, for a booking as it stood at `revision`."""

    minutes = WholeField(
        validators=[Present(lazy_gettext("Choose how much longer, from 15 minutes up."))]
    )
    revision = WholeField(validators=[Present(INCOMPLETE)])


class ReasonForm(Form):
    """Why, for the person who hears of it."""

    reason = LineField(lazy_gettext("Why"), [at_most(LONGEST_TITLE)])
