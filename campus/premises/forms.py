"""What staff fill in about the building, its spaces and their hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields as fields_of
from datetime import date, timedelta
from typing import Any, ClassVar, TypeVar

from babel.dates import format_date
from flask_babel import get_locale, gettext, lazy_gettext
from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError
from wtforms.widgets import TextArea

from campus.premises.models import ExceptionFields, Fields, SpaceFields, Week
from campus.spaces.models import (
    Audience,
    FeatureGroup,
    SpaceKind,
    SpaceState,
)
from campus.web.forms import (
    AreaField,
    ChoiceField,
    ClockField,
    CountField,
    DayField,
    Form,
    LineField,
    Present,
    SelectChoice,
    at_most,
)

Layout = Sequence[tuple[Any, Sequence[str]]]  # legends and names of fields, in order
Filled = TypeVar("Filled", bound=Fields | ExceptionFields)
ONE_DAY = timedelta(days=1)
NAMED = Present(lazy_gettext("Give it a name."))
CODED = Present(lazy_gettext("Give it a code."))
COUNTED = Present(lazy_gettext("Fill in a number."))
TIMED = Present(lazy_gettext("Fill in a time."))
CODE, SHORT, LONG, STORY = at_most(40), at_most(80), at_most(300), at_most(2000)
ENDS = ("opens", "closes")
MONDAY = date(2024, 1, 1)
ALL = "all"  # in addresses and forms: every kind without hours of its own
GROUPS = [
    SelectChoice(FeatureGroup.EQUIPMENT, lazy_gettext("What is there")),
    SelectChoice(FeatureGroup.ACCESSIBILITY, lazy_gettext("Accessible")),
]
RETIRED = SelectChoice(SpaceState.RETIRED, lazy_gettext("No longer in use"))
STATES = [
    SelectChoice(SpaceState.ACTIVE, lazy_gettext("In use: people can see it")),
    SelectChoice(SpaceState.DRAFT, lazy_gettext("Draft: only staff see it, here")),
]
AUDIENCES = [
    SelectChoice(Audience.MEMBERS, lazy_gettext("Every member")),
    SelectChoice(Audience.RESIDENTS, lazy_gettext("Organisations that live on campus")),
    SelectChoice(Audience.STAFF, lazy_gettext("Only the front desk, for somebody")),
]


def kind_or_none(value: Any) -> SpaceKind | None:
    """Return the kind that a choice stands for; `ALL` is none."""
    return None if value in {None, ALL} else SpaceKind(value)


def id_or_none(value: Any) -> int | None:
    """Return the id that a choice stands for; 0 is none."""
    return int(value) or None


class KeepForm(Form):
    """Base of all: which version the page showed, and which bookings may stand."""

    LAYOUT: ClassVar[Layout] = []
    rows: Sequence[Any] = ()  # beside the form of a space: what it has

    seen = HiddenField()
    kept = HiddenField()

    def filled(self, into: type[Filled], **more: Any) -> Filled:
        """Return what was filled in; values that are no field of the form are given."""
        names = [one.name for one in fields_of(into) if one.name not in more]
        return into(**{name: self[name].data for name in names}, **more)


class BuildingForm(KeepForm):
    """A building."""

    LAYOUT: ClassVar[Layout] = [("", ["name", "code"])]

    name = LineField(lazy_gettext("Name"), [NAMED, SHORT])
    code = LineField(lazy_gettext("Code"), [CODED, CODE])


class FloorForm(KeepForm):
    """A floor."""

    LAYOUT: ClassVar[Layout] = [
        ("", ["building_id", "level", "name", "code"]),
        (lazy_gettext("Shown with the plan"), ["note_nl", "note_en"]),
    ]

    building_id = ChoiceField(lazy_gettext("Building"), coerce=int)
    level = CountField(lazy_gettext("Level"), -9, 99, validators=[COUNTED])
    name = LineField(lazy_gettext("Name"), [NAMED, SHORT])
    code = LineField(lazy_gettext("Code"), [CODED, CODE])
    note_nl = LineField(lazy_gettext("Note in Dutch"), [LONG])
    note_en = LineField(lazy_gettext("Note in English"), [LONG])


class ZoneForm(KeepForm):
    """A named part of a floor."""

    LAYOUT: ClassVar[Layout] = [
        ("", ["name_nl", "name_en", "code", "position", "hint_nl", "hint_en"]),
    ]

    name_nl = LineField(lazy_gettext("Name in Dutch"), [NAMED, SHORT])
    name_en = LineField(lazy_gettext("Name in English"), [SHORT])
    code = LineField(lazy_gettext("Code"), [CODED, CODE])
    position = CountField(lazy_gettext("Place in the list"), 0, 999, empty=0)
    hint_nl = LineField(lazy_gettext("Hint in Dutch"), [LONG])
    hint_en = LineField(lazy_gettext("Hint in English"), [LONG])


class FeatureForm(KeepForm):
    """An entry of the list of features."""

    LAYOUT: ClassVar[Layout] = [
        ("", ["name_nl", "name_en", "code", "group", "icon", "position", "is_filter"]),
    ]

    name_nl = LineField(lazy_gettext("Name in Dutch"), [NAMED, SHORT])
    name_en = LineField(lazy_gettext("Name in English"), [NAMED, SHORT])
    code = LineField(lazy_gettext("Code"), [CODED, CODE])
    group = ChoiceField(lazy_gettext("Listed under"), choices=GROUPS, coerce=FeatureGroup)
    icon = ChoiceField(lazy_gettext("Icon"))
    is_filter = BooleanField(lazy_gettext("People can ask for it when they book"))
    position = CountField(lazy_gettext("Place in the list"), 0, 999, empty=0)


class SpaceForm(KeepForm):
    """A space; what it has is asked beside the fields, one row for each feature of the list."""

    LAYOUT: ClassVar[Layout] = [
        ("", ["name", "code", "kind", "state"]),
        (
            lazy_gettext("Where it is"),
            ["floor_id", "zone_id", "place_nl", "place_en", "way_nl", "way_en"],
        ),
        (
            lazy_gettext("What it is"),
            ["capacity", "area_dm2", "about_nl", "about_en", "tenant", "position"],
        ),
        (
            lazy_gettext("For whom, and when"),
            [
                "audience",
                "available_from_on",
                "last_on",
                "buffer_before_minutes",
                "buffer_after_minutes",
            ],
        ),
    ]

    name = LineField(lazy_gettext("Name"), [NAMED, SHORT])
    code = LineField(lazy_gettext("Code"), [CODED, CODE])
    kind = ChoiceField(lazy_gettext("Kind"), coerce=SpaceKind)
    state = ChoiceField(lazy_gettext("State"), choices=STATES, coerce=SpaceState)
    audience = ChoiceField(lazy_gettext("Who may book it"), choices=AUDIENCES, coerce=Audience)
    floor_id = ChoiceField(lazy_gettext("Floor"), coerce=id_or_none)
    zone_id = ChoiceField(lazy_gettext("Zone"), coerce=id_or_none)
    capacity = CountField(lazy_gettext("Number of people"), 1, 9999)
    area_dm2 = AreaField(lazy_gettext("Area in m²"))
    buffer_before_minutes = CountField(lazy_gettext("Minutes kept free before"), 0, 480, empty=0)
    buffer_after_minutes = CountField(lazy_gettext("Minutes kept free after"), 0, 480, empty=0)
    available_from_on = DayField(lazy_gettext("First day it is there"))
    last_on = DayField(lazy_gettext("Last day it is there"))
    place_nl = LineField(lazy_gettext("Place in Dutch"), [LONG])
    place_en = LineField(lazy_gettext("Place in English"), [LONG])
    about_nl = LineField(lazy_gettext("About it in Dutch"), [STORY], widget=TextArea())
    about_en = LineField(lazy_gettext("About it in English"), [STORY], widget=TextArea())
    way_nl = LineField(lazy_gettext("The way there in Dutch"), [LONG])
    way_en = LineField(lazy_gettext("The way there in English"), [LONG])
    tenant = LineField(lazy_gettext("Who has it, as on its door"), [SHORT])
    position = CountField(lazy_gettext("Place in the list"), 0, 99999, empty=0)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a form beside which a feature has no number."""
        is_right = bool(super().validate(extra_validators=extra_validators))
        if any(row.is_wrong for row in self.rows):
            self.form_errors.append(gettext("Say how many there are of each, from 1 to 999."))
            return False
        return is_right

    def validate_last_on(self, field: DayField) -> None:
        """Refuse a last day before the first."""
        if field.data and self.available_from_on.data and field.data < self.available_from_on.data:
            raise ValidationError(lazy_gettext("The last day comes before the first."))

    def fields(self) -> SpaceFields:
        """Return what was filled in; call it only after the form validated."""
        gone: date | None = self.last_on.data + ONE_DAY if self.last_on.data else None
        return self.filled(SpaceFields, available_until_on=gone)


class RuleForm(KeepForm):
    """What a kind may be booked for."""

    LAYOUT: ClassVar[Layout] = [
        ("", ["horizon_days", "notice_minutes", "grid_minutes", "shortest_minutes"]),
        ("", ["longest_minutes", "longest_days", "one_per_person"]),
        (
            lazy_gettext("Half-days"),
            ["morning_starts", "morning_ends", "afternoon_starts", "afternoon_ends"],
        ),
    ]

    horizon_days = CountField(lazy_gettext("Days ahead"), 0, 730, validators=[COUNTED])
    notice_minutes = CountField(
        lazy_gettext("Minutes before the start, at least"), 0, 43200, empty=0
    )
    grid_minutes = CountField(lazy_gettext("Steps, in minutes"), 5, 240, validators=[COUNTED])
    shortest_minutes = CountField(
        lazy_gettext("Shortest, in minutes"), 5, 1440, validators=[COUNTED]
    )
    longest_minutes = CountField(lazy_gettext("Longest, in minutes"), 5, 10080)
    longest_days = CountField(lazy_gettext("Longest, in open days"), 1, 60, empty=1)
    one_per_person = BooleanField(lazy_gettext("One at a time for each person"))
    morning_starts = ClockField(lazy_gettext("Morning from"), [TIMED])
    morning_ends = ClockField(lazy_gettext("Morning to"), [TIMED])
    afternoon_starts = ClockField(lazy_gettext("Afternoon from"), [TIMED])
    afternoon_ends = ClockField(lazy_gettext("Afternoon to"), [TIMED])


class WeekForm(KeepForm):
    """Hours from Monday to Sunday: two times, or none for a closed day."""

    LAYOUT: ClassVar[Layout] = [("", [f"{end}_{n}" for n in range(7) for end in ENDS])]

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        for number in range(7):
            named = format_date(MONDAY + number * ONE_DAY, "EEEE", locale=str(get_locale()))
            self[f"opens_{number}"].label.text = gettext("%(day)s from", day=named)
            self[f"closes_{number}"].label.text = gettext("%(day)s to", day=named)

    def week(self) -> Week:
        """Return what was filled in, Monday first."""
        return [(self[f"opens_{n}"].data, self[f"closes_{n}"].data) for n in range(7)]


for _name in WeekForm.LAYOUT[0][1]:
    setattr(WeekForm, _name, ClockField())


class ExceptionForm(KeepForm):
    """Other hours on some days, or none."""

    LAYOUT: ClassVar[Layout] = [
        ("", ["kind", "is_closed", "first", "last", "opens", "closes"]),
        (lazy_gettext("Why, for who looks"), ["reason_nl", "reason_en"]),
    ]

    kind = ChoiceField(lazy_gettext("For"), coerce=kind_or_none)
    is_closed = ChoiceField(
        lazy_gettext("What"),
        choices=[
            SelectChoice("1", lazy_gettext("Closed")),
            SelectChoice("0", lazy_gettext("Open at other hours")),
        ],
    )
    first = DayField(lazy_gettext("Day"), [Present(lazy_gettext("Choose a day."))])
    last = DayField(lazy_gettext("Last day, where there are several"))
    opens = ClockField(lazy_gettext("Open from"))
    closes = ClockField(lazy_gettext("Open to"))
    reason_nl = LineField(lazy_gettext("Reason in Dutch"), [LONG])
    reason_en = LineField(lazy_gettext("Reason in English"), [LONG])

    def validate_closes(self, field: ClockField) -> None:
        """Ask for both times where it is open."""
        if self.is_closed.data == "0" and (self.opens.data is None or field.data is None):
            raise ValidationError(lazy_gettext("Fill in from when to when it is open."))

    def fields(self) -> ExceptionFields:
        """Return what was filled in; call it only after the form validated."""
        closed = {"opens": None, "closes": None} if self.is_closed.data == "1" else {}
        return self.filled(ExceptionFields, last=self.last.data or self.first.data, **closed)


class HolidaysForm(KeepForm):
    """Whether the campus closes on public holidays."""

    LAYOUT: ClassVar[Layout] = [("", ["closes", "good_friday"])]

    closes = BooleanField(lazy_gettext("Closed on Dutch public holidays"))
    good_friday = BooleanField(lazy_gettext("Good Friday is one of them"))
