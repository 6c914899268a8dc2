"""What the forms of closures ask: which spaces, from when until when, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext
from wtforms import SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from campus import clock
from campus.clock import Period
from campus.closures.models import Choice
from campus.web.forms import ClockField, DayField, Form, KeyField, LineField, Present, at_most

LONGEST_REASON = 200
LONGEST_CODE = 40
OWN = "c-"  # before the code of a booking: what becomes of it
ONE_DAY = timedelta(days=1)
CHOOSE_DAY = lazy_gettext("Choose a day.")


class EndForm(Form):
    """Until when."""

    until = DayField(lazy_gettext("Up to and including"), [Present(CHOOSE_DAY)])
    to = ClockField(lazy_gettext("Until"), [Present(lazy_gettext("Choose when it ends."))])

    @classmethod
    def of(cls, period: Period) -> EndForm:
        """Return the form as it begins: with the end there is, else with the first day."""
        wall = clock.local(period.ends_at or period.starts_at)
        is_midnight = period.ends_at is not None and wall.time() == time(0)
        last = wall.date() - ONE_DAY if is_midnight else wall.date()  # see `end_of`
        return cls(formdata=None, until=last, to=wall.time())

    def ends_at(self) -> datetime:
        """Return the end typed; call it only after the form validated.

        Raises:
            RuleBroken: the clocks skip that time.
        """
        if self.until.data is None or self.to.data is None:
            raise ValueError("an end is asked of a form that was not validated")
        return end_of(self.until.data, self.to.data)


class ClosingForm(Form):
    """Spaces one by one, by floor, zone or kind; from when, until when or for good; and why.

    Without a time it starts with the first day: today that is now, for what is past cannot close.
    """

    LENGTHS = (
        ("at", lazy_gettext("Until a day and time")),
        ("open", lazy_gettext("Until further notice")),
        ("final", lazy_gettext("For good: the place is retired")),
    )

    space = SelectMultipleField(validate_choice=False)
    floor = SelectMultipleField(validate_choice=False)
    zone = SelectMultipleField(validate_choice=False)
    kind = SelectMultipleField(validate_choice=False)
    day = DayField(lazy_gettext("First day"), [Present(CHOOSE_DAY)])
    from_ = ClockField(lazy_gettext("From"), name="from")
    ends = LineField(lazy_gettext("For how long"), default="at")
    until = DayField(lazy_gettext("Last day"))
    to = ClockField(lazy_gettext("Until"))
    reason_nl = LineField(lazy_gettext("Why, in Dutch"), [at_most(LONGEST_REASON)])
    reason_en = LineField(lazy_gettext("Why, in English"), [at_most(LONGEST_REASON)])
    extends = LineField(validators=[at_most(LONGEST_CODE)], widget=HiddenInput())
    idem = KeyField()

    @property
    def is_final(self) -> bool:
        """Whether the spaces go out of use for good; then whole days count."""
        return bool(self.ends.data == "final")

    def validate_ends(self, field: LineField) -> None:
        """Refuse a length that was not offered."""
        if field.data not in dict(self.LENGTHS):
            raise ValidationError(lazy_gettext("Choose for how long."))

    def validate_until(self, field: DayField) -> None:
        """Refuse a last day before the first."""
        first, last = self.day.data, field.data
        if self.ends.data == "at" and first and last and last < first:
            raise ValidationError(lazy_gettext("The last day comes before the first."))

    def validate_to(self, field: ClockField) -> None:
        """Ask when it ends, where it ends; an end comes after the start."""
        if self.ends.data != "at":
            return
        if field.data is None:
            raise ValidationError(lazy_gettext("Choose when it ends."))
        day, from_ = self.day.data, self.from_.data
        last = self.until.data or day
        if day is None or from_ is None or last is None or last < day:
            return
        if end_of(last, field.data, first=day) <= clock.wall(day, from_):
            raise ValidationError(lazy_gettext("The end must be after the start."))

    def period(self) -> Period:
        """Return the period typed; call it only after the form validated.

        Raises:
            RuleBroken: the clocks skip one of the times.
        """
        day, from_, to = self.day.data, self.from_.data, self.to.data
        if day is None:
            raise ValueError("a period is asked of a form that was not validated")
        if self.is_final:
            return Period(clock.midnight(day), None)
        starts_at = clock.instant(day, from_ or time(0))
        if self.ends.data == "open" or to is None:
            return Period(starts_at, None)
        return Period(starts_at, end_of(self.until.data or day, to, first=day))


def end_of(last: date, to: time, *, first: date | None = None) -> datetime:
    """Return the instant of an end; midnight with no later day is the one that ends the day."""
    if to == time(0) and first in {None, last}:
        return clock.midnight(last + ONE_DAY)
    return clock.instant(last, to)


def own_choices(said: Mapping[str, str]) -> dict[str, Choice]:
    """Return what a form chose for single bookings, by their codes; what it misspelt is left."""
    known = {choice.value: choice for choice in Choice}
    return {
        name.removeprefix(OWN): known[value]
        for name, value in said.items()
        if name.startswith(OWN) and value in known
    }


def usual_choice(said: Mapping[str, str]) -> Choice:
    """Return what a form chose for all bookings: by a button just now, or before."""
    wanted = said.get("set") or said.get("all") or Choice.MOVE
    return next((choice for choice in Choice if choice == wanted), Choice.MOVE)
