"""Signing in and out, and passwords: forgotten, set by a link, changed."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import DBAPIError

from campus import clock
from campus.db import dialects, unit_of_work
from campus.errors import Busy, text
from campus.members import login, queries, rules, service
from campus.members.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm, SignInForm
from campus.members.models import Attempt, Person
from campus.web import errors, mails
from campus.web.carry import came_from, page_with, waiting_form
from campus.web.forms import CSRFError, Form, clean
from campus.web.security import network_of, place_of, safe_target
from campus.web.templating import translate

members = Blueprint("members", __name__, url_prefix="/<language:lang>")

SIGN_IN, RESET = "sign-in", "reset"  # what tries are counted for
ASKED = "asked"  # in the cookie, for one page: the address that a link was asked for
LONGEST_BROWSER = 200


# --- signing in and out -----------------------------------------------------------------------


@members.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Show the form; or sign in and go where the person was going."""
    form = SignInForm()
    if request.method != "POST":
        if login.current_actor() is not None:
            return redirect(destination(request.args), HTTPStatus.SEE_OTHER)
        form.next.data, form.carry.data = request.args.get("next"), request.args.get("carry")
        return render_template("members/sign_in.html", form=form)
    if not form.validate():
        return wrong_pair(form)
    now = clock.now()
    attempt = attempt_at(SIGN_IN, form.email.data)
    wait = queries.wait_before(attempt, now=now)
    outcome = service.Outcome(wait=wait) if wait else settle(form, attempt, now=now)
    if outcome.wait:
        return too_often("members/sign_in.html", form, wait=outcome.wait)
    return redirect(destination(request.form), 303) if outcome.sid else wrong_pair(form)


def settle(form: SignInForm, attempt: Attempt, *, now: datetime) -> service.Outcome:
    """Compare the password while nothing is locked; then begin a session, or count a failure."""
    found = queries.person_by_email(form.email.data or "")
    stored = found.password if found else None
    is_right = login.is_right(form.password.data or "", stored)
    with login.cookie_kept_on_failure(), unit_of_work():
        person = queries.person_by_email(form.email.data or "")
        is_right = is_right and person is not None and person.password == stored
        outcome = service.sign_in(attempt, person=person, is_right=is_right, now=now)
        if outcome.sid and person is not None:
            login.begin(person, sid=outcome.sid, is_staff=outcome.is_staff)
    return outcome


def wrong_pair(form: SignInForm) -> ResponseReturnValue:
    """Show the form with the one sentence that every failure gets."""
    page = render_template("members/sign_in.html", form=form, is_wrong=True)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


@members.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign out; for a visitor nothing changes."""
    asked = login.current_actor()
    if asked is not None:
        with unit_of_work():
            person = queries.person_of(asked)
            service.sign_out(session_id=g.session_id, person=person, now=clock.now())
    login.end()
    return redirect(url_for("home.front"), HTTPStatus.SEE_OTHER)


def destination(values: Any) -> str:
    """Return where signing in leads: the form that was kept, the page asked for, or one's own."""
    return page_with(values.get("carry")) or safe_target(values.get("next")) or url_for("home.me")


# --- passwords --------------------------------------------------------------------------------


@members.route("/sign-in/forgotten", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a link; the answer is the same whether the address is known or not."""
    form = ForgottenForm()
    if request.method != "POST":
        asked = session.pop(ASKED, None)
        form.email.data = asked
        sends_mail = bool(mails.settings().mail_url)
        return render_template(
            "members/forgotten.html", form=form, asked=asked, sends_mail=sends_mail
        )
    if not form.validate():
        page = render_template("members/forgotten.html", form=form)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    now, email = clock.now(), form.email.data or ""
    attempt = attempt_at(RESET, email)
    if wait := queries.wait_before(attempt, now=now):
        return too_often("members/forgotten.html", form, wait=wait)
    with unit_of_work():
        service.ask_reset(attempt, email=email, now=now)
    session[ASKED] = email
    return redirect(url_for(".forgotten"), HTTPStatus.SEE_OTHER)


@members.route("/sign-in/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> ResponseReturnValue:
    """Set a password by a link. Looking at it uses nothing up, for programs look at links too."""
    person = named_by(token)
    if person is None:
        return render_template("members/link_gone.html"), HTTPStatus.GONE
    form = NewPasswordForm()
    hashed = new_password(form, person) if request.method == "POST" else None
    if hashed is None:
        page = render_template("members/reset.html", form=form, whose=person)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    with unit_of_work():
        person = named_by(token)
        if person is not None:
            verb = "person.set_password"
            service.set_password(person, hashed=hashed, verb=verb, now=clock.now())
    if person is None:
        return render_template("members/link_gone.html"), HTTPStatus.GONE
    flash(gettext("Your password has been saved. Sign in with it."), "good")
    return redirect(url_for(".sign_in"), HTTPStatus.SEE_OTHER)


@members.route("/me/password", methods=["GET", "POST"])
@login.login_required
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other device is signed out."""
    form, template, now = ChangePasswordForm(), "members/change_password.html", clock.now()
    attempt = attempt_at(SIGN_IN, login.actor().email)
    if request.method != "POST":
        return render_template(template, form=form)
    if wait := queries.wait_before(attempt, now=now):
        return too_often(template, form, wait=wait)
    hashed = checked_change(form, attempt, now=now)
    if hashed is None:
        return render_template(template, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    with login.cookie_kept_on_failure(), unit_of_work():
        person = queries.person_of(login.actor())
        outcome = service.change_password(person, attempt, hashed=hashed, now=now)
        login.begin(person, sid=outcome.sid, is_staff=outcome.is_staff)
    flash(gettext("Your new password has been saved. Other devices have been signed out."), "good")
    return redirect(url_for("home.me"), HTTPStatus.SEE_OTHER)


def checked_change(form: ChangePasswordForm, attempt: Attempt, *, now: datetime) -> str | None:
    """Return the hash of the new password, or None with the reason in the form."""
    if not form.validate():
        return None
    person = queries.person_of(login.actor())
    if login.is_right(form.current.data or "", person.password):
        return new_password(form, person)
    with unit_of_work():
        service.refuse_change(queries.person_of(login.actor()), attempt, now=now)
    form.current.errors = [gettext("This is not your present password.")]
    return None


def new_password(form: NewPasswordForm | ChangePasswordForm, person: Person) -> str | None:
    """Return the hash of a good new password, or None with the reason in the form."""
    if not form.validate():
        return None
    typed = form.password.data or ""
    if len(typed) <= rules.LONGEST_PASSWORD:
        typed = login.normalised(typed)
    about = [mails.settings().name, *queries.names_about(person)]
    if mistake := rules.password_mistake(typed, about=about):
        form.password.errors = [translate(mistake)]
        return None
    return login.hashed(typed)


def named_by(token: str) -> Person | None:
    """Return whom a link names, while it is young enough: longer for a first password."""
    uniquifier = login.uniquifier_in(token, within=login.FIRST_WITHIN)
    person = queries.person_by_uniquifier(uniquifier) if uniquifier else None
    if person is None or person.password is None:
        return person
    return person if login.uniquifier_in(token, within=login.RESET_WITHIN) else None


@members.errorhandler(Busy)
@members.errorhandler(DBAPIError)
def not_now(error: Busy | DBAPIError) -> ResponseReturnValue:
    """Keep the address of somebody who cannot be signed in just now, and the way on from there."""
    refusal = dialects.translate(error) if isinstance(error, DBAPIError) else error
    if not isinstance(refusal, Busy):
        return errors.failed(refusal)
    answer = make_response(errors.refused(refusal))
    if request.endpoint == "members.sign_in" and request.method == "POST":
        page = render_template("members/sign_in.html", form=SignInForm(), refusal=refusal.message)
        answer.set_data(page)
    return answer


# --- haste, and nobody signed in --------------------------------------------------------------


def attempt_at(purpose: str, email: str | None) -> Attempt:
    """Return who is at the door, as tries are counted."""
    return Attempt(
        account=rules.account_of(purpose, email or ""),
        network=network_of(request.remote_addr),
        place=place_of(request.remote_addr),
        browser=clean(request.user_agent.string)[:LONGEST_BROWSER],
        session_id=g.session_id,
    )


def too_often(template: str, form: Form, *, wait: timedelta) -> ResponseReturnValue:
    """Show the form with how long to wait (429)."""
    seconds = math.ceil(wait.total_seconds())
    page = render_template(template, form=form, wait_seconds=seconds)
    answer = make_response(page, HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(seconds)
    return answer


@members.app_errorhandler(login.SignInNeeded)
def sign_in_first(_error: Exception) -> ResponseReturnValue:
    """Lead to signing in and back again, with the form that was being sent."""
    message = text("Sign in first; then you can go on here.")
    if request.path.startswith("/api/"):
        return errors.answer_for(401, message, code="http_401")
    kept = {"carry": form} if (form := waiting_form()) else {"next": came_from()}
    where = url_for("members.sign_in", **kept)
    if "HX-Request" not in request.headers:
        return redirect(where, HTTPStatus.SEE_OTHER)
    answer = errors.answer_for(401, message, code="http_401")
    if login.is_poll():
        answer.headers["HX-Reswap"] = "none"  # leaves what somebody may be looking at
    else:
        answer.headers["HX-Redirect"] = where
    return answer


@members.app_errorhandler(CSRFError)
def stale_form(error: CSRFError) -> ResponseReturnValue:
    """Keep the form of somebody whose whole cookie is gone; refuse any other without a token."""
    try:
        login.identify()
    except DBAPIError as unanswered:
        return errors.database_error(unanswered)
    if login.current_actor() is None and waiting_form():
        return sign_in_first(error)
    return errors.http_error(error)
