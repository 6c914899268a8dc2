"""Close spaces for a while or for good, with what becomes of the bookings; open them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from campus import clock
from campus.bookings import service as bookings
from campus.bookings.models import Asked
from campus.clock import Period
from campus.closures import mail, policy, queries, repairs, verdict
from campus.closures.models import Choice, ClosureMet
from campus.closures.repairs import Met, Preview
from campus.closures.rules import MINUTE
from campus.closures.verdict import Answer, Closing
from campus.db import db
from campus.db.codes import new_code
from campus.errors import CampusError, RuleBroken, require, text
from campus.feeds import service as feeds
from campus.journal import service as journal
from campus.members.models import Actor
from campus.occupancy import service as occupancy
from campus.occupancy.rules import Owner, OwnerKind, Shown
from campus.spaces import policy as words
from campus.spaces import queries as spaces
from campus.spaces.models import Closure, Space, SpaceState

# --- closing ----------------------------------------------------------------------------------


def close_spaces(*, actor: Actor, closing: Closing, answer: Answer, now: datetime) -> str:
    """Close spaces, with what was chosen for the bookings they hold; return the closure's code.

    All of it is done, or nothing. What stays booked keeps its time: the closure is parted
    around it.

    Raises:
        Forbidden: the actor is not staff, or may not retire spaces.
        Conflict: `stale` when the preview that was seen no longer holds.
        RuleBroken: there is nothing to close, or too much at once.
        IntegrityError: somebody took a place meanwhile; `unit_of_work` makes it a Conflict.
    """
    require(policy.why_not_close(actor, for_good=closing.is_final))
    if earlier := queries.code_by_idem(answer.idem):
        return earlier
    draft = repairs.preview_of(closing, now=now)
    verdict.require_seen(draft.digest, answer)
    repairs.lock(draft)
    if earlier := queries.code_by_idem(answer.idem):
        return earlier
    db.session.expire_all()
    preview = repairs.preview_of(closing, now=now)
    verdict.require_seen(preview.digest, answer)
    done = preview.choices(answer)
    verdict.require_few(done.values())
    was_in = {one.booking.id: one.booking.space_id for one in preview.met}
    for one in preview.met:
        if done[one.booking.id] is Choice.KEEP:
            mail.kept(one.booking, preview.closing, key=answer.idem, now=now)
        else:
            _make_room(one, done[one.booking.id], preview, actor=actor, now=now)
    db.session.flush()
    code = _close(preview, actor=actor, idem=answer.idem, now=now)
    db.session.add_all(
        ClosureMet(code=code, booking_id=booking_id, space_id=was_in[booking_id], choice=choice)
        for booking_id, choice in done.items()
    )
    counts = Counter(done.values())
    _tell(
        _verb_of(preview.closing), code, preview.closed, actor=actor, now=now,
        moved=counts[Choice.MOVE], cancelled=counts[Choice.CANCEL], kept=counts[Choice.KEEP],
    )  # fmt: skip
    return code


def _verb_of(closing: Closing) -> str:
    if closing.extends:
        return "extend"
    return "retire" if closing.is_final else "close"


# --- making room ------------------------------------------------------------------------------


def _make_room(met: Met, choice: Choice, preview: Preview, *, actor: Actor, now: datetime) -> None:
    """Move one booking, or give up what of it is still to come."""
    booking, reason = met.booking, mail.reason_for(met.booking, preview.closing)
    asked = _instead(met, choice, preview.closing.period, now=now)
    try:
        if asked is None:
            bookings.cancel(actor=actor, booking=booking, reason=reason, now=now)
        else:
            bookings.change(
                actor=actor, booking=booking, asked=asked, revision=booking.revision, now=now,
                reason=reason,
            )  # fmt: skip
    except CampusError as refusal:
        raise RuleBroken(
            text(
                "The booking of %(who)s, %(place)s: %(why)s Choose something else for it.",
                who=booking.whose,
                place=words.named(booking.space),
                why=refusal.message,
            ),
            rule="choice",
        ) from refusal


def _instead(met: Met, choice: Choice, closed: Period, *, now: datetime) -> Asked | None:
    """Return what a booking becomes; None where nothing of it is left."""
    booking = met.booking
    if met.target is not None and choice is Choice.MOVE:
        return Asked(met.target, booking.period, booking.title, booking.note, anyway=True)
    shorter = verdict.until(booking, closed, now=now) if met.is_running else None
    return Asked(booking.space, shorter, booking.title, booking.note) if shorter else None


# --- the closure itself -----------------------------------------------------------------------


def _close(preview: Preview, *, actor: Actor, idem: str, now: datetime) -> str:
    """Write a closure for each place, and claim what is left of the time."""
    closing = preview.closing
    left = verdict.left_of(preview.places, closing.period)
    if closing.extends:
        return _extend(closing, left=left, idem=idem, now=now)
    places = [place for place in preview.closed if place.parts or left[place.id]]
    if not places:
        raise RuleBroken(
            text("Nothing is left to close: all of that time stays booked or is closed already."),
            rule="nothing_left",
        )
    code = new_code()
    for place in places:
        closure = Closure(
            code=code,
            space_id=place.id,
            starts_at=closing.period.starts_at,
            ends_at=closing.period.ends_at,
            reason_nl=closing.reason.nl,
            reason_en=closing.reason.en,
            is_final=closing.is_final,
            idem=idem,
            created_by_id=actor.person_id,
            created_at=now,
        )
        db.session.add(closure)
        db.session.flush()
        if not place.parts:
            _claim(closure, place, left[place.id])
        if closing.is_final:
            _retire(closure, place, now=now)
    return code


def _extend(
    closing: Closing, *, left: Mapping[int, Sequence[Period]], idem: str, now: datetime
) -> str:
    """Let a closure last as long as asked, and claim what is added."""
    for closure in queries.closure_to_change(closing.extends):
        if closure.ends_at != closing.period.starts_at or closure.lifted_at is not None:
            raise verdict.changed_meanwhile()
        closure.ends_at = closing.period.ends_at
        closure.idem, closure.changed_at = idem, now
        closure.revision += 1
        for part in spaces.parts_of(closure.space):
            if left.get(part.id):
                _claim(closure, part, left[part.id])
    return closing.extends


def _claim(closure: Closure, space: Space, periods: Sequence[Period]) -> None:
    occupancy.claim(
        owner=Owner(OwnerKind.CLOSURE, closure.id),
        spaces=[space],
        periods=periods,
        shown=Shown(title_nl=closure.reason_nl, title_en=closure.reason_en, is_public=True),
    )


def _retire(closure: Closure, space: Space, *, now: datetime) -> None:
    """Let a space be gone from a day on, or earlier where that was said; then it is retired."""
    day = clock.today(closure.starts_at)
    closure.was_until_on = space.available_until_on
    space.available_until_on = min(day, space.available_until_on or day)
    space.revision += 1
    if day <= clock.today(now):
        space.state = SpaceState.RETIRED


# --- opening again ----------------------------------------------------------------------------


def reopen(*, actor: Actor, code: str, revision: int, now: datetime) -> None:
    """Open spaces before the closure's own end; one that has not begun is called off.

    Raises:
        Conflict: it is over, or somebody changed it meanwhile.
    """
    found = _to_change(actor, code, revision=revision, now=now)
    if found[0].starts_at >= now:
        for closure in found:
            occupancy.release(owner=Owner(OwnerKind.CLOSURE, closure.id))
        verb = "call_off"
    else:
        at = max(now.replace(second=0, microsecond=0), found[0].starts_at + MINUTE)
        _end(found, at=at)
        verb = "reopen"
    for closure in found:
        closure.lifted_at, closure.changed_at = now, now
        closure.revision += 1
        if closure.is_final:
            _take_back(closure, now=now)
    _tell(verb, code, [closure.space for closure in found], actor=actor, now=now)


def _take_back(closure: Closure, *, now: datetime) -> None:
    """Let a retired space be in use; a last day it had before holds, where that is to come."""
    space, was = closure.space, closure.was_until_on
    space.state = SpaceState.ACTIVE
    if space.available_until_on == clock.today(closure.starts_at):
        space.available_until_on = was
    if space.available_until_on is not None and space.available_until_on <= clock.today(now):
        space.available_until_on = None
    space.revision += 1


def end_sooner(
    *, actor: Actor, code: str, ends_at: datetime, revision: int, now: datetime
) -> None:
    """Let a closure end before it would have; to last longer is to close once more.

    Raises:
        Conflict: it is over, or somebody changed it meanwhile.
        RuleBroken: it would not end sooner, or before it began.
    """
    found = _to_change(actor, code, revision=revision, now=now)
    verdict.check_sooner(found[0], ends_at=ends_at, now=now)
    _end(found, at=ends_at)
    for closure in found:
        closure.changed_at = now
        closure.revision += 1
    _tell("end_sooner", code, [closure.space for closure in found], actor=actor, now=now)


def _to_change(actor: Actor, code: str, *, revision: int, now: datetime) -> list[Closure]:
    found = queries.closure_to_change(code)
    require(policy.why_not_close(actor, for_good=found[0].is_final))
    verdict.require_lasting(found, revision=revision, now=now)
    return found


def _end(found: Sequence[Closure], *, at: datetime) -> None:
    for closure in found:
        occupancy.release_from(owner=Owner(OwnerKind.CLOSURE, closure.id), at=at)
        closure.ends_at = at


# --- what time brings -------------------------------------------------------------------------


def settle(*, now: datetime) -> int:
    """Close what kept bookings left open, retire what is due; return how many spaces closed."""
    seen = queries.unfinished(now)
    if not verdict.is_work(seen, now=now):
        return 0
    ids = [one.id for one in seen]
    queries.lock(Closure.id.in_(ids))
    db.session.expire_all()  # somebody may have opened them meanwhile
    found = queries.unfinished(now, ids=ids)
    occupancy.lock({one.id for it in found for one in (it.space, *spaces.parts_of(it.space))})
    for closure in found:
        if verdict.is_due(closure, now=now):
            closure.space.state = SpaceState.RETIRED
    filled: set[int] = set()
    for closure, part, periods in verdict.left_open(found, now=now):
        _claim(closure, part, periods)
        filled.add(part.id)
    if filled:
        feeds.touch_places(sorted(filled), now=now)
    return len(filled)


def _tell(
    verb: str, code: str, places: Collection[Space], *, actor: Actor, now: datetime, **counts: int
) -> None:
    feeds.touch_places([place.id for place in places], now=now)
    journal.record(
        actor_id=actor.person_id,
        verb=f"closure.{verb}",
        subject=f"closure:{code}",
        now=now,
        spaces=len(places),
        **counts,
    )
