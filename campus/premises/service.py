"""Keep the building: buildings, floors, zones, features, spaces, their hours and rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TypeVar

from sqlalchemy import delete, insert

from campus.db import Base, db
from campus.errors import RuleBroken, Spoken, Text, require, text
from campus.feeds import service as feeds
from campus.journal import service as journal
from campus.members.models import Actor
from campus.occupancy import service as occupancy
from campus.premises import queries, rules, verdict
from campus.premises.models import (
    Campus,
    ExceptionFields,
    FeatureUse,
    Fields,
    RuleFields,
    Seen,
    SpaceFields,
    Week,
)
from campus.spaces import queries as spaces
from campus.spaces import service as ground
from campus.spaces.models import (
    BookingRule,
    Building,
    Feature,
    Floor,
    Island,
    Space,
    SpaceFeature,
    SpaceKind,
    SpaceState,
    Zone,
)
from campus.spaces.policy import why_not_keep

Part = Building | Floor | Zone | Feature
Thing = TypeVar("Thing", bound=Part)
TOLD = {"name", "kind", "floor_id", "place_nl", "place_en", "way_nl", "way_en"}  # in calendars

# --- buildings, floors, zones, the list of features -------------------------------------------


def keep(*, actor: Actor, thing: Thing, fields: Fields, seen: Seen, campus: Campus) -> Thing:
    """Add a building, floor, zone or feature, or change one that is there.

    Sent twice, it is done once: the second time finds what the first made.

    Args:
        thing: a row of its table; one without an id is added.

    Raises:
        Forbidden: the actor does not keep the building.
        RuleBroken: the code is no code.
        Conflict: the code is taken, in any case of letters, or somebody changed it meanwhile.
    """
    _begin(actor)
    is_new = thing.id is None
    twin = verdict.twin_of(type(thing), fields, but=thing.id)
    if twin is not None:
        return twin
    changed = verdict.differences(thing, fields)
    if not changed:
        return thing
    if not is_new:
        verdict.require_known(verdict.version_of(thing, type(fields)), seen=seen)
    elif isinstance(thing, Building):
        thing.site_id = ground.site_of(campus.name, address=campus.address).id
    _assign(thing, fields, changed)
    db.session.add(thing)
    db.session.flush()
    if not is_new and changed & {"name", "building_id"}:
        feeds.let_retell(queries.ids_in(thing), now=seen.now)
    _tell(actor, "add" if is_new else "change", thing, changed, seen=seen)
    return thing


def remove(*, actor: Actor, thing: Part, seen: Seen) -> None:
    """Take away a building, floor, zone or feature that nothing needs any more.

    Raises:
        RuleBroken: something stands in it, or has it.
    """
    _begin(actor)
    if queries.holds_something(thing):
        raise RuleBroken(
            text("Something still belongs to it. Move that first; then you can take it away."),
            rule="in_use",
        )
    if isinstance(thing, Zone):
        db.session.execute(delete(Island).where(Island.zone_id == thing.id))
    _tell(actor, "remove", thing, set(), seen=seen)
    db.session.delete(thing)
    db.session.flush()


# --- spaces -----------------------------------------------------------------------------------


def add_space(
    *, actor: Actor, fields: SpaceFields, uses: Sequence[FeatureUse], seen: Seen
) -> tuple[Space, list[Text]]:
    """Add a space, and return it with what now holds for its kind where nobody had said.

    Raises:
        Forbidden: the actor does not keep the building.
        RuleBroken: the code is no code, or the zone is on another floor.
        Conflict: the code is taken, in any case of letters.
    """
    _begin(actor)
    verdict.check_place(fields)
    twin = verdict.twin_of(Space, fields, but=None)
    if twin is not None:
        return twin, []
    space = Space(code=fields.code, code_key=fields.code.lower())
    _assign(space, fields, verdict.differences(space, fields))
    db.session.add(space)
    db.session.flush()
    _have(space, uses)
    _tell(actor, "add", space, set(), seen=seen)
    return space, _settled(space)


def change_space(
    *, actor: Actor, space: Space, fields: SpaceFields, uses: Sequence[FeatureUse], seen: Seen
) -> list[Text]:
    """Change a space, and return what now holds for its kind where nobody had said.

    On another floor it stands on no plan yet. Bookings keep what they have; see `check_booked`.

    Raises:
        Forbidden, RuleBroken, Conflict: as for `add_space`, or somebody changed it meanwhile.
        FallOutside: coming bookings lie on days on which it would not be there.
    """
    _begin(actor)
    occupancy.lock({one.id for one in (space, *spaces.parts_of(space))})  # who books waits
    changed = verdict.differences(space, fields)
    if not verdict.has_other(space, uses) and not changed:
        return []
    verdict.require_known(str(space.revision), seen=seen)
    verdict.check_place(fields)
    verdict.twin_of(Space, fields, but=space.id)
    verdict.check_booked(space, fields, seen=seen)
    feeds.touch_places([space.id], now=seen.now)  # feeds of where it was
    if changed & {"floor_id", "zone_id"}:
        ground.lift(space, off_plan="floor_id" in changed)
    details = _assign(space, fields, changed)
    space.code_key = space.code.lower()
    space.revision += 1
    _have(space, uses)
    db.session.flush()
    if changed & TOLD:
        feeds.let_retell([space.id], now=seen.now)
    _tell(actor, "change", space, changed or {"features"}, seen=seen, **details)
    return _settled(space)


# --- hours and rules --------------------------------------------------------------------------


def set_week(*, actor: Actor, kind: SpaceKind | None, week: Week | None, seen: Seen) -> None:
    """Let other hours hold every week, for a kind or for all without their own; None: as for all.

    Raises:
        RuleBroken: a day closes before it opens.
        FallOutside: bookings would fall outside that nobody said may stand.
    """
    _begin(actor)
    for opens, closes in week or ():
        rules.check_hours(opens, closes)
    if week is not None and [*week] == queries.week_of(kind):
        return
    verdict.require_known(verdict.week_version(kind), seen=seen)
    with verdict.held_to_hours(seen):
        if week is None:
            ground.forget_week(kind)
        else:
            ground.set_week(kind, week)
    _note(actor, "hours.week", f"hours:{kind or 'all'}", seen)


def set_exception(*, actor: Actor, fields: ExceptionFields, seen: Seen, is_new: bool) -> None:
    """Let other hours hold on some days, or close them; sent twice it is done once.

    Raises:
        RuleBroken: the days are past, too many or in the wrong order, or the hours are no hours.
        Conflict: something else was said of one of the days, or is said now.
        FallOutside: bookings would fall outside that nobody said may stand.
    """
    _begin(actor)
    rules.check_hours(fields.opens, fields.closes)
    days = verdict.days_said(fields, seen=seen, is_new=is_new)
    if not is_new:
        known = verdict.day_version(queries.exception_on(fields.first, kind=fields.kind))
        if known == verdict.day_version(fields):
            return
        verdict.require_known(known, seen=seen)
    hours, words = verdict.hours_said(fields), (fields.reason_nl, fields.reason_en)
    with verdict.held_to_hours(seen):
        for day in days:
            ground.set_hours_on(day, kind=fields.kind, hours=hours, reason=Spoken(*words))
    verb = "hours.close" if hours is None else "hours.open"
    _note(actor, verb, f"hours:{fields.first}", seen, days=len(days), kind=fields.kind)


def remove_exception(*, actor: Actor, day: date, kind: SpaceKind | None, seen: Seen) -> None:
    """Let a day be as its weekday or holiday is; raises as `set_exception` does."""
    _begin(actor)
    verdict.require_coming(day, seen=seen)
    if (row := queries.exception_on(day, kind=kind)) is None:
        return
    verdict.require_known(verdict.day_version(row), seen=seen)
    with verdict.held_to_hours(seen):
        db.session.delete(row)
    _note(actor, "hours.forget", f"hours:{day}", seen, kind=kind)


def set_holidays(
    *, actor: Actor, campus: Campus, closes: bool, good_friday: bool, seen: Seen
) -> None:
    """Say whether the campus closes on public holidays, and whether Good Friday is one.

    Raises:
        Conflict: somebody else said so meanwhile.
        FallOutside: bookings would fall outside that nobody said may stand.
    """
    _begin(actor)
    site = ground.site_of(campus.name, address=campus.address)
    if (closes, good_friday) == (site.closes_on_holidays, site.closes_on_good_friday):
        return
    verdict.require_known(verdict.holidays_version(site), seen=seen)
    with verdict.held_to_hours(seen):
        site.closes_on_holidays, site.closes_on_good_friday = closes, good_friday
    _note(actor, "hours.holidays", f"site:{site.code}", seen, holidays=int(closes))


def set_rule(*, actor: Actor, rule: BookingRule, fields: RuleFields, seen: Seen) -> None:
    """Say what a kind may be booked for; it holds for what is booked from now on.

    Raises:
        RuleBroken: lengths or half-days that no booking could have.
    """
    _begin(actor)
    verdict.check_rule(fields)
    changed = verdict.differences(rule, fields)
    if queries.rule_of(rule.kind) is not None:
        if not changed:
            return
        verdict.require_known(verdict.version_of(rule, RuleFields), seen=seen)
    details = _assign(rule, fields, changed)
    db.session.add(rule)
    db.session.flush()
    _note(actor, "rule.set", f"rule:{rule.kind}", seen, **details)


# --- what they share --------------------------------------------------------------------------


def _begin(actor: Actor) -> None:
    require(why_not_keep(actor))
    ground.hold()


def _assign(thing: Base, fields: Fields, changed: set[str]) -> dict[str, str]:
    """Give a thing what changed, and return of it what the journal keeps."""
    told = verdict.told(thing, fields, changed)
    for name in changed:
        setattr(thing, name, getattr(fields, name))
    return told


def _settled(space: Space) -> list[Text]:
    """Let people book it at once, where nobody has said yet how its kind is."""
    return ground.settle_terms([space.kind]) if space.state is SpaceState.ACTIVE else []


def _have(space: Space, uses: Sequence[FeatureUse]) -> None:
    db.session.execute(delete(SpaceFeature).where(SpaceFeature.space_id == space.id))
    for use in uses:
        db.session.execute(insert(SpaceFeature).values(space_id=space.id, **asdict(use)))
    db.session.expire(space, ["features"])


def _tell(
    actor: Actor, verb: str, thing: Part | Space, changed: set[str], *, seen: Seen, **details: str
) -> None:
    kind, words = thing.__tablename__, ", ".join(sorted(changed)) or None
    _note(actor, f"{kind}.{verb}", f"{kind}:{thing.code}", seen, changed=words, **details)


def _note(actor: Actor, verb: str, subject: str, seen: Seen, **details: str | int | None) -> None:
    journal.record(actor_id=actor.person_id, verb=verb, subject=subject, now=seen.now, **details)
