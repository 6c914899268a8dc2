"""Write the journal, seal it, and prove that nobody altered it."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campus.db import db, dialects, write
from campus.errors import Text, text
from campus.journal import queries, rules
from campus.journal.models import Entry, Seal


def record(
    *, actor_id: int | None, verb: str, subject: str, now: datetime, **details: str | int | None
) -> None:
    """Write down a deed in the caller's transaction.

    Args:
        actor_id: the person; None for the campus itself, a job or a command.
        verb: such as "booking.book".
        subject: what it was done to, such as "booking:<code>".
        details: codes, counts and states; no names or addresses, for this is never erased.
    """
    written = rules.written(details)
    write(Entry(at=now, person_id=actor_id, verb=verb, subject=subject, details=written))


def seal(*, now: datetime, limit: int = 500) -> int:
    """Chain entries that have no seal yet, in order of id; return how many. One caller at a time.

    An entry is left alone for a minute, so that those with a lower id are there as well.
    """
    query = (
        select(Entry)
        .outerjoin(Seal, Seal.entry_id == Entry.id)
        .where(Seal.id.is_(None), Entry.at <= now - rules.SEAL_AFTER)
        .order_by(Entry.id)
        .limit(limit)
    )
    last = queries.last_seal()
    chain = last.digest if last else rules.BEGINNING
    entries = db.session.scalars(query).all()
    for entry in entries:
        chain = _digest(chain, entry)
        db.session.add(Seal(entry_id=entry.id, digest=chain))
        db.session.flush()  # ids of seals in the order of the chain
    return len(entries)


def faults() -> list[Text]:
    """Return a sentence for the first place where the chain breaks, or nothing: for doctor."""
    dialects.begin_snapshot(db.session(), patient=True)
    chain = rules.BEGINNING
    query = select(Seal).options(joinedload(Seal.entry)).order_by(Seal.id)
    with closing(db.session.scalars(query.execution_options(yield_per=1000))) as rows:
        for row in rows:
            if row.entry is None or _digest(chain, row.entry) != row.digest:
                return [
                    text(
                        "Journal entry %(entry)s was altered. Compare it with a backup from"
                        " before.",
                        entry=row.entry_id,
                    )
                ]
            chain = row.digest
    return []


def _digest(before: str, entry: Entry) -> str:
    deed = (entry.person_id, entry.verb, entry.subject, entry.details)
    return rules.digest(before, entry_id=entry.id, at=entry.at, deed=deed)
