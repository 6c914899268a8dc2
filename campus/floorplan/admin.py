"""For staff: the floors with their plans, and a drawing that becomes one."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from campus import clock
from campus.db import unit_of_work
from campus.errors import Busy, CampusError, Conflict, RuleBroken, Text, require, text
from campus.floorplan import pages, queries, service
from campus.floorplan.forms import KeepForm, LookForm, packed, unpacked
from campus.floorplan.models import Proposal
from campus.members.login import actor, current_actor, require_staff
from campus.spaces import queries as spaces
from campus.spaces import service as premises
from campus.spaces.models import Floor
from campus.spaces.policy import why_not_keep
from campus.web.errors import http_error
from campus.web.plans import box_of
from campus.web.templating import translate

STALE = text("Spaces changed since you looked. Nothing was kept; look once more.")
TOO_BIG = text(
    "A drawing that is sent here has at most 2 MB. Simplify it, or let whoever runs the campus use"
    " the command campus floors import."
)

staff_floors = Blueprint("staff_floors", __name__, url_prefix="/<language:lang>/staff/floors")
staff_floors.before_request(require_staff)


@staff_floors.get("")
def storeys() -> ResponseReturnValue:
    """Show every floor, how many spaces it has and how many of them are on its plan."""
    return render_template(
        "floorplan/floors.html", storeys=queries.storeys(), refusal=why_not_keep(actor())
    )


@staff_floors.get("/<code>/plan")
def plan(code: str) -> ResponseReturnValue:
    """Show a floor's plan as it is, and ask for a drawing."""
    return _page(queries.floor_by_code(code), LookForm(formdata=None))


@staff_floors.post("/<code>/plan")
def look(code: str) -> ResponseReturnValue:
    """Show what a drawing would make of the floor; nothing is kept."""
    require(why_not_keep(actor()))
    floor, form = queries.floor_by_code(code), LookForm()
    if not form.validate_on_submit():
        return _page(floor, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    data = form.file.data.read()
    drawing = packed(data)
    try:
        if not drawing:
            raise RuleBroken(
                text(
                    "The drawing is too detailed for this page. Simplify it, or let whoever runs"
                    " the campus use the command campus floors import."
                )
            )
        proposal = service.propose(data, floor=floor, asked=form.asked)
    except CampusError as refusal:
        form.file.errors = [translate(refusal.message)]
        return _page(floor, form, status=refusal.status)
    return _preview(floor, form, proposal, drawing=drawing)


@staff_floors.post("/<code>/plan/keep")
def keep(code: str) -> ResponseReturnValue:
    """Give the floor the plan that was shown, if it is still the same one."""
    require(why_not_keep(actor()))
    form = KeepForm()
    if not form.validate_on_submit():
        raise RuleBroken(text("This form is incomplete. Choose the drawing again."))
    try:
        notices = _kept(code, form)
    except (Busy, Conflict) as refusal:
        return _looked_again(code, form, refusal)
    flash(gettext("%(floor)s has its plan.", floor=queries.floor_by_code(code).name), "good")
    for notice in notices:
        flash(translate(notice), "info")
    return redirect(url_for(".plan", code=code), HTTPStatus.SEE_OTHER)


def _kept(code: str, form: KeepForm) -> list[Text]:
    """Keep what was seen, and return what the campus had to assume.

    Raises:
        Conflict: the drawing would make something else of the floor by now.
    """
    with unit_of_work():
        premises.hold()
        floor = queries.floor_by_code(code)
        proposal = service.propose(
            unpacked(form.drawing.data or ""), floor=floor, asked=form.asked
        )
        if form.seen.data == digest_of(proposal):
            return service.store(proposal, floor=floor, actor=actor(), now=clock.now())
        if not service.is_there(proposal, floor=floor):  # the form was not sent twice
            raise Conflict(STALE, code="stale")
    return []


def _looked_again(code: str, form: KeepForm, refusal: CampusError) -> ResponseReturnValue:
    floor, drawing = queries.floor_by_code(code), form.drawing.data or ""
    proposal = service.propose(unpacked(drawing), floor=floor, asked=form.asked)
    return _preview(floor, form, proposal, drawing=drawing, refusal=refusal)


@staff_floors.errorhandler(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
def too_big(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say what to do with a drawing that is too big for a page."""
    asker = current_actor()  # nobody was asked yet whether they are staff
    floor = spaces.floor_by_code((request.view_args or {})["code"])
    if floor is None or asker is None or why_not_keep(asker) is not None:
        return http_error(error)
    form = LookForm(formdata=None)
    form.file.errors = [translate(TOO_BIG)]
    return _page(floor, form, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def digest_of(proposal: Proposal) -> str:
    """Return what tells one proposal from another."""
    return hashlib.sha256(repr(proposal).encode()).hexdigest()


def _page(
    floor: Floor, form: LookForm, *, status: HTTPStatus = HTTPStatus.OK
) -> ResponseReturnValue:
    every = spaces.spaces_on_floor(floor.id)
    drawn = [(space, box_of(space)) for space in every]
    known = [one for one in queries.known_spaces(floor.id) if one.is_here]
    return render_template(
        "floorplan/plan.html",
        floor=floor,
        form=form,
        refusal=why_not_keep(actor()),
        drawn=[(space, box) for space, box in drawn if box is not None],
        shapeless=[
            one for one in known if one.box is None and not one.is_whole and not one.is_retired
        ],
    ), status


def _preview(
    floor: Floor,
    form: LookForm | KeepForm,
    proposal: Proposal,
    *,
    drawing: str,
    refusal: CampusError | None = None,
) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "proposal": proposal,
        "sentences": pages.sentences(proposal),
        "fields": {
            name: form[name].data or "" for name in ("template", "group", "without", "kind")
        },
        "drawing": drawing,
        "seen": digest_of(proposal),
        "mistake": refusal.message if refusal else None,
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render_template("floorplan/preview.html", floor=floor, **shown), status
