"""The journal and the outbox as files, and how a message is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import request

from campus import clock
from campus.db import unit_of_work
from campus.errors import Text, require, text
from campus.lists import policy
from campus.lists import service as lists
from campus.lists.policy import List
from campus.members.login import actor
from campus.outbox import queries as outbox
from campus.outbox.models import Message
from campus.web.tables import moment

BATCH = 1000
STATES: dict[str, Text] = {
    "sent": text("sent"),
    "withdrawn": text("taken back"),
    "dead": text("given up"),
    "failing": text("will be tried again"),
    "waiting": text("waiting"),
}


def note(what: List, rows: int) -> None:
    """Write down that a list leaves campus, before its first line does."""
    require(policy.why_not_export(actor(), what))
    if request.method == "HEAD":
        return
    with unit_of_work():
        lists.export(actor=actor(), what=what, rows=rows, filters={}, now=clock.now())


def outbox_rows() -> Iterator[list[Sequence[object]]]:
    """Yield what is said of every message, newest first, in batches."""
    before: int | None = None
    while messages := outbox.recent(BATCH, before_id=before):
        before = messages[-1].id
        yield [
            (
                moment(one.created_at),
                one.recipient,
                one.subject,
                STATES[state_of(one)],
                moment(one.sent_at),
                one.last_error,
            )
            for one in messages
        ]


def state_of(message: Message) -> str:
    """Return "sent", "withdrawn", "dead", "failing" or "waiting"."""
    if message.sent_at is not None:
        return "sent"
    if message.withdrawn_at is not None:
        return "withdrawn"
    if message.dead_at is not None:
        return "dead"
    return "failing" if message.last_error else "waiting"
