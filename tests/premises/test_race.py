"""Several keepers at the same moment: one is first, and the others are told."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from campus.bookings import service as bookings
from campus.bookings.models import Asked
from campus.db import db, unit_of_work
from campus.errors import Conflict, RuleBroken
from campus.members.models import Actor, Duty
from campus.premises import queries, service, verdict
from campus.premises.models import BuildingFields, Campus, Seen, SpaceFields
from campus.spaces.models import Audience, Building, Space, SpaceKind, SpaceState
from tests.factories import (
    NOW,
    make_house,
    make_member,
    make_space,
    make_staff,
    period,
    tomorrow,
)
from tests.races import wait_until_awaited

AT_ONCE = 8


def at_once(app: Flask, deed: Callable[[int], None]) -> Counter[str]:
    """Let several do `deed(number)` at the same moment; how it ended, counted."""
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> str:
        with app.app_context():
            barrier.wait(30)
            try:
                deed(number)
            except Conflict as refusal:
                return refusal.code
            finally:
                db.session.remove()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = Counter(threads.map(run, range(AT_ONCE)))
    db.session.rollback()  # the test's session then sees what they left
    return found


def said(code: str, name: str) -> SpaceFields:
    words = ("place_nl", "place_en", "about_nl", "about_en", "way_nl", "way_en", "tenant")
    return SpaceFields(
        code=code,
        name=name,
        kind=SpaceKind.DESK,
        state=SpaceState.ACTIVE,
        audience=Audience.MEMBERS,
        floor_id=None,
        zone_id=None,
        capacity=None,
        area_dm2=None,
        buffer_before_minutes=0,
        buffer_after_minutes=0,
        available_from_on=None,
        available_until_on=None,
        position=0,
        **dict.fromkeys(words, ""),
    )


def rename(actor: Actor, number: int) -> None:
    with unit_of_work():
        space = queries.space_to_keep("1.32")
        fields, seen = said("1.32", f"Plek {number}"), Seen(NOW, version="1")
        service.change_space(actor=actor, space=space, fields=fields, uses=[], seen=seen)


def add(actor: Actor, number: int) -> None:
    code = "hunze" if number % 2 else "HUNZE"
    with unit_of_work():
        fields = said(code, f"Plek {number}")
        service.add_space(actor=actor, fields=fields, uses=[], seen=Seen(NOW))


def rename_building(actor: Actor, version: str, number: int) -> None:
    with unit_of_work():
        thing = queries.by_code(Building, "nk")
        fields = BuildingFields(code="nk", name=f"Huis {number}")
        seen, campus = Seen(NOW, version=version), Campus("Noorderkwartier", "")
        service.keep(actor=actor, thing=thing, fields=fields, seen=seen, campus=campus)


def test_of_those_who_saw_the_same_version_one_saves(app: Flask) -> None:
    make_house()
    make_space("1.32")
    actor = make_staff(Duty.CAMPUS_MANAGER)

    found = at_once(app, functools.partial(rename, actor))

    assert found == {"done": 1, "stale": AT_ONCE - 1}
    assert db.session.scalars(select(Space.revision)).one() == 2


def test_of_those_who_take_the_same_code_one_has_it(app: Flask) -> None:
    make_house()
    actor = make_staff(Duty.CAMPUS_MANAGER)

    found = at_once(app, functools.partial(add, actor))

    assert found == {"done": 1, "code": AT_ONCE - 1}
    assert db.session.scalar(select(func.count(Space.id))) == 1


def test_of_those_who_rename_a_building_one_saves(app: Flask) -> None:
    make_house()
    actor = make_staff(Duty.CAMPUS_MANAGER)
    building = queries.by_code(Building, "nk")
    version = verdict.version_of(building, BuildingFields)

    found = at_once(app, functools.partial(rename_building, actor, version))

    assert found == {"done": 1, "stale": AT_ONCE - 1}


def test_a_booking_made_meanwhile_is_seen_by_who_changes_the_place(app: Flask) -> None:
    make_house()
    member, keeper = make_member(), make_staff(Duty.CAMPUS_MANAGER)
    desk = make_space("1.32")
    draft = replace(said("1.32", "1.32"), state=SpaceState.DRAFT)

    def hide() -> None:
        with app.app_context(), unit_of_work():
            space = queries.space_to_keep("1.32")
            seen = Seen(NOW, version="1")
            service.change_space(actor=keeper, space=space, fields=draft, uses=[], seen=seen)

    with ThreadPoolExecutor(1) as threads:
        with unit_of_work():
            asked = Asked(space=desk, period=period(9, 17, day=tomorrow()))
            bookings.book(actor=member, asked=asked, now=NOW, idem="a-key-of-a-form")
            db.session.flush()
            hidden = threads.submit(hide)
            if db.engine.dialect.name == "postgresql":  # SQLite lets one in at a time
                wait_until_awaited(hidden)
        with pytest.raises(RuleBroken, match="booking is to come here"):
            hidden.result(30)
