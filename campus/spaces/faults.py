"""What should never be among spaces, floors, hours and rules: the proof for `campus doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from campus import clock
from campus.db import db
from campus.errors import RuleBroken, Text, text
from campus.spaces.models import (
    BookingRule,
    Island,
    OpeningHours,
    Space,
    SpacePart,
    SpaceState,
    Zone,
)

MIDNIGHT = time(0)
AHEAD_DAYS = 2 * 366


def faults_of_clocks(now: datetime) -> list[Text]:
    """Return a sentence for hours and half days that the clocks skip on a day within two years.

    Such a day would begin or end at another time than every page says, or end before it begins.
    """
    hours = [
        (row, (row.opens, row.closes))
        for row in db.session.scalars(select(OpeningHours).order_by(OpeningHours.id))
        if row.opens is not None and row.closes is not None
    ]
    return [
        text(
            "There is no %(at)s on %(day)s, when the clocks go forward, and hours begin or end"
            " then. Give that day hours of its own.",
            at=at,
            day=day,
        )
        for day in _spring_days(clock.today(now))
        for row, times in hours
        if row.on_day == day or (row.on_day is None and row.weekday == day.weekday())
        for at in times
        if _is_skipped(day, at)
    ]


def _is_skipped(day: date, at: time) -> bool:
    try:
        clock.instant(day, at)
    except RuleBroken:
        return True
    return False


def _spring_days(first: date) -> list[date]:
    """Return the days of the next two years that are shorter than others."""
    days = (first + timedelta(days=n) for n in range(AHEAD_DAYS))
    return [day for day in days if clock.day_period(day).length < timedelta(days=1)]


def faults() -> list[Text]:
    """Return a sentence for everything about spaces that is not as it should be."""
    looks = (_misspelt, _in_another_floors_zone, _in_another_zones_island, _nested, _ruleless)
    return [*(fault for look in looks for fault in look()), *_hours_that_end_early()]


def _misspelt() -> Iterator[Text]:
    query = select(Space.code).where(Space.code_key != func.lower(Space.code))
    for code in db.session.scalars(query.order_by(Space.id)):
        yield text(
            "Space %(space)s is not found by its code. Write it once more in small letters:"
            " UPDATE space SET code_key = lower(code).",
            space=code,
        )


def _in_another_floors_zone() -> Iterator[Text]:
    query = (
        select(Space.code)
        .join(Zone, Zone.id == Space.zone_id)
        .where(Space.floor_id.is_distinct_from(Zone.floor_id))
    )
    for code in db.session.scalars(query.order_by(Space.id)):
        yield text(
            "Space %(space)s is in a zone of another floor. Give it a zone of its own floor.",
            space=code,
        )


def _in_another_zones_island() -> Iterator[Text]:
    query = (
        select(Space.code)
        .join(Island, Island.id == Space.island_id)
        .where(Space.zone_id.is_distinct_from(Island.zone_id))
    )
    for code in db.session.scalars(query.order_by(Space.id)):
        yield text(
            "Space %(space)s is in an island of another zone. Give it one of its own zone.",
            space=code,
        )


def _nested() -> Iterator[Text]:
    """Find parts that have parts: a claim on the whole would miss the smallest ones."""
    outer, inner = aliased(SpacePart), aliased(SpacePart)
    query = (
        select(Space.code)
        .join(outer, outer.whole_id == Space.id)
        .join(inner, inner.whole_id == outer.part_id)
        .distinct()
    )
    for code in db.session.scalars(query.order_by(Space.code)):
        yield text(
            "A part of space %(space)s is itself made of parts. Name the smallest parts alone.",
            space=code,
        )


def _ruleless() -> Iterator[Text]:
    query = (
        select(Space.kind)
        .outerjoin(BookingRule, BookingRule.kind == Space.kind)
        .where(Space.state == SpaceState.ACTIVE, BookingRule.kind.is_(None))
        .distinct()
    )
    for kind in db.session.scalars(query.order_by(Space.kind)):
        yield text(
            "There is no rule for how a %(kind)s is booked. Until there is one, nobody can.",
            kind=kind.value,
        )


def _hours_that_end_early() -> Iterator[Text]:
    query = select(OpeningHours).where(
        OpeningHours.closes <= OpeningHours.opens, OpeningHours.closes != MIDNIGHT
    )
    for row in db.session.scalars(query.order_by(OpeningHours.id)):
        yield text(
            "Opening hours %(hours)s close before they open. Correct them; nobody can book then.",
            hours=f"{row.opens:%H:%M}–{row.closes:%H:%M}",
        )
