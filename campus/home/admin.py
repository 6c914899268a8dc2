"""For staff: the journal, and the mails that left or wait."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campus import clock
from campus.db import unit_of_work
from campus.errors import Text, require, text
from campus.home import policy, queries
from campus.journal import queries as journal
from campus.journal import service as journal_service
from campus.journal.models import Entry
from campus.members.login import actor, require_staff
from campus.outbox import queries as outbox
from campus.outbox import service as outbox_service
from campus.outbox.models import Message

LARGEST_ID = 2**31 - 1  # what an INTEGER column holds everywhere
PER_PAGE = 50
PERSON = "person"

staff = Blueprint("staff", __name__, url_prefix="/<language:lang>/staff")
staff.before_request(require_staff)

DEEDS: dict[str, Text] = {
    "booking.book": text("booked"),
    "booking.change": text("changed"),
    "booking.extend": text("made longer"),
    "booking.release": text("gave back the rest of"),
    "booking.cancel": text("called off"),
    "booking.undo": text("undid the last step on"),
    "demo.load": text("loaded the demo campus"),
    "organisation.add": text("added an organisation"),
    "outbox.retry": text("sent a mail again"),
    "person.ask_reset": text("sent a link for a new password to"),
    "person.change_password": text("changed the password"),
    "person.change_password_failed": text("could not change the password"),
    "person.create_staff": text("made staff"),
    "person.invite": text("invited"),
    "person.set_password": text("chose a password"),
    "person.sign_in": text("signed in"),
    "person.sign_in_failed": text("refused to sign in"),
    "person.sign_out": text("signed out"),
}

DETAILS: dict[str, Text] = {"space": text("place"), "revision": text("version")}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the journal as people read it.

    Attributes:
        who: the name; None for the campus itself.
        booking: the code of a booking it is about, to lead there.
    """

    at: datetime
    who: str | None
    deed: Text | str
    about: str
    booking: str
    details: Sequence[tuple[Text | str, str]]


@staff.get("/journal", endpoint="journal")
def journal_page() -> ResponseReturnValue:
    """Show who did what, newest first, a page at a time."""
    entries = journal.recent(PER_PAGE + 1, before_id=_before())
    shown = entries[:PER_PAGE]
    names = queries.names_of(
        [entry.person_id for entry in shown],
        codes=[code for kind, code in map(_subject, shown) if kind == PERSON],
    )
    return render_template(
        "staff/journal.html",
        lines=[_line(entry, names) for entry in shown],
        older=shown[-1].id if len(entries) > PER_PAGE else None,
        is_first=_before() is None,
    )


def _line(entry: Entry, names: queries.Names) -> Line:
    kind, code = _subject(entry)
    details = json.loads(entry.details) if entry.details else {}
    return Line(
        at=entry.at,
        who=None if entry.person_id is None else names.by_id.get(entry.person_id, "?"),
        deed=DEEDS.get(entry.verb, entry.verb),
        about=names.by_code.get(code, entry.subject) if kind == PERSON else entry.subject,
        booking=code if kind == "booking" else "",
        details=[
            (DETAILS.get(name, name), str(value))
            for name, value in details.items()
            if value is not None
        ],
    )


def _subject(entry: Entry) -> tuple[str, str]:
    """Return what kind of thing an entry is about, and its code."""
    kind, _, code = entry.subject.partition(":")
    return kind, code


@staff.get("/outbox", endpoint="outbox")
def outbox_page() -> ResponseReturnValue:
    """Show what waits, what left and what was given up, newest first."""
    messages = outbox.recent(PER_PAGE + 1, before_id=_before())
    shown = messages[:PER_PAGE]
    return render_template(
        "staff/outbox.html",
        messages=[(message, state_of(message)) for message in shown],
        older=shown[-1].id if len(messages) > PER_PAGE else None,
        is_first=_before() is None,
        waiting=outbox.waiting(),
        dead=outbox.dead(),
        has_mail=_has_mail(),
    )


@staff.get(f"/outbox/<int(max={LARGEST_ID}):number>")
def message(number: int) -> ResponseReturnValue:
    """Show one message as it was written, unless it holds somebody's personal link."""
    found = outbox.message_by_id(number)
    return render_template(
        "staff/message.html",
        message=found,
        state=state_of(found),
        refusal=policy.why_not_read(actor(), found),
        has_mail=_has_mail(),
    )


@staff.post(f"/outbox/<int(max={LARGEST_ID}):number>/retry")
def retry(number: int) -> ResponseReturnValue:
    """Let a message that was given up leave once more."""
    now = clock.now()
    with unit_of_work():
        found = outbox.message_by_id(number)
        require(policy.why_not_retry(found))
        outbox_service.try_again(found, now=now)
        journal_service.record(
            actor_id=actor().person_id, verb="outbox.retry", subject=f"message:{number}", now=now
        )
    flash(gettext("The message waits again and leaves with the next round."), "good")
    return redirect(url_for(".message", number=number), HTTPStatus.SEE_OTHER)


def state_of(message: Message) -> str:
    """Return "sent", "withdrawn", "dead", "failing" or "waiting"."""
    if message.sent_at is not None:
        return "sent"
    if message.withdrawn_at is not None:
        return "withdrawn"
    if message.dead_at is not None:
        return "dead"
    return "failing" if message.last_error else "waiting"


def _before() -> int | None:
    number = request.args.get("before", type=int)
    return number if number is not None and 0 < number <= LARGEST_ID else None


def _has_mail() -> bool:
    return bool(current_app.extensions["campus.settings"].mail_url)
