"""Staff's doors: what is closed, closing, and opening again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from campus import clock
from campus.closures import asking, pages, policy, queries, repairs, service
from campus.closures.forms import ClosingForm, EndForm
from campus.closures.models import Choice
from campus.closures.verdict import Answer
from campus.db import carry_out
from campus.errors import Busy, CampusError, Conflict, Forbidden, RuleBroken
from campus.members.login import actor, carried_form, form_page, require_staff
from campus.web.forms import new_key
from campus.web.templating import translate

LARGEST_PAGE = 100_000
MIDNIGHT, LATEST = time(0), time(23, 45)

staff_closures = Blueprint("staff_closures", __name__, url_prefix="/<language:lang>/staff")
staff_closures.before_request(require_staff)
form_page(endpoint="staff_closures.create", page="staff_closures.new")
form_page(endpoint="staff_closures.preview", page="staff_closures.new")


@staff_closures.get("/closures", endpoint="closures")
def listed() -> ResponseReturnValue:
    """Show what is closed now, what will be, and what was."""
    now = clock.now()
    current = pages.together(queries.current(now), now=now)
    retired, earlier = queries.retired(now)
    return render_template(
        "closures/list.html",
        running=[one for one in current if one.is_running],
        coming=[one for one in current if not one.is_running],
        retired=pages.together(retired, now=now),
        earlier=earlier,
        past=pages.together(queries.past(now), now=now),
    )


# --- closing ----------------------------------------------------------------------------------


@staff_closures.get("/closures/new")
def new() -> ResponseReturnValue:
    """Ask which spaces, when and why; filled with what the address says."""
    said = carried_form() or asking.first_said(request.args, now=clock.now())
    form = ClosingForm(said, meta={"csrf": False})
    for field in form:
        field.errors = list(field.process_errors)
    form.idem.data = new_key()
    return form_page_of(form)


@staff_closures.get("/closures/preview")
def preview_again() -> ResponseReturnValue:
    """Lead to the form: a preview is the answer to one."""
    return redirect(url_for(".new"))


@staff_closures.post("/closures/preview")
def preview() -> ResponseReturnValue:
    """Show what a closure would meet, and what can be done with each booking. Nothing is done."""
    form, now = ClosingForm(), clock.now()
    if not form.validate_on_submit():
        return wrong(form)
    if reason := policy.why_not_close(actor(), for_good=form.is_final):
        return form_again(form, Forbidden(reason))
    return preview_page(form, answer=asking.answer_in(form, request.form), now=now)


@staff_closures.post("/closures")
def create() -> ResponseReturnValue:
    """Close the spaces, with what was chosen; or show the preview again with the reason."""
    form, now = ClosingForm(), clock.now()
    if not form.validate_on_submit():
        return wrong(form)
    answer, me = asking.answer_in(form, request.form), actor()
    try:
        code = carry_out(
            lambda: service.close_spaces(
                actor=me, closing=asking.closing_in(form), answer=answer, now=now
            )
        )
    except Forbidden as refusal:
        return form_again(form, refusal)
    except (Conflict, RuleBroken, Busy) as refusal:
        return preview_page(form, answer=answer, now=now, refusal=refusal)
    say_done(code)
    return to_closure(code)


@staff_closures.post("/closures/adjust")
def adjust() -> ResponseReturnValue:
    """Go back from a preview to the form, with what it said."""
    return form_page_of(ClosingForm())


def preview_page(
    form: ClosingForm, *, answer: Answer, now: datetime, refusal: CampusError | None = None
) -> Response:
    """Show the preview; where there can be none, the form with the reason."""
    try:
        found = repairs.preview_of(asking.closing_in(form), now=now)
    except RuleBroken as wrong_time:
        return form_again(form, wrong_time)
    page = request.form.get("page", default=1, type=int)
    sheet = pages.sheet_of(
        form,
        found,
        answer,
        page=min(max(page, 1), LARGEST_PAGE),
        seen_at=pages.seen_at(request.form.get("at", ""), now=now),
    )
    shown = render_template("closures/preview.html", sheet=sheet, form=form, refusal=refusal)
    return make_response(shown, refusal.status if refusal else HTTPStatus.OK)


def form_page_of(form: ClosingForm, refusal: CampusError | None = None) -> str:
    """Show the form of a closure."""
    return render_template(
        "closures/new.html",
        form=form,
        chooser=asking.chooser(form),
        refusal=refusal,
        not_final=policy.why_not_close(actor(), for_good=True),
        midnight=MIDNIGHT,
        latest=LATEST,
    )


def form_again(form: ClosingForm, refusal: CampusError) -> Response:
    """Show the form with what stands in the way."""
    return make_response(form_page_of(form, refusal), refusal.status)


def wrong(form: ClosingForm) -> Response:
    """Show the form with what is wrong in it."""
    if form.idem.errors:
        form.idem.data = new_key()
    return make_response(form_page_of(form), HTTPStatus.UNPROCESSABLE_ENTITY)


def say_done(code: str) -> None:
    """Say on the next page what became of the bookings."""
    counts = queries.count_met(code)
    moved, cancelled = counts.get(Choice.MOVE, 0), counts.get(Choice.CANCEL, 0)
    kept = counts.get(Choice.KEEP, 0)
    said = [gettext("Done.")]
    if moved:
        said.append(ngettext("%(num)s booking was moved.", "%(num)s bookings were moved.", moved))
    if cancelled:
        said.append(
            ngettext(
                "%(num)s booking was cancelled.", "%(num)s bookings were cancelled.", cancelled
            )
        )
    if kept:
        said.append(ngettext("%(num)s booking stays.", "%(num)s bookings stay.", kept))
    if moved or cancelled or kept:
        said.append(gettext("Who booked by name gets a mail."))
    flash(" ".join(said), "good")


# --- a closure --------------------------------------------------------------------------------


@staff_closures.get("/closures/<code>")
def show(code: str) -> ResponseReturnValue:
    """Show a closure, the bookings it met, and the ways to end it."""
    return closure_page(code)


@staff_closures.post("/closures/<code>/reopen")
def reopen(code: str) -> ResponseReturnValue:
    """Open the spaces now, or call the closure off."""
    revision = request.form.get("revision", default=0, type=int)
    me = actor()
    return done(
        code,
        lambda now: service.reopen(actor=me, code=code, revision=revision, now=now),
        said=gettext("Open again: the places can be booked."),
    )


@staff_closures.post("/closures/<code>/end")
def end(code: str) -> ResponseReturnValue:
    """Let a closure end sooner; or show first what a longer one would meet."""
    form, me, now = EndForm(), actor(), clock.now()
    if not form.validate_on_submit():
        return make_response(closure_page(code, form), HTTPStatus.UNPROCESSABLE_ENTITY)
    found = queries.closure_by_code(code)
    try:
        ends_at = form.ends_at()
    except RuleBroken as skipped:
        form.to.errors = [translate(skipped.message)]
        return make_response(closure_page(code, form), skipped.status)
    last = found[0].ends_at
    if last is not None and ends_at > last > now and not found[0].is_final:
        longer = asking.longer_form(code, form, starts_at=last)
        return preview_page(longer, answer=Answer(seen="", idem=longer.idem.data or ""), now=now)
    revision = request.form.get("revision", default=0, type=int)
    return done(
        code,
        lambda now: service.end_sooner(
            actor=me, code=code, ends_at=ends_at, revision=revision, now=now
        ),
        said=gettext("The closure ends sooner now."),
    )


def done(code: str, verb: Callable[[datetime], None], *, said: str) -> Response:
    """Do something with a closure and go to it; or show it with the reason why not."""
    now = clock.now()
    try:
        carry_out(lambda: verb(now))
    except (Forbidden, Conflict, RuleBroken, Busy) as refusal:
        return make_response(closure_page(code, refusal=refusal), refusal.status)
    flash(said, "good")
    return to_closure(code)


def to_closure(code: str) -> Response:
    """Lead to a closure."""
    return make_response(redirect(url_for(".show", code=code), HTTPStatus.SEE_OTHER))


def closure_page(
    code: str, form: EndForm | None = None, *, refusal: CampusError | None = None
) -> str:
    """Show a closure; its form of another end begins with the end it has."""
    page = pages.page_of(code, now=clock.now())
    if form is None:
        form = EndForm.of(page.closure.period)
    return render_template(
        "closures/show.html",
        shown=page,
        looks=policy.why_not_close(actor(), for_good=page.closure.is_final),
        form=form,
        refusal=refusal,
        midnight=MIDNIGHT,
        latest=LATEST,
    )
