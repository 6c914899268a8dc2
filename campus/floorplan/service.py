"""Read a drawing for a floor, and give the floor that plan: all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from campus.db import db
from campus.errors import RuleBroken, Text, require, text
from campus.feeds import service as feeds
from campus.floorplan import queries, rules, verdict
from campus.floorplan.models import Change, Live, Proposal
from campus.floorplan.rules import Asked
from campus.journal import service as journal
from campus.members.models import Actor
from campus.spaces import queries as spaces
from campus.spaces import service as campus_spaces
from campus.spaces.models import Building, Floor, Space, check_code
from campus.spaces.policy import why_not_keep
from campus.web import svg


def propose(data: bytes, *, floor: Floor, asked: Asked) -> Proposal:
    """Return what a drawing would do to a floor; nothing is written.

    Raises:
        RuleBroken: it is no drawing, too large, or nothing in it is a space.
    """
    drawing = svg.read(data)
    draft = rules.draft_of(drawing, asked=asked, floor=floor.code, level=floor.level)
    return verdict.proposal_of(
        draft,
        queries.known_spaces(floor.id),
        asked=asked,
        floor=floor.code,
        replaces=floor.width > 0,
    )


def store(proposal: Proposal, *, floor: Floor, actor: Actor | None, now: datetime) -> list[Text]:
    """Give a floor a plan, and its spaces their shapes; spaces that are not on it lose theirs.

    The same again changes nothing.

    Args:
        actor: None for a command.

    Returns:
        What the campus had to assume of spaces that were made.

    Raises:
        Forbidden: this actor does not keep the building.
    """
    if actor is not None:
        require(why_not_keep(actor))
    created = _create(proposal, floor=floor)
    notices = campus_spaces.settle_terms({space.kind for space in created}) if created else []
    changed = _hang(proposal, floor=floor, now=now)
    is_new = not _has_drawing(floor, proposal)
    floor.width, floor.height = proposal.width, proposal.height
    floor.drawing_below, floor.drawing_above = proposal.below, proposal.above
    db.session.flush()
    if created or changed or is_new:
        journal.record(
            actor_id=actor.person_id if actor else None,
            verb="floor.draw",
            subject=f"floor:{floor.code}",
            now=now,
            shapes=len(proposal.live),
            created=len(created) or None,
            lost=len(proposal.lost) or None,
        )
    return notices


def is_there(proposal: Proposal, *, floor: Floor) -> bool:
    """Whether a floor has exactly this plan already."""
    rests = all(one.change is Change.SAME and not one.comes for one in proposal.live)
    return rests and not proposal.lost and _has_drawing(floor, proposal)


def _has_drawing(floor: Floor, proposal: Proposal) -> bool:
    return (floor.width, floor.height, floor.drawing_below, floor.drawing_above) == (
        proposal.width, proposal.height, proposal.below, proposal.above,
    )  # fmt: skip


def _create(proposal: Proposal, *, floor: Floor) -> list[Space]:
    made = []
    for one in proposal.live:
        if one.space_id is None and one.kind is not None:
            space = campus_spaces.add_space(
                code=one.code, name=one.name, kind=one.kind, floor=floor
            )
            _shape(space, one)
            made.append(space)
    return made


def _hang(proposal: Proposal, *, floor: Floor, now: datetime) -> int:
    """Give spaces there are their shapes and return how many changed."""
    moved = {
        one.space_id: one
        for one in proposal.live
        if one.space_id is not None and (one.change is not Change.SAME or one.comes)
    }
    found = spaces.spaces_by_ids([*moved, *(one.id for one in proposal.lost)])
    for space_id, one in moved.items():
        _shape(found[space_id], one)
        found[space_id].floor_id = floor.id
    for lost in proposal.lost:
        _clear(found[lost.id])
    for space in found.values():
        space.revision += 1
    db.session.flush()
    came = [one.space_id for one in proposal.live if one.comes and one.space_id is not None]
    if came:
        feeds.let_retell(came, now=now)
    return len(found)


def _shape(space: Space, one: Live) -> None:
    box = one.box
    space.plan_x, space.plan_y = box.x, box.y
    space.plan_width, space.plan_height = box.width, box.height
    space.plan_path = one.path


def _clear(space: Space) -> None:
    space.plan_x = space.plan_y = space.plan_width = space.plan_height = None
    space.plan_path = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A floor to be.

    Attributes:
        level: 0 is the ground floor.
        building: code of its building, which is made where there is none.
        building_name: of that building; its code if left out.
    """

    code: str
    name: str
    level: int
    building: str
    building_name: str = ""


def add_floor(wanted: Wanted, *, campus: str, now: datetime) -> Floor:
    """Add a floor, and its building where that is new.

    Args:
        campus: name of the campus, for its ground.

    Raises:
        RuleBroken: a code cannot be one, or the floor is there already.
    """
    for code in (wanted.code, wanted.building):
        check_code(code)
    campus_spaces.hold()
    if (there := spaces.floor_by_code(wanted.code)) is not None:
        raise RuleBroken(
            text("There is a floor called %(code)s already. Choose another code.", code=there.code)
        )
    building = spaces.building_by_code(wanted.building) or _building(wanted, campus=campus)
    floor = campus_spaces.add_floor(
        building=building, code=wanted.code, name=wanted.name, level=wanted.level
    )
    journal.record(actor_id=None, verb="floor.add", subject=f"floor:{floor.code}", now=now)
    return floor


def _building(wanted: Wanted, *, campus: str) -> Building:
    return campus_spaces.add_building(
        site=campus_spaces.site_of(campus),
        code=wanted.building,
        name=wanted.building_name or wanted.building,
    )
