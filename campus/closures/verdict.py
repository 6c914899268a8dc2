"""What somebody wants to close, and whether that can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from campus import clock
from campus.bookings.models import Booking
from campus.clock import Period
from campus.closures import policy, queries, rules
from campus.closures.models import Choice
from campus.closures.rules import FAR, MINUTE
from campus.errors import Conflict, RuleBroken, Spoken, text
from campus.occupancy.queries import taken_between
from campus.occupancy.rules import grid_down
from campus.spaces import queries as spaces
from campus.spaces.models import Closure, Space

NO_WORDS = Spoken("", "")
MOST_SPACES = 1000
MOST_TOUCHED = 500  # bookings moved or cancelled in one go: others wait meanwhile
MOST_MET = 2000  # bookings looked at in one go: each is a choice on a page


@dataclass(frozen=True, slots=True)
class Closing:
    """What somebody wants to close.

    Attributes:
        space_ids: the spaces chosen; of a combined room its parts are closed.
        period: open where nobody knows yet until when, or where it is for good.
        is_final: the spaces are retired from the start of the period on.
        extends: the code of a closure that is to last longer; the period is what is added.
    """

    space_ids: Sequence[int]
    period: Period
    reason: Spoken = NO_WORDS
    is_final: bool = False
    extends: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody chose after they saw a preview.

    Attributes:
        seen: the digest of that preview.
        usual: what becomes of every booking that has no choice of its own.
        choices: by the booking's code.
        idem: the key of the form; once more it gives the same closure.
    """

    seen: str
    idem: str
    usual: Choice = Choice.MOVE
    choices: Mapping[str, Choice] = field(default_factory=dict)


def chosen(closing: Closing) -> list[Space]:
    """Return the spaces that are to be closed, in the campus's order.

    Raises:
        RuleBroken: there are none, or too many.
    """
    if not closing.space_ids:
        raise RuleBroken(text("Choose at least one place to close."), rule="spaces")
    if len(closing.space_ids) > MOST_SPACES:
        raise RuleBroken(
            text("Close at most %(num)s places at once.", num=MOST_SPACES), rule="spaces"
        )
    found = spaces.spaces_by_ids(closing.space_ids)
    return sorted(found.values(), key=lambda space: (space.position, space.code_key))


def check_retirable(found: Sequence[Space], closing: Closing) -> None:
    """Refuse to retire a part of what stays, or what was never there by then."""
    wholes = queries.wholes_of(closing.space_ids)
    day = clock.today(closing.period.starts_at)
    for space in found:
        reason = policy.why_not_retire(
            space, wholes=wholes.get(space.id, []), also=closing.space_ids
        )
        if reason is not None:
            raise RuleBroken(reason, rule="retire")
        if space.available_from_on is not None and day <= space.available_from_on:
            raise RuleBroken(
                text(
                    "%(space)s is in use from %(day)s; retire it after that day.",
                    space=space.name,
                    day=space.available_from_on,
                ),
                rule="available",
            )


def require_seen(digest: str, answer: Answer) -> None:
    """Refuse what was chosen for another preview."""
    if digest != answer.seen:
        raise Conflict(
            text(
                "Bookings changed while you were choosing. Nothing was done; look at them once"
                " more."
            ),
            code="stale",
        )


def require_few(choices: Iterable[Choice]) -> None:
    """Refuse to move or cancel more than others can wait for; who stays costs a mail, no more."""
    touched = sum(choice is not Choice.KEEP for choice in choices)
    if touched > MOST_TOUCHED:
        raise RuleBroken(
            text(
                "This would move or cancel %(count)s bookings; %(most)s at once is the most."
                " Choose fewer places or a shorter time.",
                count=touched,
                most=MOST_TOUCHED,
            ),
            rule="most",
        )


def require_overseen(count: int) -> None:
    """Refuse to look at more bookings than anybody can choose for."""
    if count > MOST_MET:
        raise RuleBroken(
            text(
                "This meets more than %(most)s bookings; that is the most at once. Choose fewer"
                " places or a shorter time.",
                most=MOST_MET,
            ),
            rule="most",
        )


def require_lasting(found: Sequence[Closure], *, revision: int, now: datetime) -> None:
    """Refuse to change a closure that is over, or another than was looked at."""
    if max(closure.revision for closure in found) != revision:
        raise changed_meanwhile()
    if found[0].lifted_at is not None or (found[0].ends_at or FAR) <= now:
        raise Conflict(text("This closure is over; there is nothing left to open."))


def check_sooner(closure: Closure, *, ends_at: datetime, now: datetime) -> None:
    """Refuse an end that is none, or a later one."""
    if closure.is_final:
        raise RuleBroken(text("What is retired has no end. Take it back into use instead."))
    if ends_at <= max(now, closure.starts_at):
        raise RuleBroken(text("Choose an end that is still to come, after the start."))
    if closure.ends_at is not None and ends_at > closure.ends_at:
        raise RuleBroken(text("It would last longer then; look first at what that meets."))


def changed_meanwhile() -> Conflict:
    """Return the refusal of a change by somebody who looked at an older revision."""
    return Conflict(
        text("This closure was changed meanwhile. Look at it again before you change it."),
        code="stale",
    )


def until(booking: Booking, closed: Period, *, now: datetime) -> Period | None:
    """Return a running booking cut where the closure starts; None where little would be left."""
    rule = spaces.booking_rule(booking.space.kind)
    latest = closed.starts_at - booking.buffer_after_minutes * MINUTE
    ends_at = grid_down(latest, rule.grid_minutes * MINUTE)
    shortest = booking.starts_at + rule.shortest_minutes * MINUTE
    if ends_at <= now or ends_at < shortest or ends_at >= booking.ends_at:
        return None
    return Period(booking.starts_at, ends_at)


def left_of(places: Sequence[Space], period: Period) -> dict[int, list[Period]]:
    """Return what of a period nobody has, by space."""
    closed = Period(period.starts_at, period.ends_at or FAR)
    held: dict[int, list[Period]] = {}
    for one in taken_between(closed, space_ids=[place.id for place in places]):
        held.setdefault(one.space_id, []).append(one.period)
    return {place.id: rules.parted(period, held.get(place.id, ())) for place in places}


def is_work(found: Sequence[Closure], *, now: datetime) -> bool:
    """Whether closures leave something open or have a space to retire."""
    return any(is_due(one, now=now) for one in found) or any(left_open(found, now=now))


def is_due(closure: Closure, *, now: datetime) -> bool:
    """Whether the day has come on which a closure retires its space."""
    return closure.is_final and closure.starts_at <= now


def left_open(
    found: Iterable[Closure], *, now: datetime
) -> Iterator[tuple[Closure, Space, list[Period]]]:
    """Give the times that closures should keep closed and nobody has; each when it is asked for.

    What was claimed for one is seen by the next.
    """
    lasting = [one for one in found if not (one.is_final and one.space.parts)]
    for period, together in groupby(lasting, key=lambda one: rules.begun(one.period, now=now)):
        parts = {part: one for one in together for part in spaces.parts_of(one.space)}
        left = left_of(list(parts), period) if period else {}
        for part, closure in parts.items():
            if left.get(part.id):
                yield closure, part, left[part.id]
