"""What the page of a booking shows: values for its template, worked out from what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from campus import clock
from campus.bookings import policy, queries, rules, service, verdict, ways
from campus.bookings.models import Booking, BookingChange, BookingState, Verb
from campus.bookings.verdict import Longer
from campus.clock import Period
from campus.errors import Text, text
from campus.members.models import Actor
from campus.occupancy.queries import Taken, taken_between
from campus.spaces import policy as words
from campus.spaces import queries as spaces
from campus.spaces.models import Space
from campus.web import strips
from campus.web.strips import Cell


class Stage(StrEnum):
    """Where a booking is, seen from now."""

    COMING = "coming"
    RUNNING = "running"
    OVER = "over"
    RELEASED = "released"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A stretch of the day that is taken."""

    starts_at: datetime
    ends_at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The day of a booking: its hours and who has the space when."""

    hours: Period
    parcels: tuple[Parcel, ...]
    cells: tuple[Cell, ...]

    @property
    def marks(self) -> list[tuple[int, datetime]]:
        """Every second hour and its cell, for the axis."""
        return list(strips.hour_marks(self.hours))


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a booking."""

    at: datetime
    words: Text


@dataclass(frozen=True, slots=True)
class Page:
    """A booking as its page shows it.

    Attributes:
        day: its hours and claims while something can still be changed, else None.
        why_not: why this reader may change nothing, or None.
        around: the spaces of its floor, for the cut-out of the plan.
        looks: by id of such a space "busy", where somebody else has it meanwhile.
        undo: the last step, while this reader can take it back.
        undo_until: until when, as people read it, with seconds.
        undo_left: how long still, in seconds, when this was asked.
        again: the address of a form that asks for the same once more.
        last: what happened last.
        is_news: it happened just now.
        why: what happened last, where staff gave a reason for it.
    """

    booking: Booking
    name: Text
    stage: Stage
    why_not: Text | None
    history: tuple[Happening, ...]
    again: str
    day: Day | None = None
    longer: Longer | None = None
    around: Sequence[Space] = ()
    looks: Mapping[int, str] = field(default_factory=dict)
    undo: Verb | None = None
    undo_until: str = ""
    undo_left: float = 0
    last: Verb | None = None
    is_news: bool = False
    why: Text | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is anything left to change."""
        return self.stage in {Stage.COMING, Stage.RUNNING}


def page_of(booking: Booking, *, actor: Actor, now: datetime) -> Page:
    """Return everything the page of a booking shows this reader."""
    changes = queries.changes_of(booking)
    last = changes[-1] if changes else None
    stage = stage_of(booking, now=now)
    around = spaces.spaces_on_floor(booking.space.floor_id) if booking.space.floor_id else []
    own = {part.id for part in spaces.parts_of(booking.space)}
    shown = _shown_days(booking, now=now)
    taken = taken_between(shown, space_ids=sorted(own | {space.id for space in around}))
    day, longer = None, None
    if stage in {Stage.COMING, Stage.RUNNING}:
        mine = [one for one in taken if one.space_id in own]
        day, longer = _day_and_longer(
            booking, on=clock.today(shown.starts_at), taken=mine, now=now
        )
    history = _history(booking, changes)
    undoable = last is not None and service.undoable(last, actor=actor, now=now)
    return Page(
        booking=booking,
        name=words.named(booking.space),
        stage=stage,
        why_not=policy.why_not_change(actor, booking),
        history=tuple(history),
        again=ways.form_for(booking),
        day=day,
        longer=longer,
        around=around,
        looks={one.space_id: "busy" for one in taken if _is_in_the_way(one, booking)},
        undo=last.verb if last and undoable else None,
        undo_until=_to_the_second(last.at + rules.UNDO_FOR) if last and undoable else "",
        undo_left=_left(last.at + rules.UNDO_FOR, now=now) if last and undoable else 0,
        last=last.verb if last else None,
        is_news=last is not None and now < last.at + rules.UNDO_FOR,
        why=history[-1].words if last is not None and last.reason else None,
    )


def stage_of(booking: Booking, *, now: datetime) -> Stage:
    """Return where a booking is, seen from `now`."""
    if booking.state is BookingState.CANCELLED:
        return Stage.CANCELLED
    if booking.state is BookingState.RELEASED:
        return Stage.RELEASED
    if booking.ends_at <= now:
        return Stage.OVER
    return Stage.RUNNING if booking.starts_at <= now else Stage.COMING


def _left(at: datetime, *, now: datetime) -> float:
    return max((at - now).total_seconds(), 0)


def _to_the_second(at: datetime) -> str:
    return f"{clock.local(at):%H:%M:%S}"


# --- the day, and how much longer -------------------------------------------------------------


def _shown_days(booking: Booking, *, now: datetime) -> Period:
    """Return the days to look at: from today, or the first one, to the last."""
    days = clock.days_of(booking.period)
    first = clock.today(now) if clock.today(now) in days else days[0]
    return Period(clock.midnight(first), clock.day_period(days[-1]).end)


def _is_in_the_way(one: Taken, booking: Booking) -> bool:
    return one.booking_id != booking.id and one.period.overlaps(booking.period)


def _day_and_longer(
    booking: Booking, *, on: date, taken: Sequence[Taken], now: datetime
) -> tuple[Day, Longer]:
    last = clock.days_of(booking.period)[-1]
    terms = verdict.terms_of(spaces.booking_rule(booking.space.kind))
    opened = verdict.hours_for(booking.space, first=on, last=last).periods
    return (
        _day(booking, opened=opened.get(on), on=on, taken=taken, now=now),
        verdict.longer_of(booking, terms=terms, opened=opened.get(last), taken=taken),
    )


def _day(
    booking: Booking, *, opened: Period | None, on: date, taken: Sequence[Taken], now: datetime
) -> Day:
    hours = opened or clock.day_period(on)
    claims = [(one.period, one.booking_id == booking.id) for one in taken]
    shown = [
        (booking.period if is_mine else period, is_mine)
        for period, is_mine in claims
        if period.overlaps(hours)
    ]
    looks = [(period, _look(period, is_mine=is_mine, now=now)) for period, is_mine in shown]
    return Day(
        hours=hours,
        parcels=tuple(
            Parcel(
                max(period.starts_at, hours.starts_at),
                min(period.ends_at or hours.end, hours.end),
                is_mine,
            )
            for period, is_mine in dict.fromkeys(shown)
        ),
        cells=(*strips.cells(hours, dict.fromkeys(looks)), *strips.now_cell(hours, now=now)),
    )


def _look(period: Period, *, is_mine: bool, now: datetime) -> str:
    if is_mine:
        return "mine"
    return "past" if period.ends_at is not None and period.ends_at <= now else ""


# --- history ----------------------------------------------------------------------------------


def _history(booking: Booking, changes: Sequence[BookingChange]) -> list[Happening]:
    ids = {one.space_id for one in changes if one.space_id is not None} - {booking.space_id}
    places = {booking.space_id: booking.space, **spaces.spaces_by_ids(ids)}
    afters: list[Booking | BookingChange] = [*changes[1:], booking]
    return [
        Happening(change.at, _words(change, booking=booking, was=_was(change, after, places)))
        for change, after in zip(changes, afters, strict=False)
    ]


def _words(change: BookingChange, *, booking: Booking, was: Text | None) -> Text:
    who = change.person.name
    if change.verb is Verb.BOOK and booking.source is not None:
        return text("Brought in from another calendar by %(who)s", who=who)
    if change.verb is Verb.BOOK and booking.person_id != booking.booked_by_id:
        return text("Booked by %(who)s for %(guest)s", who=who, guest=booking.person.name)
    if change.verb is Verb.CHANGE and was is None:
        return text("Subject or note changed by %(who)s", who=who)
    if change.reason:
        return _with_reason(change, who=who, was=was)
    return {
        Verb.BOOK: text("Booked by %(who)s", who=who),
        Verb.CHANGE: text("Moved by %(who)s; it was %(before)s", who=who, before=was),
        Verb.EXTEND: text("Made longer by %(who)s; it was %(before)s", who=who, before=was),
        Verb.RELEASE: text("Given back by %(who)s", who=who),
        Verb.CANCEL: text("Cancelled by %(who)s", who=who),
        Verb.UNDO: text("Undone by %(who)s", who=who),
    }[change.verb]


def _with_reason(change: BookingChange, *, who: str, was: Text | None) -> Text:
    if change.verb is Verb.CANCEL:
        return text("Cancelled by %(who)s: %(reason)s", who=who, reason=change.reason)
    if change.verb is Verb.RELEASE:
        return text("Ended early by %(who)s: %(reason)s", who=who, reason=change.reason)
    return text(
        "Moved by %(who)s: %(reason)s It was %(before)s",
        who=who,
        reason=_as_sentence(change.reason),
        before=was,
    )


def _as_sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _was(
    change: BookingChange, after: Booking | BookingChange, places: dict[int, Space]
) -> Text | None:
    """Return where and when it was before a change; None when that stayed as it was."""
    if change.space_id is None or change.starts_at is None or change.ends_at is None:
        return None
    before = (change.space_id, change.starts_at, change.ends_at)
    if before == (after.space_id, after.starts_at, after.ends_at):
        return None
    return text(
        "%(place)s, %(when)s",
        place=words.named(places[change.space_id]),
        when=ways.spoken_time(Period(change.starts_at, change.ends_at), on=None),
    )
