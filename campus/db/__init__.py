"""The database: one declarative base, one session, one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Insert, MetaData, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

from campus.db import dialects, replication
from campus.errors import Conflict

Done = TypeVar("Done")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table's base; constraints get names that are the same on both databases."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


@contextmanager
def unit_of_work(*, hurried: bool = False) -> Iterator[None]:
    """Run one change: fresh snapshot, commit at the end, roll back on any error.

    Args:
        hurried: give up rather than wait for others who write.

    Raises:
        Conflict: the database refused the change (overlap, duplicate).
        Busy: the database could not be written; nothing was done. Where the connection broke
            during the commit, or the standby did not answer, nobody knows what will be left of
            it, and the sentence says so.
    """
    session = db.session()
    session.rollback()
    saving = False
    try:
        dialects.begin_write(session, hurried=hurried)
        yield
        session.flush()
        saving = True
        with replication.awaited(session):
            session.commit()
    except DBAPIError as error:
        session.rollback()
        raise dialects.translate(error, saving=saving) from error
    except BaseException:
        session.rollback()
        raise


def write(row: Base) -> None:
    """Insert a new row that nobody will read again in this unit of work, at half the cost.

    The row does not join the session and gets no id; defaults of its columns hold.
    """
    table = type(row).__table__
    values = {key: value for key, value in row.__dict__.items() if key in table.c}
    db.session.connection().execute(_insertion(type(row)), values)


@cache
def _insertion(table: type[Base]) -> Insert:
    return insert(table)


def carry_out(work: Callable[[], Done]) -> Done:
    """Do `work` in a unit of work, and once more when two requests crossed.

    Crossed are: a deadlock that the database ended, and the same form sent twice at once, of
    which the second then finds what the first made.
    """
    try:
        with unit_of_work():
            return work()
    except Conflict as refusal:
        if not refusal.retryable and refusal.code != "repeat":
            raise
    with unit_of_work():
        return work()
