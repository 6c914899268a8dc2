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
    "booking.book": text("booking made"),
    "booking.change": text("booking changed"),
    "booking.extend": text("booking made longer"),
    "booking.release": text("rest of a booking given back"),
    "booking.cancel": text("booking cancelled"),
    "booking.undo": text("last step undone"),
    "demo.load": text("demo campus loaded"),
    "organisation.add": text("organisation added"),
    "outbox.retry": text("mail sent again"),
    "person.ask_reset": text("link for a new password asked for"),
    "person.change_password": text("password changed"),
    "person.change_password_failed": text("a change of password failed"),
    "person.create_staff": text("appointment as staff"),
    "person.invite": text("invitation"),
    "person.set_password": text("password chosen"),
    "person.sign_in": text("signed in"),
    "person.sign_in_failed": text("a sign-in failed"),
    "person.sign_out": text("signed out"),
}
NOT_SIGNED_IN = {"person.ask_reset", "person.sign_in_failed"}  # done by nobody knows whom

DETAILS: dict[str, Text] = {
    "space": text("place"),
    "revision": text("version"),
    "scale": text("scale"),
    "seed": text("starting number"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the journal as people read it.

    Attributes:
        who: the name, or in words who else it was.
        href: the page of what it is about, if that has one.
    """

    at: datetime
    who: Text | str
    deed: Text | str
    about: Text | str
    href: str
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
        who=_who(entry, names),
        deed=DEEDS.get(entry.verb, entry.verb),
        about=_about(entry, names),
        href=_page_of(kind, code),
        details=[
            (DETAILS.get(name, name), str(value))
            for name, value in details.items()
            if value is not None
        ],
    )


def _who(entry: Entry, names: queries.Names) -> Text | str:
    if entry.person_id is not None:
        return names.by_id.get(entry.person_id, "?")
    if entry.verb in NOT_SIGNED_IN:
        return text("somebody not signed in")
    return text("the campus itself")


def _about(entry: Entry, names: queries.Names) -> Text | str:
    """Return what an entry is about, as people call it."""
    kind, code = _subject(entry)
    words: dict[str, Text | str] = {
        "booking": text("booking %(code)s", code=code),
        "message": text("mail %(number)s", number=code),
        "organisation": text("organisation %(code)s", code=code),
        PERSON: names.by_code.get(code) or text("somebody unknown here"),
        "site": text("the campus"),
    }
    return words.get(kind, entry.subject)


def _page_of(kind: str, code: str) -> str:
    if kind == "booking":
        return url_for("bookings.show", code=code)
    is_mail = kind == "message" and code.isdecimal()
    return url_for(".message", number=code) if is_mail else ""


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
