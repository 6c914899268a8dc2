"""Carry out what a list comes to: all of it in the caller's transaction, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from campus.db import Base, db
from campus.db.batches import batches
from campus.errors import Conflict, Text, require, text
from campus.feeds import service as feeds
from campus.journal import service as journal
from campus.members.models import Actor
from campus.roomlist import queries
from campus.roomlist.models import Addition, Change, Plan
from campus.roomlist.verdict import why_not_with_bookings
from campus.spaces import service as spaces
from campus.spaces.models import Building, Site, Space
from campus.spaces.policy import why_not_keep
from campus.web.remarks import Mistaken

IMPORT = "spaces.import"


def import_spaces(plan: Plan, *, site: Site, actor: Actor | None, now: datetime) -> list[Text]:
    """Do what was planned in this transaction, and return what else holds from now on.

    Args:
        actor: who imports; None for a command.

    Raises:
        Forbidden: this actor may not.
        Mistaken: something in the list is wrong.
        Conflict: a space was changed or booked since it was looked at, or a code was taken.
    """
    if actor is not None:
        require(why_not_keep(actor))
    if plan.mistakes:
        raise Mistaken(plan.mistakes, plan.warnings)
    if not queries.lock_as_planned(plan.changed):
        raise Conflict(
            text("Somebody changed a space meanwhile. Nothing was imported; try again."),
            code="stale",
        )
    _refuse_booked(plan.changed, now=now)
    floors = _make_floors(plan, site=site)
    _add(plan.added, floors=floors)
    retold = [change.id for change in plan.changed if change.retells]
    for ids in batches(retold):
        feeds.touch_places(ids, now=now)  # also of the floors and kinds that they leave
    _change(plan.changed, floors=floors)
    for ids in batches(retold):
        feeds.let_retell(ids, now=now)
    notices = spaces.settle_terms(plan.kinds)
    journal.record(
        actor_id=actor.person_id if actor else None,
        verb=IMPORT,
        subject=f"site:{site.code}",
        now=now,
        added=len(plan.added),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
    )
    return notices


def _refuse_booked(changed: Sequence[Change], *, now: datetime) -> None:
    """Refuse what was booked between the look and the lock, after which nobody books these.

    Raises:
        Conflict: a booking does not fit what its space becomes.
    """
    booked = queries.booked([one.id for one in changed if one.touches_bookings], now=now)
    for change in changed:
        if why_not_with_bookings(change.values, booked.get(change.id, ())) is not None:
            raise Conflict(
                text("Somebody booked a space meanwhile. Nothing was imported; try again."),
                code="stale",
            )


def _make_floors(plan: Plan, *, site: Site) -> dict[str, int]:
    """Make the buildings and floors that come along; return the ids of the floors by code."""
    for one in plan.buildings:
        spaces.add_building(site=site, code=one.code, name=one.name)
    buildings = {one.code: one for one in db.session.scalars(select(Building))}
    return {
        one.code: spaces.add_floor(
            building=buildings[one.building], code=one.code, name=one.name, level=one.level
        ).id
        for one in plan.floors
    }


def _add(added: Sequence[Addition], *, floors: Mapping[str, int]) -> None:
    rows = [
        {
            **_settled(one.values, floors=floors),
            "code": one.code,
            "code_key": one.code.lower(),
        }
        for one in added
    ]
    columns = {column for row in rows for column in row}
    usual = dict.fromkeys(columns & {"place_nl", "place_en"}, "") | {
        "floor_id": None,
        "zone_id": None,
    }
    if rows:
        db.session.execute(insert(Space), [{**usual, **row} for row in rows])


def _change(changed: Sequence[Change], *, floors: Mapping[str, int]) -> None:
    """Write the changes, those of the same columns in one statement."""
    alike: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for change in changed:
        values = _settled(change.values, floors=floors)
        row = {**values, "revision": change.revision + 1}
        alike.setdefault(tuple(sorted(row)), []).append({**row, "this": change.id})
    table = Base.metadata.tables[Space.__tablename__]
    for columns, rows in alike.items():
        statement = update(table).where(table.c.id == bindparam("this"))
        db.session.connection().execute(
            statement.values({column: bindparam(column) for column in columns}), rows
        )


def _settled(values: Mapping[str, object], *, floors: Mapping[str, int]) -> dict[str, object]:
    """Return values with the id of a floor that was just made in the place of its code."""
    floor = values.get("floor_id")
    return {**values, "floor_id": floors[floor]} if isinstance(floor, str) else dict(values)
