"""Booking, and what can happen to a booking: the doors for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campus import clock
from campus.bookings import answers, asking, calendar, pages, policy, queries, service
from campus.bookings.forms import BookingForm, ChangeForm, ExtendForm, ReasonForm
from campus.bookings.models import Asked, Booking
from campus.db import carry_out
from campus.errors import Busy, CampusError, Conflict, Forbidden, NotFound, RuleBroken, require
from campus.members.login import actor, carried_form, form_page, login_required
from campus.members.models import Actor
from campus.spaces.queries import space_by_code
from campus.web.forms import new_key
from campus.web.templating import reader_language

bookings = Blueprint("bookings", __name__, url_prefix="/<language:lang>/bookings")
form_page(endpoint="bookings.create", page="bookings.new")
form_page(endpoint="bookings.change", page="bookings.change")

REFUSALS = (Conflict, RuleBroken, Forbidden, NotFound, Busy)
Verb = Callable[[Booking, datetime], None]


# --- booking ----------------------------------------------------------------------------------


@bookings.post("")
@login_required
def create() -> ResponseReturnValue:
    """Book and go to the booking, or show the form again with the reason and ways out."""
    form, now = BookingForm(), clock.now()
    if not form.validate_on_submit():
        return answers.form_again(form, actor=actor(), now=now)
    try:
        code = carry_out(lambda: booked(form, now=now))
    except REFUSALS as refusal:
        return answers.form_again(form, actor=actor(), now=now, refusal=refusal)
    if answers.is_swapped():
        booking = queries.booking_by_code(code, actor=actor())
        return answers.dock(booking, actor=actor(), now=now, state="booked")
    return go_to(code)


def booked(form: BookingForm, *, now: datetime) -> str:
    """Book what a valid form asks for and return the booking's code."""
    me, idem = actor(), form.idem.data or ""
    if form.wanted_kind is not None:
        found = asking.candidates(form, actor=me)
        return service.book_any(actor=me, candidates=found, now=now, idem=idem).code
    asked = asking.asked(form, actor=me)
    return service.book(actor=me, asked=asked, now=now, idem=idem).code


@bookings.get("/new")
@login_required
def new() -> ResponseReturnValue:
    """Show the form, filled with what the address or a form carried through signing in says."""
    said = carried_form() or asking.with_next_hour(request.args, now=clock.now())
    form = BookingForm(said, meta={"csrf": False})
    for field in form:
        field.errors = list(field.process_errors)
    asking.name_guest(form, actor=actor())
    form.renew_key(new_key(), keep=True)
    return answers.form_page(form)


# --- a booking --------------------------------------------------------------------------------


@bookings.get("/<code>")
@login_required
def show(code: str) -> ResponseReturnValue:
    """Show a booking and what can be done with it."""
    booking = queries.booking_by_code(code, actor=actor())
    shown = pages.page_of(booking, actor=actor(), now=clock.now())
    return render_template("bookings/show.html", shown=shown, refused=None)


@bookings.get("/<code>.ics")
@login_required
def calendar_file(code: str) -> ResponseReturnValue:
    """Hand over a booking as a calendar file."""
    booking = queries.booking_by_code(code, actor=actor())
    text = calendar.kept_file(booking, language=reader_language())
    answer = Response(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="campus-{booking.code}.ics"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bookings.post("/<code>/extend")
@login_required
def extend(code: str) -> ResponseReturnValue:
    """Let a booking last longer."""
    form = ExtendForm()
    if not form.validate_on_submit():
        return refused(code, RuleBroken(answers.first_error(form)), now=clock.now())
    me, minutes, revision = actor(), form.minutes.data or 0, form.revision.data or 0

    def longer(booking: Booking, now: datetime) -> None:
        if not queries.is_extended(booking, by=me, minutes=minutes, since=revision):
            service.extend(actor=me, booking=booking, minutes=minutes, revision=revision, now=now)

    return done(code, longer)


@bookings.post("/<code>/release")
@login_required
def release(code: str) -> ResponseReturnValue:
    """Give back the rest of a booking that has begun."""
    return done(
        code, lambda booking, now: service.release(actor=actor(), booking=booking, now=now)
    )


@bookings.get("/<code>/cancel")
@login_required
def confirm_cancel(code: str) -> ResponseReturnValue:
    """Ask whether it may go, and why."""
    booking = queries.booking_by_code(code, actor=actor())
    require(policy.why_not_change(actor(), booking))
    shown = pages.page_of(booking, actor=actor(), now=clock.now())
    return render_template("bookings/cancel.html", shown=shown, form=ReasonForm())


@bookings.post("/<code>/cancel")
@login_required
def cancel(code: str) -> ResponseReturnValue:
    """Give up a booking."""
    form = ReasonForm()
    if not form.validate_on_submit():
        booking = queries.booking_by_code(code, actor=actor())
        shown = pages.page_of(booking, actor=actor(), now=clock.now())
        again = render_template("bookings/cancel.html", shown=shown, form=form)
        return again, HTTPStatus.UNPROCESSABLE_ENTITY
    reason = form.reason.data or ""
    return done(
        code,
        lambda booking, now: service.cancel(
            actor=actor(), booking=booking, reason=reason, now=now
        ),
    )


@bookings.post("/<code>/undo")
@login_required
def undo(code: str) -> ResponseReturnValue:
    """Take back the last step, while that can be done."""
    answer = done(code, lambda booking, now: service.undo(actor=actor(), booking=booking, now=now))
    if answer.status_code == HTTPStatus.SEE_OTHER and answers.is_swapped():
        booking = queries.booking_by_code(code, actor=actor())
        return answers.dock(booking, actor=actor(), now=clock.now(), state="undone")
    return answer


def done(code: str, verb: Verb) -> Response:
    """Do something with a booking and go to it; or show it with the reason why not."""
    now = clock.now()
    try:
        carry_out(lambda: verb(queries.booking_to_change(code, actor=actor()), now))
    except (Conflict, RuleBroken, Busy) as refusal:
        return refused(code, refusal, now=now)
    return go_to(code)


def go_to(code: str) -> Response:
    """Lead to a booking."""
    return make_response(redirect(url_for(".show", code=code), HTTPStatus.SEE_OTHER))


def refused(code: str, refusal: CampusError, *, now: datetime) -> Response:
    """Show a booking with why something could not be done with it."""
    booking = queries.booking_by_code(code, actor=actor())
    return answers.booking_again(booking, actor=actor(), now=now, refusal=refusal)


# --- another time, place or subject -----------------------------------------------------------


@bookings.route("/<code>/change", methods=["GET", "POST"])
@login_required
def change(code: str) -> ResponseReturnValue:
    """Show the form of another time or place, or change the booking."""
    me, now = actor(), clock.now()
    if request.method != "POST":
        booking = queries.booking_by_code(code, actor=me)
        require(policy.why_not_change(me, booking))
        draft = answers.draft_of(booking, carried_form() or request.args)
        return answers.change_page(ChangeForm(draft, meta={"csrf": False}), booking=booking)
    form = ChangeForm()
    refusal: CampusError | None = None
    if form.validate_on_submit():
        try:
            carry_out(lambda: changed(form, code=code, me=me, now=now))
        except (Conflict, RuleBroken, NotFound, Busy) as caught:
            refusal = caught
        else:
            return moved(code, me=me, now=now)
    booking = queries.booking_by_code(code, actor=me)
    return answers.change_again(form, booking=booking, actor=me, now=now, refusal=refusal)


def moved(code: str, *, me: Actor, now: datetime) -> Response:
    """Lead to a booking that was moved; a script gets the dock."""
    if not answers.is_swapped():
        return go_to(code)
    return answers.dock(
        queries.booking_by_code(code, actor=me), actor=me, now=now, state="changed"
    )


def changed(form: ChangeForm, *, code: str, me: Actor, now: datetime) -> None:
    """Change a booking as a valid form says; what the form does not hold stays."""
    booking = queries.booking_to_change(code, actor=me)
    asked = Asked(
        space=space_by_code(form.space.data or ""),
        period=form.period(),
        title=form.title.data or "" if "title" in request.form else booking.title,
        note=form.note.data or "" if "note" in request.form else booking.note,
    )
    revision = form.revision.data or 0
    reason = form.reason.data or "" if me.is_staff else ""
    service.change(
        actor=me, booking=booking, asked=asked, revision=revision, now=now, reason=reason
    )
