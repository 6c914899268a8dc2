"""Messages: written with the change, taken by one worker, tried again, given up, emptied."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campus.db import db, unit_of_work
from campus.errors import NotFound
from campus.outbox import queries, rules, service
from campus.outbox.models import Job, Letter, Message, Periodic
from tests.factories import NOW, make_person

MINUTE = timedelta(minutes=1)
LETTER = Letter("femke@terpdata.example", None, "nl", "Geboekt", "Tot morgen.")
HOURLY = Periodic("members.prune", timedelta(hours=1), lambda _now: None)

pytestmark = pytest.mark.usefixtures("database")


def enqueue(
    key: str = "one", *, letter: Letter = LETTER, after: timedelta = timedelta(0)
) -> Message:
    with unit_of_work():
        service.enqueue(letter, about=f"thing:{key}", dedupe_key=key, now=NOW, after=after)
    return db.session.scalars(select(Message).where(Message.dedupe_key == key)).one()


def enqueue_and_stumble() -> None:
    with unit_of_work():
        service.enqueue(LETTER, about="thing:1", dedupe_key="1", now=NOW)
        raise RuntimeError("so no message")


def claim(now: datetime, *, inactive: int | None = None) -> Message | None:
    with unit_of_work():
        return service.claim_due(now=now, is_active=lambda person_id: person_id != inactive)


def fail(message: Message, now: datetime) -> bool:
    with unit_of_work():
        return service.mark_failed(message, error="450 later", now=now)


def stored(message: Message) -> Message:
    db.session.expire_all()
    return queries.message_by_id(message.id)


def test_a_message_of_a_change_that_was_rolled_back_is_not_there() -> None:
    with pytest.raises(RuntimeError, match="no message"):
        enqueue_and_stumble()

    assert queries.waiting() == 0


def test_the_same_message_is_written_once() -> None:
    enqueue("one")

    with pytest.raises(IntegrityError):
        enqueue("one")

    assert queries.waiting() == 1


def test_a_message_waits_for_its_moment() -> None:
    enqueue(after=timedelta(seconds=12))

    assert claim(NOW + timedelta(seconds=11)) is None
    assert claim(NOW + timedelta(seconds=12)) is not None


def test_messages_leave_in_the_order_they_were_meant_to() -> None:
    enqueue("second", after=2 * MINUTE)
    enqueue("first", after=MINUTE)
    enqueue("third", after=2 * MINUTE)

    keys = [message.dedupe_key for _ in range(3) if (message := claim(NOW + 3 * MINUTE))]

    assert keys == ["first", "second", "third"]


def test_a_claimed_message_is_nobody_elses_until_the_claim_runs_out() -> None:
    enqueue()
    first = claim(NOW)

    assert first is not None
    assert claim(NOW + rules.CLAIM_FOR - timedelta(seconds=1)) is None
    second = claim(NOW + rules.CLAIM_FOR)
    assert second is not None
    assert (first.attempts, second.attempts) == (1, 2)


def test_a_claimed_message_can_be_read_without_the_database() -> None:
    enqueue()
    message = claim(NOW)
    db.session.remove()

    assert message is not None
    assert message.text == "Tot morgen."


def test_a_sent_message_is_not_taken_again() -> None:
    enqueue()
    message = claim(NOW)
    assert message is not None
    with unit_of_work():
        service.mark_sent(message, now=NOW)

    assert claim(NOW + timedelta(days=1)) is None
    assert stored(message).sent_at == NOW


def test_what_is_about_a_thing_is_withdrawn_and_nothing_else() -> None:
    enqueue("one")
    enqueue("two")
    with unit_of_work():
        count = service.withdraw(about="thing:one", now=NOW)

    left = claim(NOW)

    assert count == 1
    assert left is not None
    assert left.dedupe_key == "two"
    assert claim(NOW) is None


def test_what_a_worker_has_in_hand_cannot_be_withdrawn() -> None:
    message = enqueue()
    claim(NOW)
    with unit_of_work():
        count = service.withdraw(about="thing:one", now=NOW + MINUTE)

    assert count == 0
    assert stored(message).withdrawn_at is None


def test_what_failed_and_waits_can_be_withdrawn() -> None:
    enqueue()
    message = claim(NOW)
    assert message is not None
    fail(message, NOW)
    with unit_of_work():
        count = service.withdraw(about="thing:one", now=NOW)

    assert count == 1
    assert claim(NOW + timedelta(days=1)) is None


def test_what_was_sent_is_not_withdrawn() -> None:
    enqueue()
    message = claim(NOW)
    assert message is not None
    with unit_of_work():
        service.mark_sent(message, now=NOW)
    with unit_of_work():
        assert service.withdraw(about="thing:one", now=NOW + timedelta(hours=1)) == 0


def test_a_failed_message_waits_longer_each_time() -> None:
    waiting = enqueue()
    now, waits = NOW, []
    for _ in range(3):
        message = claim(now)
        assert message is not None
        fail(message, now)
        waits.append(stored(waiting).run_at - now)
        now += waits[-1]

    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert stored(waiting).last_error == "450 later"


def test_a_message_is_given_up_after_three_days_of_trying() -> None:
    enqueue()
    first = claim(NOW)
    assert first is not None
    assert not fail(first, NOW)

    last = claim(NOW + timedelta(hours=72))

    assert last is not None
    assert fail(last, NOW + timedelta(hours=72))
    assert claim(NOW + timedelta(days=30)) is None
    assert (queries.waiting(), queries.dead()) == (0, 1)


def test_waiting_without_a_mail_server_is_no_trying() -> None:
    enqueue()

    late = claim(NOW + timedelta(days=10))

    assert late is not None
    assert not fail(late, NOW + timedelta(days=10))


def test_staff_can_have_a_dead_message_tried_again() -> None:
    enqueue()
    first = claim(NOW)
    assert first is not None
    fail(first, NOW)
    last = claim(NOW + timedelta(hours=72))
    assert last is not None
    fail(last, NOW + timedelta(hours=72))
    now = NOW + timedelta(hours=80)
    with unit_of_work():
        service.try_again(queries.message_by_id(first.id), now=now)

    again = claim(now)
    assert again is not None
    assert not fail(again, now)  # its three days begin anew


def test_a_worker_that_comes_back_late_does_not_speak_for_the_next_one() -> None:
    enqueue()
    slow = claim(NOW)
    quick = claim(NOW + rules.CLAIM_FOR)
    assert slow is not None
    assert quick is not None

    fail(slow, NOW + rules.CLAIM_FOR)

    assert stored(quick).locked_until == NOW + 2 * rules.CLAIM_FOR
    assert stored(quick).last_error == ""


def test_a_failure_after_another_worker_sent_it_changes_nothing() -> None:
    enqueue()
    message = claim(NOW)
    assert message is not None
    with unit_of_work():
        service.mark_sent(message, now=NOW)

    fail(message, NOW + MINUTE)

    assert stored(message).last_error == ""


def test_who_left_gets_no_mail_any_more() -> None:
    gone, here = make_person("Gone"), make_person("Here")
    for person in (gone, here):
        enqueue(
            person.name, letter=Letter(person.email, person.id, "nl", "Herinnering", "Morgen.")
        )

    message = claim(NOW, inactive=gone.id)

    assert message is not None
    assert message.dedupe_key == "Here"
    dropped = db.session.scalars(select(Message).where(Message.dedupe_key == "Gone")).one()
    assert dropped.withdrawn_at == NOW
    assert dropped.last_error == "the person is no longer active"


def test_old_messages_keep_no_words_and_no_address() -> None:
    enqueue("sent")
    message = claim(NOW)
    assert message is not None
    with unit_of_work():
        service.mark_sent(message, now=NOW)
    enqueue("waiting")
    with unit_of_work():
        assert service.drop_texts(now=NOW + rules.KEEP_TEXTS_FOR) == 0
    with unit_of_work():
        assert service.drop_texts(now=NOW + rules.KEEP_TEXTS_FOR + MINUTE) == 1
    with unit_of_work():
        assert service.drop_texts(now=NOW + rules.KEEP_TEXTS_FOR + MINUTE) == 0

    emptied = stored(message)
    assert (emptied.recipient, emptied.subject, emptied.text) == ("", "", "")
    assert [one.text for one in db.session.scalars(select(Message).order_by(Message.id))] == [
        "",
        "Tot morgen.",
    ]


def test_the_latest_messages_come_first_and_without_their_texts() -> None:
    for number in range(3):
        enqueue(str(number))
    db.session.expunge_all()

    newest, *_ = page = queries.recent(2)
    older = queries.recent(2, before_id=page[-1].id)

    assert [message.about for message in (*page, *older)] == ["thing:2", "thing:1", "thing:0"]
    assert "text" not in newest.__dict__


def test_the_oldest_waiting_message_tells_how_far_behind_the_worker_is() -> None:
    assert queries.oldest_waiting_at() is None

    enqueue()

    assert queries.oldest_waiting_at() == NOW


def test_a_message_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.message_by_id(12345)


def test_a_header_cannot_be_slipped_in_by_a_subject() -> None:
    letter = Letter("a@x.example", None, "nl", "Hoi\r\nBcc: all@x.example\x00\u202e", "Tekst")

    assert enqueue(letter=letter).subject == "Hoi Bcc: all@x.example"


def claim_job(now: datetime) -> bool:
    with unit_of_work():
        return service.claim_job(HOURLY, now=now)


def finish_job(now: datetime, *, error: str = "") -> None:
    with unit_of_work():
        service.finish_job(HOURLY, error=error, now=now)


def test_a_job_is_done_by_one_worker_at_a_time() -> None:
    assert claim_job(NOW)
    assert not claim_job(NOW + MINUTE)
    assert claim_job(NOW + rules.JOB_CLAIM_FOR)  # the first worker died


def test_a_job_is_due_again_after_its_time() -> None:
    claim_job(NOW)
    finish_job(NOW)

    assert not claim_job(NOW + timedelta(minutes=59))
    assert queries.resting_jobs(NOW + timedelta(minutes=59)) == {"members.prune"}
    assert queries.resting_jobs(NOW + timedelta(minutes=60)) == set()
    assert claim_job(NOW + timedelta(minutes=60))


def test_a_job_that_failed_is_tried_again_soon_and_says_why() -> None:
    claim_job(NOW)
    finish_job(NOW, error="OSError: disk\nfull")

    (job,) = queries.jobs()

    assert isinstance(job, Job)
    assert job.last_error == "OSError: disk full"
    assert job.next_run_at == NOW + rules.JOB_AGAIN_AFTER
