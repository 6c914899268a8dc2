"""The verbs: book, change, extend, release, cancel, undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from campus.bookings import calendar, mail, policy, queries, rules, verdict
from campus.bookings.models import Asked, Booking, BookingChange, BookingState, Party, Verb
from campus.clock import Period
from campus.db import counters, db, dialects, write
from campus.db.codes import new_code
from campus.errors import Conflict, Forbidden, RuleBroken, require, text
from campus.journal import service as journal
from campus.members import queries as members
from campus.members.models import Actor
from campus.occupancy import service as occupancy
from campus.occupancy.rules import Owner, OwnerKind, Shown
from campus.outbox import service as outbox
from campus.spaces import queries as spaces

ONE_MINUTE = timedelta(minutes=1)
MOST_TRIES = 3
TOO_LATE = text("It is too late to undo this. You can change or cancel instead.")


def book(*, actor: Actor, asked: Asked, now: datetime, idem: str) -> Booking:
    """Take a space for a period. Repeating `idem` returns the first booking.

    Raises:
        Forbidden: the actor may not book this space.
        RuleBroken: the period breaks a rule, or `idem` was used for something else.
        IntegrityError: the space is taken; `unit_of_work` makes it a Conflict.
    """
    owner = asked.guest or actor
    require(policy.why_not_book_for(actor, owner))
    earlier, party = _repeated(actor, owner, idem=idem, digest=asked.digest())
    if earlier is not None:
        return earlier
    require(policy.why_not_book(actor, asked.space))
    if party is None:
        raise Forbidden(text("%(name)s is not a member of an organisation.", name=owner.name))
    claimed = verdict.checked(actor, asked, now=now, but=None)
    code = new_code()
    booking = Booking.begun(
        asked, code=code, uid=calendar.new_uid(code), booked_by_id=actor.person_id, party=party
    )
    booking.idem, booking.created_at, booking.updated_at = idem, now, now
    calendar.render(booking, claimed=claimed)
    db.session.add(booking)
    db.session.flush()
    _claim(booking, claimed)
    _tell(booking, Verb.BOOK, actor=actor, now=now, before=None)
    mail.booked(booking, now=now)
    return booking


def book_any(*, actor: Actor, candidates: Sequence[Asked], now: datetime, idem: str) -> Booking:
    """Take the first of up to three candidates that nobody else takes meanwhile.

    Raises:
        Conflict: all of them went.
        RuleBroken: the rules refuse the first one; the others are alike.
    """
    for asked in candidates[:MOST_TRIES]:
        try:
            with db.session.begin_nested():
                return book(actor=actor, asked=asked, now=now, idem=idem)
        except IntegrityError as error:
            refusal = dialects.translate(error)
            if not isinstance(refusal, Conflict) or refusal.code != "taken":
                raise
    raise Conflict(text("Nothing that fits is free any more at that time."), code="taken")


def change(
    *,
    actor: Actor,
    booking: Booking,
    asked: Asked,
    revision: int,
    now: datetime,
    reason: str = "",
) -> None:
    """Move a booking to another time, space or title; the old claim is kept until the new holds.

    Args:
        reason: why it moves, for the one who comes.

    Raises:
        Conflict: somebody changed it meanwhile, or it can no longer be changed.
        RuleBroken, IntegrityError: as for `book`.
    """
    verdict.require_live(actor, booking, now=now)
    verdict.require_known(booking, revision=revision)
    before = BookingChange.before(booking)
    moves = (asked.space.id, asked.period) != (booking.space_id, booking.period)
    if moves:
        verdict.require_movable(booking, asked, now=now)
        require(policy.why_not_book(actor, asked.space))
        shrinks = asked.space.id == booking.space_id and booking.period.contains(asked.period)
        claimed = verdict.checked(actor, asked, now=now, but=booking, shrinks=shrinks)
        booking.take(asked.space, asked.period)
        _move(booking, claimed)
    booking.title, booking.note = asked.title, asked.note
    booking.revision += 1
    _tell(booking, Verb.CHANGE, actor=actor, now=now, before=before, reason=reason)
    if moves:
        mail.changed(booking, now=now, sorry=_is_sorry(actor, booking, reason))


def extend(*, actor: Actor, booking: Booking, minutes: int, revision: int, now: datetime) -> None:
    """Let a booking last longer by some minutes, on the same space; a second click does not.

    Raises:
        Conflict: it is not the revision that was looked at.
        RuleBroken, IntegrityError: as for `book`.
    """
    verdict.require_live(actor, booking, now=now)
    verdict.require_known(booking, revision=revision)
    before = BookingChange.before(booking)
    asked = Asked(booking.space, rules.longer(booking.period, minutes=minutes), booking.title)
    claimed = verdict.checked(actor, asked, now=now, but=booking, running=True)
    booking.ends_at = asked.period.end
    _move(booking, claimed)
    booking.revision += 1
    _tell(booking, Verb.EXTEND, actor=actor, now=now, before=before)
    mail.changed(booking, now=now)


def release(*, actor: Actor, booking: Booking, now: datetime, reason: str = "") -> None:
    """Give the rest of a running booking back; what was used stays on record."""
    verdict.require_live(actor, booking, now=now)
    if now < booking.starts_at:
        raise RuleBroken(
            text("It has not started yet. Cancel it if you no longer need it."), rule="release"
        )
    before = BookingChange.before(booking)
    booking.move_to(BookingState.RELEASED)
    booking.ends_at = max(now.replace(second=0, microsecond=0), booking.starts_at + ONE_MINUTE)
    booking.revision += 1
    cleared_at = booking.ends_at + booking.buffer_after_minutes * ONE_MINUTE
    occupancy.release_from(owner=_owner(booking), at=cleared_at)
    _tell(booking, Verb.RELEASE, actor=actor, now=now, before=before, reason=reason)
    mail.released(booking, now=now, sorry=_is_sorry(actor, booking, reason))


def cancel(*, actor: Actor, booking: Booking, reason: str, now: datetime) -> None:
    """Give a booking up before it starts; a running one is released instead."""
    if booking.state is BookingState.CANCELLED:
        return
    verdict.require_live(actor, booking, now=now)
    if booking.starts_at <= now and booking.state is BookingState.CONFIRMED:
        release(actor=actor, booking=booking, now=now, reason=reason)
        return
    before = BookingChange.before(booking)
    booking.move_to(BookingState.CANCELLED)
    booking.revision += 1
    occupancy.release(owner=_owner(booking))
    _tell(booking, Verb.CANCEL, actor=actor, now=now, before=before, reason=reason)
    mail.cancelled(booking, now=now, sorry=_is_sorry(actor, booking, reason))


def assure(booking: Booking, *, closed: str, reason: str, key: str, now: datetime) -> None:
    """Tell the one who comes that a booking stays, although its place is `closed` around it."""
    mail.stays(booking, closed=closed, reason=reason, key=key, now=now)


def undo(*, actor: Actor, booking: Booking, now: datetime) -> None:
    """Take back the last thing this actor did to a booking, within ten seconds.

    Of a booking: it is cancelled, and nobody hears of it. Of anything else: as it was, if the
    space is still free.

    Raises:
        Conflict: too late, somebody did something since, or a mail has left already.
        RuleBroken: the person has another place by now.
        IntegrityError: the space went meanwhile; `unit_of_work` makes it a Conflict.
    """
    last = queries.last_change(booking)
    if last is None or not undoable(last, actor=actor, now=now):
        raise Conflict(TOO_LATE)
    before = BookingChange.before(booking)
    if not outbox.take_back(about=mail.letter_about(booking, last.revision), now=now):
        raise Conflict(TOO_LATE)
    if last.verb is Verb.BOOK:
        booking.move_to(BookingState.CANCELLED)
        occupancy.release(owner=_owner(booking))
    else:
        _restore(actor, booking, last)
    booking.revision += 1
    _tell(booking, Verb.UNDO, actor=actor, now=now, before=before)


def undoable(last: BookingChange, *, actor: Actor, now: datetime) -> bool:
    """Whether `last` is this actor's own and young enough to be taken back."""
    own = last.person_id == actor.person_id and last.verb is not Verb.UNDO
    return own and now < last.at + rules.MAIL_AFTER


def _repeated(
    actor: Actor, owner: Actor, *, idem: str, digest: str
) -> tuple[Booking | None, Party | None]:
    """Return what this request made before, and who comes with their organisation.

    The row of who asks is locked: of two clicks at once the second waits, and finds the first.
    """
    party = _locked(actor, owner)
    earlier = queries.booking_by_idem(actor.person_id, idem)
    if earlier is not None and earlier.idem_digest != digest:
        refusal = RuleBroken(
            text(
                "This form has been sent before, with other values: that booking stands, and"
                " nothing was booked now. Send it once more if you want this one as well."
            ),
            rule="idempotency",
        )
        refusal.repairs.append(verdict.repair_to(earlier))
        raise refusal
    return earlier, party


def _locked(actor: Actor, owner: Actor) -> Party | None:
    if owner.person_id != actor.person_id:
        dialects.lock_rows(db.session(), members.person_row(actor.person_id))
    if owner.organisation_id is None:
        return None
    return members.party(owner.person_id, owner.organisation_id, is_locked=True)


def _restore(actor: Actor, booking: Booking, last: BookingChange) -> None:
    """Put back what stood before `last`, and claim it again."""
    if last.space_id is None or last.starts_at is None or last.ends_at is None:
        raise Conflict(TOO_LATE)
    if last.state is not None and last.state is not booking.state:
        booking.move_to(last.state)
    space = spaces.space_by_id(last.space_id)
    booking.take(space, Period(last.starts_at, last.ends_at))
    booking.title, booking.note = last.title or "", last.note or ""
    verdict.alone_again(actor, booking)
    _move(booking, verdict.claimed(booking))


def _is_sorry(actor: Actor, booking: Booking, reason: str) -> bool:
    """Whether the campus itself took something away, for a reason of its own."""
    return bool(reason) and actor.is_staff and actor.person_id != booking.person_id


def _owner(booking: Booking) -> Owner:
    return Owner(OwnerKind.BOOKING, booking.id)


def _claim(booking: Booking, periods: Sequence[Period]) -> None:
    occupancy.claim(
        owner=_owner(booking),
        spaces=spaces.parts_of(booking.space),
        periods=periods,
        shown=Shown(organisation_id=booking.organisation_id),
    )


def _move(booking: Booking, periods: Sequence[Period]) -> None:
    db.session.flush()
    occupancy.move(
        owner=_owner(booking),
        spaces=spaces.parts_of(booking.space),
        periods=periods,
        shown=Shown(organisation_id=booking.organisation_id),
    )


def _tell(
    booking: Booking,
    verb: Verb,
    *,
    actor: Actor,
    now: datetime,
    before: BookingChange | None,
    reason: str = "",
) -> None:
    """Write the change into the booking's history and the journal."""
    change = before or BookingChange(booking_id=booking.id)
    change.verb, change.at, change.person_id = verb, now, actor.person_id
    change.revision, change.reason = booking.revision, reason
    booking.updated_at = now
    write(change)
    if verb is not Verb.BOOK:  # a new one was written with its texts
        calendar.render(booking)
    counters.touch(calendar.keys(booking, was_in=change.space_id), now=now)
    journal.record(
        actor_id=actor.person_id,
        verb=f"booking.{verb}",
        subject=f"booking:{booking.code}",
        now=now,
        space=booking.space.code,
        revision=booking.revision,
    )
