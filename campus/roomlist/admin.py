"""For staff: import a list of spaces, after a look at what it would do."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from campus import clock
from campus.errors import Busy, CampusError, Conflict, NotFound, Text, require, text
from campus.members.login import actor, current_actor, require_staff
from campus.roomlist import answers, delivery, pages
from campus.roomlist.answers import Outcome
from campus.roomlist.asking import asked_of
from campus.roomlist.forms import ListForm, YesForm
from campus.roomlist.models import Upload
from campus.spaces.policy import KINDS, why_not_keep
from campus.web import mails
from campus.web.commands import MOST_SHOWN
from campus.web.errors import http_error
from campus.web.remarks import Mistaken, where
from campus.web.templating import translate

TOO_BIG = text(
    "A list that is sent here has at most 2 MB, and a map 100 kB. Send the list in parts, or let"
    " whoever runs the campus import it with the command campus spaces import."
)

staff_roomlist = Blueprint("staff_roomlist", __name__, url_prefix="/<language:lang>/staff/spaces")
staff_roomlist.before_request(require_staff)


@staff_roomlist.route("/import", methods=["GET", "POST"])
def upload() -> ResponseReturnValue:
    """Ask for a list; show what it would do; carry out what was shown."""
    require(why_not_keep(actor()))
    if request.method != "POST":
        return _page(ListForm())
    if "kept" in request.form:
        return _carry_out(YesForm())
    return _look(ListForm())


def _look(form: ListForm) -> ResponseReturnValue:
    if not form.validate():
        return _page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    sent = form.upload
    try:
        outcome = _rehearsed(sent)
    except Mistaken as refused:
        return _page(form, refused=refused, name=sent.name, status=refused.status)
    except (Busy, Conflict) as refusal:
        return _page(form, mistake=refusal.message, status=refusal.status)
    key = delivery.keep(sent, folder=_folder(), person_id=actor().person_id, now=clock.now())
    return _looked(outcome, key=key, name=sent.name)


def _rehearsed(sent: Upload) -> Outcome:
    return answers.rehearse(asked_of(sent), actor=actor(), now=clock.now())


def _carry_out(form: YesForm) -> ResponseReturnValue:
    """Import what was seen; where the campus has changed since, show what it would do now."""
    key, person_id = form.kept.data or "", actor().person_id
    try:
        sent = delivery.kept(key, folder=_folder(), person_id=person_id)
        outcome = answers.carry_out(
            asked_of(sent), actor=actor(), now=clock.now(), shown=form.digest.data or "?"
        )
    except NotFound as gone:
        return _page(ListForm(formdata=None), mistake=gone.message, status=HTTPStatus.GONE)
    except (Busy, Conflict, Mistaken) as refusal:
        return _looked_again(sent, key=key, refusal=refusal)
    delivery.forget(key, folder=_folder(), person_id=person_id)
    done = ", ".join(translate(one) for one in pages.summary(outcome.plan))
    flash(gettext("Imported: %(what)s.", what=done), "good")
    for notice in outcome.notices:
        flash(translate(notice), "info")
    return redirect(url_for(".upload"), HTTPStatus.SEE_OTHER)


def _looked_again(sent: Upload, *, key: str, refusal: CampusError) -> ResponseReturnValue:
    try:
        outcome = _rehearsed(sent)
    except Mistaken as refused:
        form = ListForm(formdata=None, data={"map": sent.map})
        return _page(form, refused=refused, name=sent.name, status=refused.status)
    return _looked(
        outcome, key=key, name=sent.name, mistake=refusal.message, status=refusal.status
    )


@staff_roomlist.errorhandler(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
def too_big(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say what to do with a list that is too big for a page."""
    asker = current_actor()  # nobody was asked yet whether they are staff
    if asker is None or why_not_keep(asker) is not None:
        return http_error(error)
    return _page(
        ListForm(formdata=None), mistake=TOO_BIG, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    )


def _page(
    form: ListForm,
    *,
    refused: Mistaken | None = None,
    mistake: Text | None = None,
    name: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> ResponseReturnValue:
    page = render_template(
        "roomlist/import.html",
        form=form,
        refused=refused,
        mistake=mistake,
        name=name,
        where=where,
        most=MOST_SHOWN,
    )
    return page, status


def _looked(
    outcome: Outcome,
    *,
    key: str,
    name: str,
    mistake: Text | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> ResponseReturnValue:
    page = render_template(
        "roomlist/look.html",
        asked=outcome.asked,
        plan=outcome.plan,
        notices=outcome.notices,
        summary=pages.summary(outcome.plan),
        digest=outcome.digest,
        key=key,
        name=name,
        mistake=mistake,
        kinds=KINDS,
        where=where,
        most=MOST_SHOWN,
    )
    return page, status


def _folder() -> Path:
    return mails.settings().data_dir.resolve() / "uploads"
