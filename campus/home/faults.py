"""What the doctor looks into: every slice says what is wrong with its own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.exc import DataError, DBAPIError

from campus.bookings import faults as bookings
from campus.bookings.models import Booking
from campus.closures import faults as closures
from campus.db import Base, db
from campus.db import faults as tables
from campus.db.counters import Counter
from campus.errors import CampusError, Finding, Text, text
from campus.feeds import faults as feeds
from campus.feeds.models import Feed
from campus.journal import service as journal
from campus.journal.models import Seal
from campus.members import service as members
from campus.members.models import Person
from campus.occupancy import service as occupancy
from campus.occupancy.models import Occupancy
from campus.outbox import faults as outbox
from campus.outbox.models import Message
from campus.spaces import faults as spaces
from campus.spaces.models import Closure, OpeningHours, Space

log = logging.getLogger(__name__)

MOST = 40  # faults told of one kind; more say nothing new
Faults = Callable[[datetime], Sequence[Text]]


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that the doctor looks into.

    Attributes:
        of: the table whose rows it goes through.
        checked: what is proven; told the moment and asked before `faults`.
    """

    code: str
    of: type[Base]
    checked: Text
    faults: Faults


LOOKS: Sequence[Look] = (
    Look(
        "ledger",
        Occupancy,
        text("Claims: no two on one space overlap"),
        lambda _now: occupancy.faults(),
    ),
    Look(
        "bookings",
        Booking,
        text("Bookings: each has its claims, and each claim its booking or closure"),
        lambda _now: bookings.faults(),
    ),
    Look(
        "closures",
        Closure,
        text("Closures: each keeps its space closed, for as long as it says"),
        lambda _now: closures.faults(),
    ),
    Look(
        "days",
        Booking,
        text("Bookings: days are the campus's own, and the place is in use then"),
        bookings.faults_of_days,
    ),
    Look(
        "counters",
        Counter,
        text("Counters: each counted the last change, so that calendars fetch it"),
        lambda _now: feeds.faults_of_counters(),
    ),
    Look(
        "feeds",
        Feed,
        text("Calendars: each shows a place that exists"),
        lambda _now: feeds.faults(),
    ),
    Look(
        "spaces",
        Space,
        text("Places: floors, zones, parts and rules fit together"),
        lambda _now: spaces.faults(),
    ),
    Look(
        "hours",
        OpeningHours,
        text("Hours: none begin or end at a time that the clocks skip"),
        spaces.faults_of_clocks,
    ),
    Look("people", Person, text("People: addresses and staff"), members.faults),
    Look("outbox", Message, text("Mails: none waits for nothing"), outbox.faults),
    Look(
        "journal",
        Seal,
        text("Journal: nothing in the sealed chain was altered"),
        lambda _now: journal.faults(),
    ),
)


def examine(now: datetime, *, say: Callable[[Text], None] | None = None) -> list[Finding]:
    """Look into everything; return what was looked into, and what was wrong there.

    Args:
        say: told what is looked into next.
    """
    looks: list[tuple[str, Text, Callable[[], Finding]]] = [
        ("tables", TABLES, _of_tables),
        *((look.code, look.checked, partial(_of_rows, look, now)) for look in LOOKS),
        ("texts", TEXTS, partial(_of_texts, now)),
    ]
    found = []
    for code, checked, look in looks:
        if say:
            say(checked)
        begun = time.monotonic()
        finding = _ended(code, checked, look)
        db.session.rollback()
        found.append(replace(finding, seconds=round(time.monotonic() - begun, 2)))
    return found


TABLES = text("Tables: guards are there, rows name rows that exist, instants can be read")
GIVEN_UP = text(
    "The database gave this up, so it was not looked into. Ask for another check; if it stays so,"
    " the log of the worker says why."
)
TEXTS = text("Texts: what calendars say equals a fresh rendering")


def _ended(code: str, checked: Text, look: Callable[[], Finding]) -> Finding:
    """Return what a look finds; where the database gives it up, that is a fault."""
    try:
        return look()
    except DBAPIError as error:
        db.session.rollback()
        said = str(error.orig).strip().partition("\n")[0]
        log.warning("the doctor could not look into %s: %s", code, said)
        return Finding(code, checked, 0, [GIVEN_UP])


def _of_tables() -> Finding:
    count = sum(_rows(table) for table in Base.metadata.sorted_tables)
    return Finding("tables", TABLES, count, _found(tables.faults))


def _of_texts(now: datetime) -> Finding:
    chosen = feeds.texts_of(now)
    checked = text(
        "Texts: what calendars say equals a fresh rendering, of all %(shown)s bookings that they"
        " show and %(some)s of %(older)s older ones, others each day",
        shown=chosen.shown,
        some=chosen.some,
        older=chosen.older,
    )
    count = chosen.shown + chosen.some
    return Finding("texts", checked, count, _found(partial(feeds.faults_of_texts, now)))


def _of_rows(look: Look, now: datetime) -> Finding:
    count = _rows(look.of.__table__)
    return Finding(look.code, look.checked, count, _found(partial(look.faults, now)))


def _found(look: Callable[[], Sequence[Text]]) -> list[Text]:
    """Return what a look finds; where a row stops it, that is a fault and the next one goes on."""
    try:
        return _told(look())
    except (ValueError, LookupError, DataError, CampusError) as error:
        db.session.rollback()
        return [
            text(
                "This could not be looked into, because something in it cannot be read"
                " (%(error)s). Repair what is wrong with the tables first.",
                error=type(error).__name__,
            )
        ]


def _told(faults: Sequence[Text]) -> list[Text]:
    """Return the first faults, and how many more there are."""
    if len(faults) <= MOST:
        return list(faults)
    more = text("… and %(count)s more like these.", count=len(faults) - MOST)
    return [*faults[:MOST], more]


def _rows(table: object) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]
