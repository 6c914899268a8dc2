"""Whether a change may be made as it stands: is it known what is changed, and what is booked?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields as fields_of
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from campus import clock
from campus.bookings.policy import is_beyond
from campus.db import Base, db
from campus.errors import Conflict, RuleBroken, Text, text
from campus.premises import policy, queries, rules
from campus.premises.models import (
    Coming,
    ExceptionFields,
    FallOutside,
    FeatureUse,
    Fields,
    RuleFields,
    Seen,
    SpaceFields,
)
from campus.premises.queries import Held
from campus.spaces import queries as spaces
from campus.spaces.models import (
    Building,
    Feature,
    Floor,
    OpeningHours,
    Site,
    Space,
    SpaceKind,
    SpaceState,
    Unit,
    Zone,
    check_code,
)

MOST_DAYS = 60
ONE_DAY = timedelta(days=1)
TAKEN: dict[type[Base], Text] = {
    Building: text("There is a building called %(code)s already. Choose another code."),
    Floor: text("There is a floor called %(code)s already. Choose another code."),
    Zone: text("There is a zone called %(code)s already. Choose another code."),
    Feature: text("There is a feature called %(code)s already. Choose another code."),
    Space: text("There is a place called %(code)s already. Choose another code."),
}
STALE = text("Somebody changed this meanwhile. See how it is now beside what you filled in.")


def differences(thing: Base, fields: Fields) -> set[str]:
    """Return the names of what `fields` says otherwise than `thing` has it."""
    names = [one.name for one in fields_of(fields)]
    return {name for name in names if getattr(thing, name) != getattr(fields, name)}


def told(thing: Base, fields: Fields, changed: set[str]) -> dict[str, str]:
    """Return the numbers, kinds and days among what changes: the journal keeps no texts."""
    values = {name: (getattr(thing, name), getattr(fields, name)) for name in sorted(changed)}
    return {
        name: f"{was} → {value}"
        for name, (was, value) in values.items()
        if isinstance(value, (int, date, time, StrEnum)) and not name.endswith("_id")
    }


def week_version(kind: SpaceKind | None) -> str:
    """Return a text that is another one when somebody changes a week."""
    return rules.version(queries.week_of(kind))


def version_of(thing: Base, fields: type[Fields]) -> str:
    """Return a text that is another one when somebody changes a thing."""
    return rules.version(getattr(thing, one.name) for one in fields_of(fields))


def shown(thing: Base, fields: type[Fields]) -> dict[str, Any]:
    """Return a thing as a form begins with it: its values, and as `seen` which version that is."""
    data = {one.name: getattr(thing, one.name) for one in fields_of(fields)}
    return {**data, "seen": version_of(thing, fields)}


def day_version(said: OpeningHours | ExceptionFields | None) -> str:
    """Return a text that is another one when something else is said of a day."""
    if said is None:
        return ""
    return rules.version((said.opens, said.closes, said.reason_nl, said.reason_en))


def holidays_version(site: Site | None) -> str:
    """Return a text that is another one when the campus keeps other holidays."""
    kept = (site.closes_on_holidays, site.closes_on_good_friday) if site else (True, False)
    return rules.version(kept)


def require_known(current: str, *, seen: Seen) -> None:
    """Refuse a change by somebody who looked at an older version.

    Raises:
        Conflict: `stale`.
    """
    if current != seen.version:
        raise Conflict(STALE, code="stale")


def twin_of(table: type[Held], fields: Fields, *, but: int | None) -> Held | None:
    """Return what the same form made before, when it is sent twice; None when the code is free.

    Args:
        but: the id of what is being changed; it may keep its code, and has no twin.

    Raises:
        RuleBroken: the code is no code.
        Conflict: something else goes by it, in any case of letters.
    """
    code = getattr(fields, "code", "")
    check_code(code)
    there = queries.held_code(table, code, but=but)
    if there is not None and (but is not None or differences(there, fields)):
        raise Conflict(text(TAKEN[table].msgid, code=there.code), code="code")
    return there


@contextmanager
def held_to_hours(seen: Seen) -> Iterator[None]:
    """Refuse a change of hours made inside while coming bookings would fall outside unseen.

    The change is made first and then looked at, so that what was shown and what is done cannot
    differ: the caller's unit of work takes it back.

    Raises:
        FallOutside: bookings would fall outside that `seen.kept` does not name.
    """
    booked = queries.coming(now=seen.now)
    before = queries.openings_for(booked, now=seen.now)
    yield
    db.session.flush()
    after = queries.openings_for(booked, now=seen.now)
    kinds = spaces.booking_rules()
    per_day = {kind for kind, rule in kinds.items() if rule.unit is Unit.DAY}
    require_seen(
        [
            one
            for one in booked
            if rules.falls_outside(
                one.period,
                before=before[one.kind],
                after=after[one.kind],
                per_day=one.kind in per_day,
            )
        ],
        seen=seen,
    )


def require_seen(outside: Sequence[Coming], *, seen: Seen) -> None:
    """Refuse bookings that fall outside, unless they were shown and may stand.

    Raises:
        FallOutside: they were not.
    """
    kept = rules.version(one.code for one in outside)
    if outside and kept != seen.kept:
        raise FallOutside([one.id for one in outside], kept=kept)


def check_booked(space: Space, fields: SpaceFields, *, seen: Seen) -> None:
    """Refuse what bookings of a space do not allow; of its days, show what would fall outside.

    Raises:
        RuleBroken: it has bookings, and would get another code, kind or become a draft; or
            it is out of use for good and cannot be taken back here.
        FallOutside: the days on which it is there leave bookings out.
    """
    was, wanted = space.state, fields.state
    if was is SpaceState.RETIRED is not wanted:
        is_closed, today = spaces.retired_by(space.id) is not None, clock.today(seen.now)
        if reason := policy.why_not_take_back(space, fields, is_closed=is_closed, today=today):
            raise RuleBroken(reason, rule="retired")
    if space.code != fields.code and queries.was_ever_booked(space):
        raise RuleBroken(text("Bookings know this place by its code, so it stays."), rule="code")
    booked = queries.coming(now=seen.now, space_id=space.id)
    if booked and (reason := policy.why_not_with_bookings(space, fields, num=len(booked))):
        raise RuleBroken(reason, rule="booked")
    first, gone = fields.available_from_on, fields.available_until_on
    if (first, gone) != (space.available_from_on, space.available_until_on):
        outside = [one for one in booked if is_beyond(one.period, first=first, gone=gone)]
        require_seen(outside, seen=seen)


def check_place(fields: SpaceFields) -> None:
    """Refuse a zone that is not on the floor.

    Raises:
        RuleBroken: it is on another one, or there is no floor.
    """
    zone = db.session.get(Zone, fields.zone_id) if fields.zone_id else None
    if zone is not None and zone.floor_id != fields.floor_id:
        raise RuleBroken(
            text("That zone is on another floor. Choose the floor and a zone of it."), rule="zone"
        )


def check_rule(fields: RuleFields) -> None:
    """Refuse lengths and half-days that no booking could have.

    Raises:
        RuleBroken: they contradict each other.
    """
    rules.check_lengths(
        grid=fields.grid_minutes,
        shortest=fields.shortest_minutes,
        longest=fields.longest_minutes,
    )
    rules.check_hours(fields.morning_starts, fields.morning_ends)
    rules.check_hours(fields.afternoon_starts, fields.afternoon_ends)


def has_other(space: Space, uses: Sequence[FeatureUse]) -> bool:
    """Whether a space has other features than said, or others of them."""
    has = {(one.feature_id, one.quantity, one.note_nl, one.note_en) for one in space.features}
    return has != {(one.feature_id, one.quantity, one.note_nl, one.note_en) for one in uses}


def require_coming(day: date | None, *, seen: Seen) -> None:
    """Refuse to say anything of a day that has passed: it was as it was.

    Raises:
        RuleBroken: it has.
    """
    if day is not None and day < clock.today(seen.now):
        raise RuleBroken(text("That day has passed. Choose today or a day to come."), rule="past")


def days_said(fields: ExceptionFields, *, seen: Seen, is_new: bool) -> list[date]:
    """Return the days for which hours are said.

    Raises:
        RuleBroken: they are past, too many or in the wrong order.
        Conflict: something else was said of one of them already.
    """
    require_coming(fields.first, seen=seen)
    number = (fields.last - fields.first).days + 1
    if not 1 <= number <= MOST_DAYS:
        raise RuleBroken(
            text(
                "Choose a last day that is not before the first, at most %(num)s days in all.",
                num=MOST_DAYS,
            ),
            rule="days",
        )
    days = [fields.first + n * ONE_DAY for n in range(number)]
    for there in queries.exceptions(since=fields.first) if is_new else ():
        is_same = day_version(there) == day_version(fields)
        if there.on_day in days and there.kind is fields.kind and not is_same:
            raise Conflict(
                text("Something else was said of %(day)s already. Change that.", day=there.on_day),
                code="said",
            )
    return days


def hours_said(fields: ExceptionFields) -> tuple[time, time] | None:
    """Return the hours of an exception; None for closed."""
    if fields.opens is None or fields.closes is None:
        return None
    return fields.opens, fields.closes
