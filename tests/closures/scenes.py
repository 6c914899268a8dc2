"""Closing places the way staff do: look at the preview, choose, and confirm."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from campus.bookings import faults as bookings
from campus.clock import Period
from campus.closures import faults, repairs, service
from campus.closures.models import Choice
from campus.closures.repairs import Preview
from campus.closures.verdict import Answer, Closing
from campus.db import db, unit_of_work
from campus.errors import Spoken
from campus.members.models import Actor
from campus.occupancy import service as occupancy
from campus.occupancy.models import Occupancy
from campus.outbox.models import Message
from campus.spaces import faults as space_faults
from campus.spaces.models import Closure, Space
from tests.factories import NOW

NOTHING: Mapping[str, Choice] = {}
LEAK = Spoken("lekkage", "a leak")


def closing_of(
    spaces: Collection[Space], period: Period, *, is_final: bool = False, extends: str = ""
) -> Closing:
    """Return what staff want to close."""
    ids = [space.id for space in spaces]
    return Closing(ids, period, reason=LEAK, is_final=is_final, extends=extends)


def look(closing: Closing, *, now: datetime = NOW) -> Preview:
    """Return the preview, with nothing of it left in the session."""
    found = repairs.preview_of(closing, now=now)
    for one in found.met:
        _ = one.booking.space.name
    return found


def close(
    actor: Actor,
    closing: Closing,
    usual: Choice = Choice.MOVE,
    *,
    now: datetime = NOW,
    idem: str = "first-key",
    choices: Mapping[str, Choice] = NOTHING,
) -> str:
    """Look, choose and confirm at once; return the closure's code."""
    answer = Answer(seen=look(closing, now=now).digest, idem=idem, usual=usual, choices=choices)
    with unit_of_work():
        return service.close_spaces(actor=actor, closing=closing, answer=answer, now=now)


def claims_of(code: str) -> list[tuple[int, Period]]:
    """Return what a closure holds: spaces and periods, in order."""
    rows = db.session.execute(
        select(Occupancy.space_id, Occupancy.starts_at, Occupancy.ends_at)
        .join(Closure, Closure.id == Occupancy.closure_id)
        .where(Closure.code == code)
        .order_by(Occupancy.space_id, Occupancy.starts_at)
    )
    return [(row[0], Period(row[1], row[2])) for row in rows]


def letters() -> Sequence[Message]:
    """Return the mails that wait, oldest first."""
    return db.session.scalars(select(Message).order_by(Message.id)).all()


def wrongs() -> list[str]:
    """Return what the doctor finds wrong with bookings, closures, the ledger and spaces."""
    found = [*bookings.faults(), *faults.faults(), *occupancy.faults(), *space_faults.faults()]
    return [str(one) for one in found]
