"""Counters by key, one up with every change of what stands under the key: ETags of feeds.

A counter answers "has anything changed?" in one look, where `max(changed_at)` reads every row and
misses what was deleted and added in one tick. Keys are made by `key`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, event, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from campus.db import Base, db, dialects
from campus.db.types import UtcDateTime

TOUCHED = "campus.touched"  # in the session's own notes, until the commit


class Counter(Base):
    """How often what stands under a key has changed, and when it did last."""

    __tablename__ = "counter"

    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


def key(of: str, number: object = "") -> str:
    """Return the key of something: "space:12", "kind:desk", "campus"."""
    return f"{of}:{number}" if number != "" else of


def touch(keys: Iterable[str], *, now: datetime) -> None:
    """Let every key count one more when the unit of work commits."""
    touched = db.session().info.setdefault(TOUCHED, {})
    touched.update(dict.fromkeys(keys, now))


@event.listens_for(db.session, "before_commit")
def _settle(session: Session) -> None:
    """Write what was touched: last before the commit, for everybody's counter is one row.

    In the order of the keys, so that no two transactions wait for each other.
    """
    touched: dict[str, datetime] = session.info.pop(TOUCHED, {})
    if touched:
        dialects.count_up(session, sorted(touched), at=max(touched.values()))


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(TOUCHED, None)


def state_of(where: ColumnElement[bool]) -> tuple[int, datetime | None]:
    """Return how often the counters that `where` picks have counted, and when they last did."""
    query = select(func.coalesce(func.sum(Counter.version), 0), func.max(Counter.changed_at))
    version, changed_at = db.session.execute(query.where(where)).one()
    return int(version), changed_at
