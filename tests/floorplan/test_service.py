"""Drawings of others become plans of floors: all of it or nothing, and nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from campus.db import db, unit_of_work
from campus.errors import Conflict, RuleBroken
from campus.floorplan import queries, service
from campus.floorplan.models import Proposal
from campus.floorplan.rules import Asked
from campus.journal.models import Entry
from campus.spaces.models import BookingRule, Floor, OpeningHours, Space, SpaceKind, SpaceState
from campus.web import plans
from tests.factories import NOW, make_booking, make_house, make_member, make_space, period

pytestmark = pytest.mark.usefixtures("database")

PLANS = Path(__file__).resolve().parent.parent / "data" / "plans"
ROOM, DESK = SpaceKind.MEETING_ROOM, SpaceKind.DESK
SQUARES = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><rect id="A" width="20"'
    b' height="20"/><path id="B" d="M40 0h60l-20 50z"/><path d="M0 50h99"/></svg>'
)


def draw(data: bytes, asked: Asked | None = None) -> Proposal:
    """Give the house's floor a plan."""
    with unit_of_work():
        floor = queries.floor_by_code("1")
        proposal = service.propose(data, floor=floor, asked=asked or Asked())
        service.store(proposal, floor=floor, actor=None, now=NOW)
    return proposal


def space(code: str) -> Space:
    return db.session.query(Space).filter_by(code=code).one()


def entries() -> list[Entry]:
    return db.session.query(Entry).filter_by(verb="floor.draw").order_by(Entry.id).all()


def test_spaces_get_their_shapes_and_the_floor_its_drawing() -> None:
    floor = make_house()
    make_space("A", kind=ROOM)
    make_space("B", kind=ROOM, floor=floor)

    draw(SQUARES)

    one, two = space("A"), space("B")
    assert (one.plan_x, one.plan_y, one.plan_width, one.plan_height) == (24, 24, 190, 190)
    assert (one.plan_path, two.plan_path) == ("", "M405 24L976 24L786 500Z")
    assert (one.revision, two.revision) == (2, 2)
    drawn = db.session.query(Floor).one()
    assert (drawn.width, drawn.height) == (1000, 524)
    assert (drawn.drawing_below, 'class="thin"' in drawn.drawing_above) == ("", True)
    [entry] = entries()
    assert (entry.subject, json.loads(entry.details or "")["shapes"]) == ("floor:1", 2)


def test_the_same_drawing_again_changes_nothing_and_is_no_deed() -> None:
    make_house()
    make_space("A", kind=ROOM)
    draw(SQUARES)

    draw(SQUARES)

    assert (space("A").revision, len(entries())) == (2, 1)


def test_what_another_drawing_does_not_show_loses_its_shape() -> None:
    make_house()
    make_space("A", kind=ROOM)
    make_space("B", kind=ROOM)
    draw(SQUARES)

    proposal = draw(SQUARES.replace(b'id="B"', b'id="C"'))

    assert [one.code for one in proposal.lost] == ["B"]
    assert (space("B").plan_x, space("B").plan_path, space("B").revision) == (None, "", 3)
    assert 'class="floor"' in db.session.query(Floor).one().drawing_below


def test_spaces_that_are_made_can_be_booked_at_once() -> None:
    floor = make_house()
    with unit_of_work():
        db.session.query(BookingRule).delete()
        db.session.query(OpeningHours).delete()

    with unit_of_work():
        here = queries.floor_by_code(floor.code)
        proposal = service.propose(SQUARES, floor=here, asked=Asked(kind=ROOM))
        notices = service.store(proposal, floor=here, actor=None, now=NOW)

    assert [str(one).partition(":")[0] for one in notices] == [
        "Meeting rooms",
        "Nobody had set opening hours",
    ]
    assert make_booking(make_member(), space("A"), period(9, 10)).code
    assert json.loads(entries()[0].details or "")["created"] == 2


def test_all_or_nothing_when_somebody_else_made_the_same_space_meanwhile() -> None:
    make_house()

    with unit_of_work():
        floor = queries.floor_by_code("1")
        proposal = service.propose(SQUARES, floor=floor, asked=Asked(kind=ROOM))
    make_space("b")

    with pytest.raises(Conflict), unit_of_work():
        service.store(proposal, floor=queries.floor_by_code("1"), actor=None, now=NOW)

    assert db.session.query(Space).count() == 1
    assert db.session.query(Floor).one().drawing_above == ""


def test_a_space_that_comes_to_a_floor_is_told_anew_in_calendars() -> None:
    floor = make_house()
    make_space("A", kind=ROOM, floor=floor)
    booking = make_booking(make_member(), space("A"), period(9, 10))
    with unit_of_work():
        space("A").floor_id = None
    before = db.session.get_one(type(booking), booking.id).ical_version

    draw(SQUARES)

    assert space("A").floor_id == floor.id
    assert (before, db.session.get_one(type(booking), booking.id).ical_version) == (before, 0)
    assert before > 0


def test_retired_spaces_stay_off_the_plan() -> None:
    make_house()
    make_space("A", kind=ROOM, state=SpaceState.RETIRED)
    make_space("B", kind=ROOM)

    proposal = draw(SQUARES)

    assert [one.code for one in proposal.live] == ["B"]
    assert space("A").plan_x is None


# --- drawings of others -----------------------------------------------------------------------


def test_a_university_floor_is_hung_onto_its_rooms() -> None:
    make_house()
    for code in ("APB.1061", "APB.1096", "APB.F03", "APB.4711"):
        make_space(code, kind=ROOM)

    proposal = draw((PLANS / "tud-apb-level1.svg").read_bytes(), Asked("APB.{id}"))

    assert [one.code for one in proposal.live] == ["APB.F03", "APB.1061", "APB.1096"]
    assert len(proposal.unknown) == 121
    assert "F03_2" in proposal.unknown
    assert [one.code for one in proposal.shapeless] == ["APB.4711"]
    for fragment in (proposal.below, proposal.above):
        assert plans.DRAWING.fullmatch(fragment)
    assert 'class="wall"' in proposal.above


def test_every_shape_of_a_university_floor_could_be_a_space() -> None:
    make_house()

    proposal = draw((PLANS / "tud-apb-level1.svg").read_bytes(), Asked("APB.{id}", kind=ROOM))

    assert len(proposal.live) == 124
    assert db.session.query(Space).filter(Space.plan_path != "").count() == 124


def test_five_floors_of_a_congress_centre_make_84_spaces() -> None:
    made = []
    make_house()
    for level in range(5):
        data = (PLANS / f"cch-hamburg-level{level}.svg").read_bytes()
        proposal = draw(data, Asked(kind=SpaceKind.EVENT_SPACE))
        made += [one.name for one in proposal.live]

    assert len(made) == 84
    assert db.session.query(Space).count() == 84
    assert "Heaven Hall 7" in made


def test_ids_on_groups_make_14_spaces_of_the_group_that_is_named() -> None:
    make_house()
    data = (PLANS / "wayfinding-demo-map-1.svg").read_bytes()
    asked = Asked(group="Rooms", without=("Portals", "Doors", "Paths"), kind=ROOM)

    proposal = draw(data, asked)

    assert sorted(one.code for one in proposal.live) == [
        *(f"R{n}" for n in (101, 102, 103, 104, 111, 112, 113, 114, 121, 122, 123, 124, 125)),
        "lobby_1_",
    ]
    assert proposal.left_out == {"doctype": 1}


@pytest.mark.parametrize("kind", [None, DESK])
def test_a_drawing_of_walls_only_holds_no_space_and_is_told_so(kind: SpaceKind | None) -> None:
    make_house()

    with pytest.raises(RuleBroken, match="Nothing in the drawing is a space"):
        draw((PLANS / "mit-hobbyshop-dupont.svg").read_bytes(), Asked(kind=kind))

    assert db.session.query(Space).count() == 0
