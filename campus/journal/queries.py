"""Questions to the journal."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from campus.db import db
from campus.journal.models import Entry, Seal


def recent(limit: int = 50, *, before_id: int | None = None) -> Sequence[Entry]:
    """Return the latest entries, newest first; `before_id` turns the page."""
    query = select(Entry)
    if before_id is not None:
        query = query.where(Entry.id < before_id)
    return db.session.scalars(query.order_by(Entry.id.desc()).limit(limit)).all()


def count() -> int:
    """Return how many entries there are."""
    return db.session.scalar(select(func.count()).select_from(Entry)) or 0


def last_seal() -> Seal | None:
    """Return the end of the chain."""
    return db.session.scalar(select(Seal).order_by(Seal.id.desc()).limit(1))
