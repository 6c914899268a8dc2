"""What should never be in any table, and guards that must be there: proof for `campus doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    String,
    Table,
    func,
    inspect,
    not_,
    or_,
    select,
    type_coerce,
)
from sqlalchemy import text as sql

from campus.db import Base, db, dialects
from campus.db.types import UtcDateTime
from campus.errors import Text, text, text_plural

# As UtcDateTime writes it on SQLite; text of another form would sort wrongly.
WRITTEN = "-".join(["[0-9]" * 4, "[0-9]" * 2, "[0-9]" * 2]) + " " + ":".join(["[0-9]" * 2] * 3)
WRITTEN += "." + "[0-9]" * 6
GUARDS = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        {
            "occupancy_no_overlap_insert",
            "occupancy_no_overlap_update",
            "journal_append_only_update",
            "journal_append_only_delete",
        },
    ),
    "postgresql": (
        "SELECT conname FROM pg_constraint WHERE contype = 'x' AND convalidated"
        " UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
        {"occupancy_no_overlap", "journal_append_only"},
    ),
}


def faults() -> list[Text]:
    """Return a sentence for every instant, reference and guard that is not as it should be."""
    dialects.begin_snapshot(db.session(), patient=True)
    missing = list(_columns())
    return missing or [*_guards(), *_instants(), *_references()]


def _columns() -> Iterator[Text]:
    """Find what this program reads and the database does not have; then nothing else is asked."""
    known = inspect(db.session.connection())
    for table in Base.metadata.sorted_tables:
        there = {column["name"] for column in known.get_columns(table.name)}
        for name in sorted({column.name for column in table.columns} - there):
            yield text(
                "The table %(table)s has no column %(column)s, which this campus reads. Restore"
                " the last sound backup; it migrates by itself.",
                table=table.name,
                column=name,
            )


def _guards() -> Iterator[Text]:
    query, wanted = GUARDS[db.session.get_bind().dialect.name]
    for name in sorted(wanted - set(db.session.scalars(sql(query)))):
        yield text(
            "The database has lost its guard %(guard)s, so that double bookings or a rewritten"
            " journal would not be refused. Restore the last backup that has it.",
            guard=name,
        )


def _instants() -> Iterator[Text]:
    """Find instants that are in no form in which they can be read and compared."""
    for table in Base.metadata.sorted_tables:
        odd = [_is_odd(column) for column in table.columns if isinstance(column.type, UtcDateTime)]
        if not odd:
            continue
        count = db.session.scalar(select(func.count()).select_from(table).where(or_(*odd)))
        if count:
            yield text_plural(
                "%(num)s row of the table %(table)s holds an instant that is none of campus's."
                " Write it again in UTC, or restore the last sound backup.",
                "%(num)s rows of the table %(table)s hold an instant that is none of campus's."
                " Write it again in UTC, or restore the last sound backup.",
                num=count,
                table=table.name,
            )


def _is_odd(column: Column[object]) -> ColumnElement[bool]:
    if db.session.get_bind().dialect.name == "postgresql":
        return not_(func.isfinite(column))
    odd: ColumnElement[bool] = type_coerce(column, String).bool_op("NOT GLOB")(WRITTEN)
    return column.is_not(None) & odd


def _references() -> Iterator[Text]:
    """Find rows that name a row which is not there."""
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
            if count := _astray(table, key):
                yield text_plural(
                    "%(num)s row of the table %(table)s names a %(parent)s that is not there"
                    " (%(column)s). Restore the last sound backup.",
                    "%(num)s rows of the table %(table)s name a %(parent)s that is not there"
                    " (%(column)s). Restore the last sound backup.",
                    num=count,
                    table=table.name,
                    parent=key.column.table.name,
                    column=key.parent.name,
                )


def _astray(table: Table, key: ForeignKey) -> int:
    parent = key.column.table.alias()
    there = select(1).where(parent.c[key.column.name] == key.parent).exists()
    query = select(func.count()).select_from(table).where(key.parent.is_not(None), ~there)
    return db.session.scalar(query) or 0
