"""How the doors of the building answer a form: done, wrong, overtaken, or bookings in the way."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from campus import clock
from campus.db import carry_out, db
from campus.errors import Conflict, RuleBroken
from campus.members.login import current_actor
from campus.premises import queries
from campus.premises.forms import KeepForm
from campus.premises.models import Campus, FallOutside, Seen
from campus.premises.pages import versions
from campus.spaces import policy as words
from campus.spaces.policy import why_not_keep
from campus.web import mails
from campus.web.templating import translate

ASKED_AGAIN = {"csrf_token", "kept", "back"}  # what a page that sends a form once more sets itself
MOST_SHOWN = 100
Versions = list[tuple[str, str, str]]


def answer(
    form: KeepForm,
    *,
    work: Callable[[], str],
    page: Callable[[Versions], str],
    current: Callable[[], KeepForm] | None = None,
) -> ResponseReturnValue:
    """Do what a form asks and lead on, or show it again with nothing lost.

    Args:
        work: does it in a unit of work, and returns where to go on.
        page: returns the page with the form, and with what differs from how it is now.
        current: returns the form as it would be now, where somebody may have been quicker.
    """
    if "back" in request.form:
        return page([])
    if not form.validate():
        return page([]), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        return redirect(carry_out(work), HTTPStatus.SEE_OTHER)
    except FallOutside as met:
        return outside(met)
    except (Conflict, RuleBroken) as refusal:
        db.session.rollback()
        form.form_errors.append(translate(refusal.message))
        return page(_overtaken(form, refusal, current)), refusal.status


def outside(met: FallOutside) -> ResponseReturnValue:
    """Show the bookings that would fall outside, and let them stand or be moved first."""
    sent = [pair for pair in request.form.items(multi=True) if pair[0] not in ASKED_AGAIN]
    page = render_template(
        "premises/outside.html",
        message=met.message,
        bookings=queries.bookings(met.ids[:MOST_SHOWN]),
        total=len(met.ids),
        kept=met.kept,
        sent=sent,
    )
    return page, HTTPStatus.CONFLICT


def _overtaken(
    form: KeepForm, refusal: Conflict | RuleBroken, current: Callable[[], KeepForm] | None
) -> Versions:
    """Return both versions where somebody was quicker; the form then knows the newer one."""
    if refusal.code != "stale" or current is None:
        return []
    now = current()
    form.seen.data = now.seen.data
    return versions(form, now)


def who_keeps() -> dict[str, Any]:
    """Tell the templates why this person may only look, or None; and what kinds are called."""
    who = current_actor()  # a page that refuses may be for nobody
    looks = why_not_keep(who) if who else None
    return {"looks": looks, "many": words.MANY, "kinds_of": words.KINDS}


def named() -> Campus:
    """Return what the settings call the campus."""
    settings = mails.settings()
    return Campus(settings.name, settings.address)


def seen(form: KeepForm) -> Seen:
    """Return what somebody had before them when they sent a form."""
    return Seen(clock.now(), version=form.seen.data or "", kept=form.kept.data or "")
