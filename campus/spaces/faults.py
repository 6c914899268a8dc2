"""What should never be among spaces, floors, hours and rules: the proof for `campus doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from campus.db import db
from campus.errors import Text, text
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


def faults() -> list[Text]:
    """Return a sentence for everything about spaces that is not as it should be."""
    looks = (_misspelt, _in_another_floors_zone, _in_another_zones_island, _nested, _ruleless)
    return [*(fault for look in looks for fault in look()), *_hours_that_end_early()]


def _misspelt() -> Iterator[Text]:
    query = select(Space.code).where(Space.code_key != func.lower(Space.code))
    for code in db.session.scalars(query.order_by(Space.id)):
        yield text("Space %(space)s is not found by its code.", space=code)


def _in_another_floors_zone() -> Iterator[Text]:
    query = (
        select(Space.code)
        .join(Zone, Zone.id == Space.zone_id)
        .where(Space.floor_id.is_distinct_from(Zone.floor_id))
    )
    for code in db.session.scalars(query.order_by(Space.id)):
        yield text("Space %(space)s is in a zone of another floor.", space=code)


def _in_another_zones_island() -> Iterator[Text]:
    query = (
        select(Space.code)
        .join(Island, Island.id == Space.island_id)
        .where(Space.zone_id.is_distinct_from(Island.zone_id))
    )
    for code in db.session.scalars(query.order_by(Space.id)):
        yield text("Space %(space)s is in an island of another zone.", space=code)


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
        yield text("A part of space %(space)s is itself made of parts.", space=code)


def _ruleless() -> Iterator[Text]:
    query = (
        select(Space.kind)
        .outerjoin(BookingRule, BookingRule.kind == Space.kind)
        .where(Space.state == SpaceState.ACTIVE, BookingRule.kind.is_(None))
        .distinct()
    )
    for kind in db.session.scalars(query.order_by(Space.kind)):
        yield text("There is no rule for how a %(kind)s is booked.", kind=kind.value)


def _hours_that_end_early() -> Iterator[Text]:
    query = select(OpeningHours).where(
        OpeningHours.closes <= OpeningHours.opens, OpeningHours.closes != MIDNIGHT
    )
    for row in db.session.scalars(query.order_by(OpeningHours.id)):
        yield text(
            "Opening hours %(hours)s close before they open.",
            hours=f"{row.opens:%H:%M}–{row.closes:%H:%M}",
        )
