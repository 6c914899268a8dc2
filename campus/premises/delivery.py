"""Make a room of other rooms, or let it be one by itself again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import delete

from campus.clock import Period
from campus.db import db
from campus.errors import RuleBroken, require
from campus.feeds import service as feeds
from campus.journal import service as journal
from campus.members.models import Actor
from campus.occupancy import service as occupancy
from campus.premises import policy, queries, verdict
from campus.premises.models import Seen
from campus.spaces import queries as spaces
from campus.spaces import service as ground
from campus.spaces.models import Space, SpacePart
from campus.spaces.policy import why_not_keep

FAR = datetime(2200, 1, 1, tzinfo=UTC)  # later than anything that is booked


def combine(*, actor: Actor, space: Space, codes: Collection[str], seen: Seen) -> None:
    """Let a space be made of those with these codes; of none, it stands by itself.

    What is booked holds the parts it was made of, so a room to which people are coming stays.

    Raises:
        Forbidden: the actor does not keep the building.
        RuleBroken: one of them cannot be a part of it, or it is taken from now on.
        Conflict: somebody changed it meanwhile.
    """
    require(why_not_keep(actor))
    ground.hold()
    there = {one.code: one for one in verdict.part_candidates(space)}
    parts = [there[code] for code in dict.fromkeys(codes) if code in there]
    was = {part.id for part in space.parts}
    wanted = {part.id for part in parts}
    if wanted == was and len(parts) == len(set(codes)):
        return
    verdict.require_known(str(space.revision), seen=seen)
    occupancy.lock({space.id} | was | wanted)  # who books one of them waits
    always = Period(seen.now, FAR)
    closed = [one for one in spaces.closures_during(always) if one.space_id == space.id]
    reason = policy.why_not_combine(
        space,
        number=len(parts),
        is_known=len(parts) == len(set(codes)),
        is_part=any(space.id in ids for ids in spaces.all_parts().values()),
        taken=len(queries.coming(now=seen.now, space_id=space.id)) + len(closed),
    )
    if reason is not None:
        raise RuleBroken(reason, rule="parts")
    db.session.execute(delete(SpacePart).where(SpacePart.whole_id == space.id))
    db.session.add_all(SpacePart(whole_id=space.id, part_id=part_id) for part_id in wanted)
    space.revision += 1
    db.session.flush()
    db.session.expire(space, ["parts"])
    feeds.touch_places(sorted({space.id} | was | wanted), now=seen.now)
    journal.record(
        actor_id=actor.person_id,
        verb="space.combine",
        subject=f"space:{space.code}",
        now=seen.now,
        parts=", ".join(part.code for part in parts) or None,
    )
