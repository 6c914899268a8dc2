"""For staff: the journal, the mails that left or wait, and what the doctor found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campus import clock
from campus.db import unit_of_work
from campus.errors import Text, require, text
from campus.home import answers, policy, queries, rules, service
from campus.journal import queries as journal
from campus.journal import service as journal_service
from campus.journal.models import Entry
from campus.journal.policy import DEEDS, DETAILS, NOT_SIGNED_IN
from campus.lists import policy as lists
from campus.lists.policy import List
from campus.members import queries as members
from campus.members.login import actor, require_staff
from campus.outbox import queries as outbox
from campus.outbox import service as outbox_service
from campus.web.tables import csv_answer
from campus.web.templating import in_words

LARGEST_ID = 2**31 - 1  # what an INTEGER column holds everywhere
PER_PAGE = 50
PERSON = "person"
OLD = timedelta(hours=36)  # a night was missed

staff = Blueprint("staff", __name__, url_prefix="/<language:lang>/staff")
staff.before_request(require_staff)

LISTS: dict[str, Text] = {what.value: name for what, name in lists.NAMES.items()}


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
    return render_template(
        "staff/journal.html",
        lines=_lines(shown),
        older=shown[-1].id if len(entries) > PER_PAGE else None,
        is_first=_before() is None,
        barred=lists.why_not_export(actor(), List.JOURNAL),
    )


@staff.get("/journal.csv")
def journal_csv() -> ResponseReturnValue:
    """Hand over who did what, newest first, to those who may have it."""
    answers.note(List.JOURNAL, journal.count())
    heads = (text("When"), text("Who"), text("What happened"), text("About"), text("Details"))
    return csv_answer(gettext("journal"), heads, _journal_rows())


def _journal_rows() -> Iterator[list[Sequence[object]]]:
    before: int | None = None
    while entries := journal.recent(answers.BATCH, before_id=before):
        before, lines = entries[-1].id, _lines(entries)
        yield [
            (
                f"{clock.local(line.at):%Y-%m-%d %H:%M:%S}",
                line.who,
                line.deed,
                line.about,
                ", ".join(f"{in_words(name)} {value}" for name, value in line.details),
            )
            for line in lines
        ]


def _lines(entries: Sequence[Entry]) -> list[Line]:
    """Return entries as people read them. One query, for the names."""
    names = members.names_of(
        [entry.person_id for entry in entries],
        codes=[code for kind, code in map(_subject, entries) if kind == PERSON],
    )
    return [_line(entry, names) for entry in entries]


def _line(entry: Entry, names: members.Names) -> Line:
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
            if value not in (None, "")
        ],
    )


def _who(entry: Entry, names: members.Names) -> Text | str:
    if entry.person_id is not None:
        return names.by_id.get(entry.person_id, "?")
    if entry.verb in NOT_SIGNED_IN:
        return text("somebody not signed in")
    return text("the campus itself")


def _about(entry: Entry, names: members.Names) -> Text | str:
    """Return what an entry is about, as people call it."""
    kind, code = _subject(entry)
    words: dict[str, Text | str] = {
        "booking": text("booking %(code)s", code=code),
        "closure": text("closure %(code)s", code=code),
        "list": text("the list of %(name)s", name=LISTS.get(code, code)),
        "floor": text("floor %(code)s", code=code),
        "message": text("mail %(number)s", number=code),
        "organisation": text("organisation %(code)s", code=code),
        PERSON: names.by_code.get(code) or text("somebody unknown here"),
        "building": text("building %(code)s", code=code),
        "feature": text("feature %(code)s", code=code),
        "feed": text("calendar %(code)s", code=code),
        "hours": text("opening hours, %(code)s", code=code),
        "rule": text("rules, %(code)s", code=code),
        "site": text("the campus"),
        "space": text("place %(code)s", code=code),
        "zone": text("zone %(code)s", code=code),
    }
    return words.get(kind, entry.subject)


def _page_of(kind: str, code: str) -> str:
    if kind == "booking":
        return url_for("bookings.show", code=code)
    if kind == "closure":
        return url_for("staff_closures.show", code=code)
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
        messages=[(message, answers.state_of(message)) for message in shown],
        older=shown[-1].id if len(messages) > PER_PAGE else None,
        is_first=_before() is None,
        waiting=outbox.waiting(),
        dead=outbox.dead(),
        has_mail=_has_mail(),
        barred=lists.why_not_export(actor(), List.OUTBOX),
    )


@staff.get("/outbox.csv")
def outbox_csv() -> ResponseReturnValue:
    """Hand over the mails that left or wait, without their texts, to those who may have it."""
    answers.note(List.OUTBOX, outbox.count())
    heads = (text("Written"), text("Recipient"), text("Subject"), text("State"), text("Sent"))
    return csv_answer(gettext("outbox"), (*heads, text("Last error")), answers.outbox_rows())


@staff.get(f"/outbox/<int(max={LARGEST_ID}):number>")
def message(number: int) -> ResponseReturnValue:
    """Show one message as it was written, unless it holds somebody's personal link."""
    found = outbox.message_by_id(number)
    return render_template(
        "staff/message.html",
        message=found,
        state=answers.state_of(found),
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


@staff.get("/doctor")
def doctor() -> ResponseReturnValue:
    """Show what the last look into the data found, how old it is, and whether one is coming."""
    now = clock.now()
    last = queries.last_examination()
    findings = rules.findings_of(last.findings) if last else []
    return render_template(
        "staff/doctor.html",
        last=last,
        findings=sorted(findings, key=lambda one: not one.faults),
        faults=sum(len(one.faults) for one in findings),
        seconds=round(sum(one.seconds for one in findings)),
        waiting=queries.waiting_examination(),
        is_old=last is not None and last.asked_at < now - OLD,
        is_silent=service.worker_word(now) == "silent",
    )


@staff.post("/doctor")
def ask_doctor() -> ResponseReturnValue:
    """Let the worker look into the data."""
    with unit_of_work():
        service.ask_examination(actor=actor(), now=clock.now())
    flash(gettext("Asked. The worker begins within a minute; then look here again."), "good")
    return redirect(url_for(".doctor"), HTTPStatus.SEE_OTHER)


def _before() -> int | None:
    number = request.args.get("before", type=int)
    return number if number is not None and 0 < number <= LARGEST_ID else None


def _has_mail() -> bool:
    return bool(current_app.extensions["campus.settings"].mail_url)
