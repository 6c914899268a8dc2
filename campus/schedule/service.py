"""The verb: book what another calendar has, some hundred at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from campus.bookings import calendar as bookings
from campus.bookings.models import Booking, BookingChange, BookingState, Verb
from campus.clock import Period
from campus.db import counters, db, dialects, write
from campus.db.codes import new_code
from campus.errors import require
from campus.journal import service as journal
from campus.members.models import Actor, Organisation
from campus.occupancy import service as occupancy
from campus.occupancy.rules import Owner, OwnerKind, Shown
from campus.occupancy.service import Claim
from campus.schedule import queries, rules, verdict
from campus.schedule.calendar import Party, Texts
from campus.schedule.models import Held, Outcome, Refused, Row
from campus.schedule.queries import Known, Ledger, Place
from campus.schedule.verdict import Verdicts, Wish
from campus.spaces import queries as spaces
from campus.spaces import service as spaces_service
from campus.spaces.models import SpaceKind

INTO = insert(Booking).returning(Booking.id, Booking.code)
NOT_SAID = -1  # the id of a booking that is not written yet


def add_places(
    *, actor: Actor, wanted: Sequence[tuple[str, str]], kind: SpaceKind, site: str, now: datetime
) -> list[str]:
    """Make the spaces that a schedule names and nobody has made yet, in no building.

    Args:
        wanted: their codes and names.
        site: name of the campus, should it have no ground yet.

    Raises:
        Forbidden: this actor imports, and does not keep the building.
    """
    require(verdict.why_not_add_places(actor))
    spaces_service.hold()  # of two at once the second finds them
    spaces_service.site_of(site)
    there = queries.places(code for code, _ in wanted)
    made = [(code, name) for code, name in wanted if code.lower() not in there]
    for code, name in made:
        spaces_service.add_space(code=code, name=name, kind=kind, floor=None)
        journal.record(
            actor_id=actor.person_id, verb="space.add", subject=f"space:{code}", now=now, kind=kind
        )
    return [code for code, _ in made]


class Importing:
    """A run of an import: what it knows of spaces and hours, for one batch after the other.

    Every rule is a notice, for staff may set rules aside; only the ledger refuses. A run that
    only tries reads the same and writes nothing, so it keeps what it would have claimed.
    """

    def __init__(
        self, *, actor: Actor, party: Party, places: dict[str, Place], is_trial: bool = False
    ) -> None:
        require(verdict.why_not_import(actor))
        require(verdict.why_not_booked(places.values()))
        self.actor, self.party, self.is_trial = actor, party, is_trial
        self.verdicts = Verdicts(places, name=party.person.name, now=party.now)
        self.texts = Texts(party)
        self._tried = Ledger()

    @property
    def organisation(self) -> Organisation:
        """For whom everything is booked."""
        return self.party.organisation

    def book_many(self, rows: Sequence[Row]) -> Outcome:
        """Book rows in the caller's unit of work, and return what became of them.

        Raises:
            Conflict: the database refuses a claim all the same; nothing of `rows` is booked.
        """
        outcome = Outcome()
        wishes = []
        for row in rows:
            if row.period is None or row.why_not:
                outcome.listed.add(row)
            else:
                wishes.append(self.verdicts.wish(row, row.period))
        known = self._locked(wishes)
        # What moves away goes first, for what comes may want to be where it was.
        wishes.sort(key=lambda wish: wish.row.source not in known)
        fresh, keys = self._granted(wishes, known, outcome)
        if outcome.wrote and not self.is_trial:
            self._write(fresh)
            self._tell(outcome, keys | self._keys(fresh))
        return outcome

    def _granted(
        self, wishes: Sequence[Wish], known: dict[str, Known], outcome: Outcome
    ) -> tuple[list[Wish], set[str]]:
        """Return the wishes to write; what was booked before is changed at once.

        Also returned are the counters that the changes count up.
        """
        wishes = [
            wish
            for wish in wishes
            if (before := known.get(wish.row.source)) is None or _is_news(wish, before, outcome)
        ]
        ledger = self._tried if self.is_trial else Ledger()
        ledger.look_at([one for wish in wishes for one in _claims(wish) if one[0] > 0])
        fresh: list[Wish] = []
        keys: set[str] = set()
        for wish in wishes:
            before = known.get(wish.row.source)
            but = before.id if before is not None else None
            held = ledger.meets(wish.place.parts, wish.claimed, but=but)
            if held is not None:
                outcome.refused.add(Refused(wish.row, held))
                continue
            if before is None:
                fresh.append(wish)
                outcome.booked += 1
            else:
                ledger.drop(before.id)
                outcome.changed.add(wish.row)
                keys |= set() if self.is_trial else self._change(wish, before)
            for space_id, period in _claims(wish):
                ledger.add(space_id, Held(period, wish.period, NOT_SAID, wish.row.title))
            for rule, said in self.verdicts.notices(wish):
                outcome.note(rule, wish.row, said)
        return fresh, keys

    def _locked(self, wishes: Sequence[Wish]) -> dict[str, Known]:
        """Return what is known of the wishes; nobody else changes it, or takes their spaces."""
        sources = [wish.row.source for wish in wishes]
        if self.is_trial:
            return queries.known(self.organisation.id, sources)
        session = db.session()
        # Of two imports at once the second waits, and finds what the first has booked.
        dialects.lock_name(session, f"schedule:{self.organisation.id}")
        known = queries.known(self.organisation.id, sources)
        news = [
            known[wish.row.source]
            for wish in wishes
            if wish.row.source in known and known[wish.row.source].digest != wish.digest
        ]
        dialects.lock_rows(session, queries.by_ids(one.id for one in news))
        held = {
            part.id
            for space in spaces.spaces_by_ids({one.space_id for one in news}).values()
            for part in spaces.parts_of(space)
        }
        occupancy.lock(held | {part for wish in wishes for part in wish.place.parts})
        return queries.known(self.organisation.id, sources) if news else known

    # --- what is written ----------------------------------------------------------------------

    def _write(self, wishes: Sequence[Wish]) -> None:
        """Write bookings, their claims and the beginning of their history, in three statements."""
        if not wishes:
            return
        rows = [self._booking(wish) for wish in wishes]
        connection = db.session.connection()
        ids = {code: id_ for id_, code in connection.execute(INTO, rows)}
        shown = Shown(organisation_id=self.organisation.id)
        occupancy.claim_many(
            [
                Claim(
                    Owner(OwnerKind.BOOKING, ids[row["code"]]),
                    wish.place.parts,
                    wish.claimed,
                    shown,
                )
                for wish, row in zip(wishes, rows, strict=True)
            ]
        )
        first = {"verb": Verb.BOOK, "at": self.party.now, "person_id": self.actor.person_id}
        connection.execute(
            insert(BookingChange),
            [{**first, "booking_id": ids[row["code"]], "revision": 1} for row in rows],
        )

    def _booking(self, wish: Wish) -> dict[str, Any]:
        code, space = new_code(), wish.place.space
        before, after = space.buffer_before_minutes, space.buffer_after_minutes
        return {
            "code": code,
            "space_id": space.id,
            "person_id": self.party.person.id,
            "booked_by_id": self.actor.person_id,
            "organisation_id": self.organisation.id,
            "idem": f"import:{self.organisation.id}:{rules.digest(wish.row.source)}",
            "idem_digest": wish.digest,
            "source": wish.row.source,
            "starts_at": wish.period.starts_at,
            "ends_at": wish.period.end,
            "state": BookingState.CONFIRMED,
            "title": wish.row.title,
            "note": "",
            "buffer_before_minutes": before,
            "buffer_after_minutes": after,
            "revision": 1,
            "created_at": self.party.now,
            "updated_at": self.party.now,
            **self.texts.of(
                wish.place,
                code=code,
                period=wish.period,
                title=wish.row.title,
                claimed=wish.claimed,
            ),
        }

    def _change(self, wish: Wish, known: Known) -> set[str]:
        """Let a booking be as its source has it now; return the counters that counts up."""
        booking = db.session.scalars(
            select(Booking).where(Booking.id == known.id).execution_options(populate_existing=True)
        ).one()
        before = BookingChange.before(booking)
        space = spaces.space_by_id(wish.place.space.id)
        moves = (booking.space_id, booking.period) != (space.id, wish.period)
        booking.take(space, wish.period)
        booking.title, booking.idem_digest = wish.row.title, wish.digest
        booking.revision += 1
        booking.updated_at = self.party.now
        db.session.flush()
        if moves:
            occupancy.move(
                owner=Owner(OwnerKind.BOOKING, booking.id),
                spaces=spaces.parts_of(space),
                periods=wish.claimed,
                shown=Shown(organisation_id=booking.organisation_id),
            )
        before.verb, before.at, before.person_id = (
            Verb.CHANGE,
            self.party.now,
            self.actor.person_id,
        )
        before.revision, before.reason = booking.revision, ""
        write(before)
        bookings.render(booking)
        return bookings.keys(booking, was_in=known.space_id)

    def _keys(self, wishes: Sequence[Wish]) -> set[str]:
        places = {wish.place.space.id: wish.place.space for wish in wishes}
        return {
            counters.key("person", self.party.person.id),
            counters.key("organisation", self.organisation.id),
            counters.key("campus"),
            *(
                key
                for space in places.values()
                for key in (
                    counters.key("space", space.id),
                    counters.key("floor", space.floor_id or ""),
                    counters.key("kind", space.kind),
                )
            ),
        }

    def _tell(self, outcome: Outcome, keys: set[str]) -> None:
        """Count feeds up and write the journal: one entry for a batch, whose bookings name it.

        A line for each of 100,000 would bury what people did, and each booking's own history
        says who imported it, and when.
        """
        counters.touch(keys, now=self.party.now)
        journal.record(
            actor_id=self.actor.person_id,
            verb="booking.import",
            subject=f"organisation:{self.organisation.code}",
            now=self.party.now,
            booked=outcome.booked,
            changed=outcome.changed.count,
        )


def _claims(wish: Wish) -> Iterator[tuple[int, Period]]:
    return ((part, period) for part in wish.place.parts for period in wish.claimed)


def _is_news(wish: Wish, before: Known, outcome: Outcome) -> bool:
    """Whether a row that was imported before has something to change."""
    if before.state is BookingState.CANCELLED:
        outcome.standing.add(wish.row)
    elif before.digest == wish.digest:
        outcome.unchanged += 1
    elif before.state is not BookingState.CONFIRMED:
        outcome.standing.add(wish.row)
    else:
        return True
    return False
