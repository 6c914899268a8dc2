"""Doctor: mails and periodic work that nobody would ever see to are found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campus.db import db, unit_of_work
from campus.outbox import faults
from campus.outbox.models import Job, Letter, Message
from campus.outbox.service import enqueue
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("database")
YEARS = timedelta(days=1500)


def said() -> list[str]:
    return [str(fault) for fault in faults.faults(NOW)]


def make_message(**more: object) -> int:
    letter = Letter("femke@terpdata.example", None, "nl", "Geboekt", "Hunze")
    with unit_of_work():
        enqueue(letter, about="booking:x/1", dedupe_key="one", now=NOW)
        message = db.session.query(Message).one()
        for name, value in more.items():
            setattr(message, name, value)
        return message.id


def test_what_waits_what_left_and_what_was_given_up_are_sound() -> None:
    make_message()
    assert said() == []
    with unit_of_work():
        db.session.query(Message).one().sent_at = NOW
        db.session.add(Job(name="members.prune", next_run_at=NOW, locked_until=NOW))

    assert said() == []


def test_a_mail_to_nobody_is_found() -> None:
    number = make_message(recipient="")

    (found,) = said()
    assert f"Mail {number} waits and has no recipient. Withdraw it: UPDATE outbox" in found
    assert found.endswith(f"WHERE id = {number}.")


def test_a_mail_that_is_held_until_a_wrong_clock_is_right_is_found() -> None:
    number = make_message(locked_until=NOW + YEARS)

    assert f"Mail {number} is held far too long" in said()[0]


@pytest.mark.parametrize("column", ["next_run_at", "locked_until"])
def test_a_periodic_work_that_rests_for_years_is_found(column: str) -> None:
    times = {"next_run_at": NOW, "locked_until": NOW, column: NOW + YEARS}
    with unit_of_work():
        db.session.add(Job(name="journal.seal", **times))

    (found,) = said()
    assert "The periodic work journal.seal rests for far too long" in found
    assert "DELETE FROM job WHERE name = 'journal.seal'" in found
