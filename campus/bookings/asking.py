"""From a form to what is asked of the campus, and what the form has to know for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from werkzeug.datastructures import MultiDict

from campus import clock
from campus.bookings import policy, queries, repairs, rules, verdict, ways
from campus.bookings.forms import BookingForm, ChangeForm, TimesForm
from campus.bookings.models import Asked, Booking
from campus.bookings.repairs import Wanted
from campus.clock import Period
from campus.errors import NotFound, RuleBroken, Text, require, text
from campus.members import queries as members
from campus.members.models import Actor, Person
from campus.spaces import policy as words
from campus.spaces import queries as spaces
from campus.spaces.models import Space, SpaceKind, Unit

Said = MultiDict[str, str]
FIRST_HOUR, LAST_HOUR = time(8), time(20)  # offered where the day's own hours are not known
QUARTER = 15
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)  # an end at midnight is of the day before
NOBODY = 0  # no person's id


def with_next_hour(said: Said, *, now: datetime) -> Said:
    """Return what an address says; where it says no time at all, the next hour."""
    if any(name in said for name in ("day", "from", "to", "until")):
        return said
    whole = now.replace(second=0, microsecond=0)
    starts_at = whole + timedelta(minutes=QUARTER - whole.minute % QUARTER)
    hour = ways.fields_of(Period(starts_at, starts_at + HOUR))
    return MultiDict([*said.items(multi=True), *hour.items()])


def asked(form: BookingForm, *, actor: Actor) -> Asked:
    """Return what a valid form asks for.

    Raises:
        NotFound: there is no such space.
        RuleBroken: the clocks skip a time, or nobody has the address it is for.
    """
    return Asked(
        space=spaces.space_by_code(form.space.data or ""),
        period=form.period(),
        title=form.title.data or "",
        note=form.note.data or "",
        guest=guest_of(form, actor=actor),
        anyway=bool(form.anyway.data) and actor.is_staff,
    )


def guest_of(form: BookingForm, *, actor: Actor) -> Actor | None:
    """Return the member that staff book for; None when people book for themselves.

    Raises:
        Forbidden: somebody else than staff names another person.
        RuleBroken: nobody has that address or code.
    """
    said = (form.for_.data or "").lower()
    if not said or said == actor.email:
        return None
    # Asked before anybody is looked for, so that the answer tells nothing of who is known here.
    require(policy.why_not_book_for(actor, replace(actor, person_id=NOBODY)))
    person = _person(said)
    if person is None:
        raise RuleBroken(
            text("Nobody with the address %(email)s is known here.", email=said), rule="guest"
        )
    guest = members.actor_of(person)
    if guest.organisation_id is None:
        raise RuleBroken(
            text("%(name)s is not a member of an organisation.", name=guest.name), rule="guest"
        )
    return guest


def _person(said: str) -> Person | None:
    """Return the active person who has an address, or a code: an address of a page says that."""
    find = members.person_by_email if "@" in said else members.person_by_code
    person = find(said)
    return person if person is not None and person.active else None


def name_guest(form: BookingForm, *, actor: Actor) -> None:
    """Write the address of a person whom staff chose by their code, so that people can read it."""
    said = form.for_.data or ""
    person = _person(said.lower()) if said and actor.is_staff else None
    if person is not None:
        form.for_.data = person.email


def wanted(form: BookingForm, space: Space, *, actor: Actor) -> Wanted | None:
    """Return what a refused form wanted, with its wishes; None where it says no time."""
    period = period_in(form)
    if period is None:
        return None
    is_any = form.wanted_kind is not None
    return Wanted(
        space,
        period,
        person_id=(guest_of(form, actor=actor) or actor).person_id,
        people=form.people.data or (0 if is_any else None),
        among=fitting(form) if is_any else None,
    )


def candidates(form: BookingForm, *, actor: Actor) -> list[Asked]:
    """Return what to try for "any free one that fits": the best first, and free ones first.

    Raises:
        RuleBroken: no space has what is wished for.
        Forbidden: this actor may not book any of them.
    """
    period, guest = form.period(), guest_of(form, actor=actor)
    found = [space for space in fitting(form) if _is_there(space, period)]
    if not found:
        raise RuleBroken(
            text("There is none that has all of this. Leave out a wish."), rule="nothing_fits"
        )
    mine = [space for space in found if policy.why_not_book(actor, space) is None]
    if not mine:
        require(policy.why_not_book(actor, found[0]))
    first = Asked(
        space=mine[0],
        period=period,
        title=form.title.data or "",
        note=form.note.data or "",
        guest=guest,
        anyway=bool(form.anyway.data) and actor.is_staff,
        wish=wish_of(form),
    )
    last = queries.last_of_kind(person_id=(guest or actor).person_id, kind=mine[0].kind)
    best = _best_first(mine, period=period, last=last, people=form.people.data)
    return [replace(first, space=space) for space in best]


def fitting(form: BookingForm) -> list[Space]:
    """Return the spaces of the kind asked for that have everything wished for."""
    kind = form.wanted_kind
    found = spaces.spaces_by_kind([kind] if kind else [])
    if form.zone.data:
        found = [space for space in found if space.zone and space.zone.code == form.zone.data]
    if people := form.people.data:
        found = [space for space in found if (space.capacity or 0) >= people]
    if wishes := set(form.has.data or []):
        has = spaces.features_of([space.id for space in found])
        found = [
            space
            for space in found
            if wishes <= {one.feature.code for one in has.get(space.id, [])}
        ]
    return found


def wish_of(form: BookingForm) -> str:
    """Return the wish in one line, to tell it from another under the same key."""
    wishes = ",".join(sorted(form.has.data or []))
    return f"any {form.any_.data} {form.zone.data} {wishes} {form.people.data or ''}"


def _is_there(space: Space, period: Period) -> bool:
    """Whether a space is in use from the first day to the last; it does not come and go."""
    days = clock.today(period.starts_at), clock.today(period.end - MOMENT)
    return all(space.is_available_on(day) for day in days)


def _best_first(
    found: Sequence[Space], *, period: Period, last: Booking | None, people: int | None
) -> list[Space]:
    """Order spaces as they are offered: free ones, then most like the last one, then as listed."""
    free = _free_ids(found, period=period)
    usual = last.space if last else None
    size = people or (usual.capacity if usual else None)

    def order(space: Space) -> tuple[bool, bool, bool, int]:
        return (
            space.id not in free,
            usual is None or space.id != usual.id,
            usual is None or space.zone_id is None or space.zone_id != usual.zone_id,
            abs((space.capacity or 0) - size) if size else 0,
        )

    return sorted(found, key=order)


def _free_ids(found: Sequence[Space], *, period: Period, but: Booking | None = None) -> set[int]:
    if period.length > verdict.YEAR:
        return set()
    days = clock.days_of(period)
    terms = verdict.terms_of(spaces.booking_rule(found[0].kind))
    hours = verdict.hours_for(found[0], first=days[0], last=days[-1])
    periods = rules.claims(period, hours=hours, per_day=terms.per_day)
    free = repairs.free_of(found, periods=periods or [period], but=but)
    return {space.id for space in free}


# --- what a form needs to know -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the form of a booking needs to know of the space it is about.

    Attributes:
        kind: also of "any free one", where there is no space yet.
        first, last: the hours to choose from; a last of 00:00 is midnight.
        has_days: several days can be one booking.
        free, others: spaces to move to, where that is asked: those free then, and the others.
    """

    space: Space | None = None
    kind: SpaceKind | None = None
    first: time = FIRST_HOUR
    last: time = LAST_HOUR
    step: int = QUARTER
    has_days: bool = False
    free: Sequence[Space] = ()
    others: Sequence[Space] = ()

    @property
    def name(self) -> Text | None:
        """What people call the space."""
        return words.named(self.space) if self.space else None

    @property
    def asks_title(self) -> bool:
        """Whether colleagues may want to know what it is for; never of a desk."""
        return self.kind is not None and self.kind not in policy.WITHOUT_TITLE


def sheet_of(
    form: BookingForm | ChangeForm, *, kind: SpaceKind | None, moving: Booking | None = None
) -> Sheet:
    """Return what a form needs to know of its space; of no space, only what everybody knows.

    Args:
        moving: the booking that could go to another space.
    """
    space = _space_in(form)
    kind = space.kind if space else kind
    if kind is None:
        return Sheet()
    rule = spaces.booking_rules().get(kind)
    first, last = _hours(kind, form.day.data)
    free, others = _to_move_to(form, kind, moving) if moving is not None else ([], [])
    return Sheet(
        space=space,
        kind=kind,
        first=first,
        last=last,
        step=rule.grid_minutes if rule else QUARTER,
        has_days=rule is not None and rule.unit is Unit.DAY,
        free=free,
        others=others,
    )


def _to_move_to(
    form: TimesForm, kind: SpaceKind, booking: Booking
) -> tuple[list[Space], list[Space]]:
    """Return the spaces that are free at the time a form says, and the others."""
    every = spaces.spaces_by_kind([kind])
    period = period_in(form) or booking.period
    there = [space for space in every if _is_there(space, period)]
    free = _free_ids(there, period=period, but=booking) if there else set()
    return (
        [space for space in every if space.id in free],
        [space for space in every if space.id not in free],
    )


def _hours(kind: SpaceKind, day: date | None) -> tuple[time, time]:
    opened = spaces.opening(kind, first=day, last=day).periods.get(day) if day else None
    if opened is None:
        return FIRST_HOUR, LAST_HOUR
    return clock.local(opened.starts_at).time(), clock.local(opened.end).time()


def _space_in(form: BookingForm | ChangeForm) -> Space | None:
    try:
        return spaces.space_by_code(form.space.data) if form.space.data else None
    except NotFound:
        return None


def period_in(form: TimesForm) -> Period | None:
    """Return the period that a form says, if it says one."""
    try:
        return form.period()
    except (RuleBroken, ValueError):
        return None
