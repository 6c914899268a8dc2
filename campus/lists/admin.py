"""For staff: one box that finds everything, the lists behind it, and what is done with many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from campus import clock
from campus.bookings import queries as bookings_queries
from campus.db import carry_out, unit_of_work
from campus.errors import Busy, CampusError, NotFound, RuleBroken, Text, require
from campus.lists import forms, listing, pages, policy, queries, service, sought
from campus.lists.forms import CancelForm
from campus.lists.listing import Columns
from campus.lists.models import Line
from campus.lists.pages import BATCH, PER_PAGE
from campus.lists.policy import List
from campus.members.login import actor, require_staff
from campus.members.models import Organisation, Person
from campus.members.queries import organisation_by_code
from campus.spaces.policy import MANY
from campus.web.tables import csv_answer

staff_lists = Blueprint("staff_lists", __name__, url_prefix="/<language:lang>/staff")
staff_lists.before_request(require_staff)

Of = TypeVar("Of")
Outcome = tuple[Line, Text | str]


@staff_lists.get("/search")
def search() -> ResponseReturnValue:
    """Show what some words find; the code of a booking leads straight to it."""
    words, now = forms.words_in(request.args), clock.now()
    try:
        booking = bookings_queries.booking_by_code(words.lower(), actor=actor())
    except NotFound:
        found = pages.hits(words, now=now) if words else None
        return render_template("lists/search.html", words=words, found=found)
    return redirect(url_for("bookings.show", code=booking.code), HTTPStatus.SEE_OTHER)


# --- bookings ---------------------------------------------------------------------------------


@staff_lists.get("/bookings")
def bookings() -> ResponseReturnValue:
    """Show the bookings of some days, of whom and where one likes, a page at a time."""
    asked = forms.read_bookings(request.args, today=clock.today(clock.now()))
    return render_template(
        "lists/bookings.html",
        sheet=pages.sheet_of(asked),
        said=asked.said(),
        organisations=queries.organisation_names(),
        states=listing.STATES,
        kinds=[(kind.value, words) for kind, words in MANY.items()],
    )


@staff_lists.get("/bookings.csv")
def bookings_csv() -> ResponseReturnValue:
    """Hand over the bookings of some days, or those that were ticked.

    Raises:
        RuleBroken: the address says what cannot be read, so nobody takes more along than meant.
    """
    asked = pages.asked_of(forms.read_bookings(request.args, today=clock.today(clock.now())))
    if asked.mistakes:
        raise RuleBroken(asked.mistakes[0], rule="filters")
    rows = sought.count_bookings(asked.wanted) if asked.wanted else 0
    filters = {**asked.search.said(), "picked": str(len(asked.search.picked) or "")}
    _note(List.BOOKINGS, rows, filters)
    return _file(gettext("bookings"), listing.BOOKINGS, pages.all_bookings(asked.wanted))


@staff_lists.get("/bookings/cancel")
def confirm_cancel() -> ResponseReturnValue:
    """Show what would become of the bookings that were ticked, and ask why."""
    require(policy.why_not_cancel_many(actor()))
    form = CancelForm(meta={"csrf": False})
    return _preview(form, forms.picked_in(request.args), now=clock.now())


@staff_lists.post("/bookings/cancel")
def cancel() -> ResponseReturnValue:
    """Cancel bookings one by one, so that one that is refused does not stop the others."""
    require(policy.why_not_cancel_many(actor()))
    form, now = CancelForm(), clock.now()
    picked = forms.picked_in(request.form)
    if not form.validate_on_submit() or not picked:
        page = _preview(form, picked, now=now)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    refusals = _cancelled(picked, reason=form.reason.data or "", now=now)
    lines = pages.picked([code for code, _ in picked])
    return render_template(
        "lists/cancelled.html",
        done=[line for code, line in lines.items() if code not in refusals],
        refused=[(code, lines.get(code), why) for code, why in refusals.items()],
        reason=form.reason.data,
    )


def _preview(form: CancelForm, picked: Sequence[tuple[str, int]], *, now: datetime) -> str:
    lines = pages.picked([code for code, _ in picked])
    seen = dict(picked)
    outcomes = [(line, *pages.outcome(line, now=now)) for line in lines.values()]
    return render_template(
        "lists/cancel.html",
        form=form,
        outcomes=outcomes,
        going=[(line, f"{line.code}.{seen[line.code]}") for line, goes, _ in outcomes if goes],
        missing=[code for code in seen if code not in lines],
    )


def _cancelled(
    picked: Sequence[tuple[str, int]], *, reason: str, now: datetime
) -> dict[str, Text]:
    """Cancel bookings, each in a transaction of its own; return why some could not be."""
    me, refused = actor(), dict[str, Text]()
    for number, (code, revision) in enumerate(picked):
        try:
            carry_out(
                lambda code=code, revision=revision: service.cancel(  # type: ignore[misc]
                    actor=me, code=code, revision=revision, reason=reason, now=now
                )
            )
        except Busy as refusal:  # the others would only wait as long
            return refused | {left: refusal.message for left, _ in picked[number:]}
        except CampusError as refusal:
            refused[code] = refusal.message
    return refused


# --- people, organisations, spaces ------------------------------------------------------------


@staff_lists.get("/people")
def people() -> ResponseReturnValue:
    """Show who is known here: of which organisation, with what role, last seen when."""
    words, code = forms.words_in(request.args), request.args.get("organisation", "")
    organisation_id, mistakes = _organisation(code)
    found = queries.people(
        words,
        organisation_id=organisation_id,
        after=queries.place_of(Person, forms.after_in(request.args)),
        limit=PER_PAGE + 1,
    )
    shown = found[:PER_PAGE] if not mistakes else []
    return render_template(
        "lists/people.html",
        people=shown,
        words=words,
        organisation=code,
        organisations=queries.organisation_names(),
        following=shown[-1].code if shown and len(found) > PER_PAGE else "",
        mistakes=mistakes,
        roles=listing.ROLES,
        duties=listing.DUTIES,
        barred=policy.why_not_export(actor(), List.PEOPLE),
    )


@staff_lists.get("/people.csv")
def people_csv() -> ResponseReturnValue:
    """Hand over the list of people, to those who may have it."""
    words, code = forms.words_in(request.args), request.args.get("organisation", "")
    require(policy.why_not_export(actor(), List.PEOPLE))
    organisation_id = organisation_by_code(code).id if code else None
    rows = queries.count_people(words, organisation_id=organisation_id)
    _note(List.PEOPLE, rows, {"organisation": code, "q": words})
    batches = pages.in_batches(
        lambda after: queries.people(
            words, organisation_id=organisation_id, after=after, limit=BATCH
        )
    )
    return _file(gettext("people"), listing.PEOPLE, batches)


@staff_lists.get("/organisations")
def organisations() -> ResponseReturnValue:
    """Show the organisations, with their people and what they have booked."""
    words = forms.words_in(request.args)
    after = queries.place_of(Organisation, forms.after_in(request.args))
    found = queries.organisations(words, now=clock.now(), after=after, limit=PER_PAGE + 1)
    shown = found[:PER_PAGE]
    return render_template(
        "lists/organisations.html",
        organisations=shown,
        words=words,
        following=shown[-1].code if len(found) > PER_PAGE else "",
        relations=listing.RELATIONS,
    )


@staff_lists.get("/organisations.csv")
def organisations_csv() -> ResponseReturnValue:
    """Hand over the list of organisations."""
    words, now = forms.words_in(request.args), clock.now()
    _note(List.ORGANISATIONS, queries.count_organisations(words), {"q": words})
    batches = pages.in_batches(
        lambda after: queries.organisations(words, now=now, after=after, limit=BATCH)
    )
    return _file(gettext("organisations"), listing.ORGANISATIONS, batches)


@staff_lists.get("/lists/spaces.csv")
def spaces_csv() -> ResponseReturnValue:
    """Hand over the list of spaces: some thousands at most, so in one piece."""
    words = forms.words_in(request.args)
    rows = queries.count_spaces(words)
    _note(List.SPACES, rows, {"q": words})
    return _file(gettext("places"), listing.SPACES, [queries.spaces(words, limit=rows)])


def _organisation(code: str) -> tuple[int | None, list[Text]]:
    """Return the organisation that a filter names, or why there is none."""
    try:
        return (organisation_by_code(code[:40]).id if code else None), []
    except NotFound as refusal:
        return None, [refusal.message]


def _note(what: List, rows: int, filters: dict[str, str]) -> None:
    """Write down that a list leaves campus, before its first line does."""
    if request.method == "HEAD":
        return
    now = clock.now()
    words = len(filters.pop("q", ""))
    said = {**filters, "by_words": "1" if words else ""}
    with unit_of_work():
        service.export(actor=actor(), what=what, rows=rows, filters=said, now=now)


def _file(name: str, columns: Columns[Of], batches: Iterable[Sequence[Of]]) -> ResponseReturnValue:
    rows = ([[cell(one) for _, cell in columns] for one in batch] for batch in batches)
    return csv_answer(name, [head for head, _ in columns], rows)
