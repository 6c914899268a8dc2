"""Let lists be taken along and written down, and let several bookings be cancelled."""

from __future__ import annotations

from datetime import datetime

from campus.bookings import queries as bookings
from campus.bookings import service as booking_service
from campus.bookings.models import BookingState, Verb
from campus.errors import Conflict, require, text
from campus.journal import service as journal
from campus.lists import policy
from campus.lists.policy import List
from campus.members.models import Actor


def export(*, actor: Actor, what: List, rows: int, filters: dict[str, str], now: datetime) -> None:
    """Let somebody take a list along, and write down which and how much.

    Args:
        filters: codes and days by which it was narrowed; no words, which may be names.

    Raises:
        Forbidden: this actor may not.
    """
    require(policy.why_not_export(actor, what))
    said = {name: value for name, value in filters.items() if value}
    journal.record(
        actor_id=actor.person_id,
        verb="list.export",
        subject=f"list:{what}",
        now=now,
        rows=rows,
        **said,
    )


def cancel(*, actor: Actor, code: str, revision: int, reason: str, now: datetime) -> None:
    """Cancel one booking of those that staff ticked; of a running one the rest is given back.

    The same once more changes nothing: what this actor did to it already stays done.

    Raises:
        NotFound: there is no such booking.
        Conflict: somebody changed it since `revision`, or it can no longer be cancelled.
        RuleBroken: it is over.
    """
    require(policy.why_not_cancel_many(actor))
    booking = bookings.booking_to_change(code, actor=actor)
    if booking.state is BookingState.CANCELLED:
        return
    if booking.revision != revision:
        last = bookings.last_change(booking)
        if last is not None and last.person_id == actor.person_id and last.verb is Verb.RELEASE:
            return
        raise Conflict(
            text("Somebody changed it after you looked. Look at it once more."), code="stale"
        )
    booking_service.cancel(actor=actor, booking=booking, reason=reason, now=now)
