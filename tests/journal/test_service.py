"""The journal: written with the deed, never altered, and able to prove it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from campus.db import db, unit_of_work
from campus.journal import jobs, queries, rules, service
from campus.journal.models import Entry, Seal
from tests.conftest import lowered_guards
from tests.factories import NOW

LATER = NOW + timedelta(minutes=5)

pytestmark = pytest.mark.usefixtures("database")


def record(number: int = 1, *, minutes: int = 0) -> None:
    with unit_of_work():
        service.record(
            actor_id=7,
            verb="booking.book",
            subject=f"booking:code-{number}",
            now=NOW + timedelta(minutes=minutes),
            space="D-12",
            revision=number,
        )


def seal(*, limit: int = 500) -> int:
    with unit_of_work():
        return service.seal(now=LATER, limit=limit)


def tamper(statement: str) -> None:
    """Change the journal as somebody with the database's own password could."""
    with unit_of_work():
        guards = lowered_guards()
        db.session.execute(text(statement))
        for guard in guards:
            db.session.execute(text(guard))


def faults() -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [str(fault) for fault in service.faults()]


def test_an_entry_says_who_did_what_to_which_thing_and_when() -> None:
    record()

    (entry,) = queries.recent()

    assert (entry.person_id, entry.verb, entry.subject) == (7, "booking.book", "booking:code-1")
    assert entry.at == NOW
    assert json.loads(entry.details) == {"space": "D-12", "revision": 1}


def record_and_stumble() -> None:
    with unit_of_work():
        service.record(actor_id=None, verb="job.run", subject="job:x", now=NOW)
        raise RuntimeError("so no deed")


def test_an_entry_goes_with_its_deed() -> None:
    with pytest.raises(RuntimeError, match="no deed"):
        record_and_stumble()

    assert queries.recent() == []


def test_an_entry_without_details_holds_nothing() -> None:
    with unit_of_work():
        service.record(actor_id=None, verb="job.run", subject="job:x", now=NOW)

    assert queries.recent()[0].details == ""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET verb = 'booking.cancel'",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE id < 0",
        "UPDATE journal SET details = '' WHERE subject = 'booking:code-1'",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(statement: str) -> None:
    record()
    before = [entry.verb for entry in queries.recent()]

    if "id < 0" in statement and db.engine.dialect.name == "sqlite":
        with unit_of_work():  # no row, no trigger; and nothing deleted
            db.session.execute(text(statement))
    else:
        with pytest.raises(DBAPIError, match="journal_append_only"), unit_of_work():
            db.session.execute(text(statement))

    assert [entry.verb for entry in queries.recent()] == before


def test_the_latest_entries_come_first_a_page_at_a_time() -> None:
    for number in range(5):
        record(number)

    page = queries.recent(2)
    older = queries.recent(2, before_id=page[-1].id)

    assert [entry.subject[-1] for entry in (*page, *older)] == ["4", "3", "2", "1"]


def test_sealing_chains_what_is_old_enough_in_order() -> None:
    record(1)
    record(2)
    record(3, minutes=5)  # of this very moment: one with a lower id may still be on its way

    assert seal() == 2
    assert seal() == 0
    sealed = db.session.scalars(select(Seal.entry_id).order_by(Seal.id)).all()
    entries = db.session.scalars(select(Entry.id).order_by(Entry.id)).all()
    assert list(sealed) == list(entries)[:2]
    assert faults() == []


def test_sealing_in_parts_makes_the_same_chain() -> None:
    for number in range(5):
        record(number)
    seal(limit=2)
    seal(limit=2)
    seal(limit=2)

    chain = rules.BEGINNING
    for entry in db.session.scalars(select(Entry).order_by(Entry.id)):
        deed = (entry.person_id, entry.verb, entry.subject, entry.details)
        chain = rules.digest(chain, entry_id=entry.id, at=entry.at, deed=deed)

    last = queries.last_seal()
    assert last is not None
    assert last.digest == chain


def test_an_entry_that_becomes_visible_late_is_sealed_after_the_others() -> None:
    record(1)
    record(2)
    first = queries.recent()[-1]
    values = {"id": first.id, "at": NOW}
    tamper(f"DELETE FROM journal WHERE id = {first.id}")  # noqa: S608 - not committed yet, so to say
    seal()
    with unit_of_work():
        db.session.add(Entry(**values, person_id=7, verb="v", subject="s", details=""))

    assert seal() == 1
    assert faults() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET verb = 'booking.cancel' WHERE subject = 'booking:code-2'",
        "UPDATE journal SET person_id = 8 WHERE subject = 'booking:code-2'",
        "UPDATE journal SET details = '' WHERE subject = 'booking:code-2'",
        "DELETE FROM journal_seal WHERE entry_id IN"
        " (SELECT id FROM journal WHERE subject = 'booking:code-2')",
    ],
)
def test_what_was_altered_is_found(statement: str) -> None:
    for number in (1, 2, 3):
        record(number)
    seal()
    assert faults() == []

    tamper(statement)

    (fault,) = faults()
    assert "was altered" in fault


def test_the_job_seals_everything_and_logs_the_end_of_the_chain(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    for number in range(5):
        record(number)

    with caplog.at_level("INFO"):
        jobs.seal(LATER)

    last = queries.last_seal()
    assert last is not None
    assert len(db.session.scalars(select(Seal)).all()) == 5
    assert last.digest in caplog.text


def test_the_job_says_nothing_when_there_is_nothing_to_seal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO"):
        jobs.seal(LATER)

    assert caplog.text == ""
